/** The number of each digit's character; -1 for what is no digit. */
const DIGITS: Int8Array = digits();

/**
 * Reads hexadecimal digits into words, as four bytes each lie in memory, low byte first. Gives false for a text that is not lower-case
 * digits for just so many words. A call of `Buffer` costs three times as much, and look-ups make one for each step.
 */
export function readWords(text: string, into: Int32Array): boolean {
  if (text.length !== into.length * 8) return false;
  let valid = 0;
  for (let word = 0; word < into.length; word++) {
    let value = 0;
    for (let byte = 0; byte < 4; byte++) {
      const at = word * 8 + byte * 2;
      const high = digitAt(text, at);
      const low = digitAt(text, at + 1);
      valid |= high | low;
      value |= ((high << 4) | low) << (byte * 8);
    }
    into[word] = value;
  }
  return valid >= 0;
}

/** True for the same words at a place in memory. */
export function hasWords(bytes: Buffer, offset: number, words: Int32Array): boolean {
  for (let word = 0; word < words.length; word++)
    if (bytes.readInt32LE(offset + word * 4) !== words[word]) return false;
  return true;
}

function digitAt(text: string, at: number): number {
  const code = text.charCodeAt(at);
  return code < DIGITS.length ? (DIGITS[code] as number) : -1;
}

function digits(): Int8Array {
  const numbers = new Int8Array(128).fill(-1);
  for (let digit = 0; digit < 16; digit++) numbers[digit.toString(16).charCodeAt(0)] = digit;
  return numbers;
}
