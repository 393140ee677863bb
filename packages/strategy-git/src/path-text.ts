/**
 * File names are bytes. A name that is valid UTF-8 is its text; any other is kept byte by byte behind a NUL, which no name has, so
 * that no two names become one.
 */
const RAW = '\0';

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The text of a name that was read as Latin-1, a character a byte. */
export function nameOf(latin1: string): string {
  if (!/[\x80-\xff]/.test(latin1)) return latin1;
  try {
    return decoder.decode(Buffer.from(latin1, 'latin1'));
  } catch {
    return `${RAW}${latin1}`;
  }
}

/** The bytes of a name. */
export function bytesOfName(name: string): Buffer {
  return name.startsWith(RAW) ? Buffer.from(name.slice(1), 'latin1') : Buffer.from(name);
}

/** True for a name that no text stands for. */
export function isRawName(name: string): boolean {
  return name.startsWith(RAW);
}

/** A name for people: what cannot be shown is escaped. */
export function shownName(name: string): string {
  if (!isRawName(name)) return name;
  return name.slice(1).replace(/[^\x20-\x7e]/g, (byte) => `\\x${byte.charCodeAt(0).toString(16).padStart(2, '0')}`);
}

/** The texts between NULs, as git prints them with `-z`. */
export function fieldsOf(output: Buffer): readonly string[] {
  return output.length === 0 ? [] : output.toString('latin1').replace(/\0$/, '').split('\0');
}
