const NO_DIGIT = 16;
/** The number of each digit's character; {@link NO_DIGIT} for what is none. */
const DIGITS: Uint8Array = digits();

const LONGEST = 64;
/** Where characters lie while they are read: taking them out of a text one by one costs twice as much, and look-ups read one for each step. */
const CHARACTERS = new Uint8Array(LONGEST);
const encoder = new TextEncoder();

/**
 * Reads hexadecimal digits into words, as four bytes each lie in memory, low byte first. Gives false for a text that is not lower-case
 * digits for just so many words, of which there are at most eight.
 */
export function readWords(text: string, into: Int32Array): boolean {
  const length = into.length * 8;
  // What is no ASCII takes more bytes than characters.
  if (text.length !== length || encoder.encodeInto(text, CHARACTERS).written !== length) return false;
  let all = 0;
  for (let word = 0; word < into.length; word++) {
    let value = 0;
    for (let byte = 0; byte < 4; byte++) {
      const at = word * 8 + byte * 2;
      const high = DIGITS[CHARACTERS[at] as number] as number;
      const low = DIGITS[CHARACTERS[at + 1] as number] as number;
      all |= high | low;
      value |= ((high << 4) | low) << (byte * 8);
    }
    into[word] = value;
  }
  return all < NO_DIGIT;
}

/** True for the same words at a place in memory. */
export function hasWords(bytes: DataView, offset: number, words: Int32Array): boolean {
  for (let word = 0; word < words.length; word++)
    if (bytes.getInt32(offset + word * 4, true) !== words[word]) return false;
  return true;
}

function digits(): Uint8Array {
  const numbers = new Uint8Array(256).fill(NO_DIGIT);
  for (let digit = 0; digit < 16; digit++) numbers[digit.toString(16).charCodeAt(0)] = digit;
  return numbers;
}
