import { randomBytes } from 'node:crypto';

/** 128 bits: 48 of time in milliseconds, 80 random; written as 26 digits of a base-32 alphabet that sorts, like a ULID. */
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';

/** A new run id; ids sort by time. */
export function newRunId(now: number): string {
  const time = Math.max(0, Math.floor(now)).toString(16).padStart(12, '0').slice(-12);
  return runIdFromHex(time + randomBytes(10).toString('hex'));
}

/** The 26 digits of 32 hexadecimal ones. */
export function runIdFromHex(hex: string): string {
  const known = ids.get(hex);
  if (known !== undefined) return known;
  const id = writeId(hex);
  // A plan meets few runs, but each of them at every step.
  if (ids.size >= MOST_IDS) ids.clear();
  ids.set(hex, id);
  return id;
}

const MOST_IDS = 256;
const ids = new Map<string, string>();

function writeId(hex: string): string {
  let rest = BigInt(`0x${hex}`);
  let id = '';
  for (let digit = 0; digit < 26; digit++) {
    id = ALPHABET.charAt(Number(rest & 31n)) + id;
    rest >>= 5n;
  }
  return id;
}

/** The 32 hexadecimal digits of a run id; zeros for anything else. */
export function runIdToHex(id: string): string {
  let value = 0n;
  for (const digit of id) {
    const at = ALPHABET.indexOf(digit);
    if (at < 0 || id.length !== 26) return '0'.repeat(32);
    value = (value << 5n) | BigInt(at);
  }
  return value.toString(16).padStart(32, '0').slice(-32);
}
