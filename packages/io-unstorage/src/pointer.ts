import { randomUUID } from 'node:crypto';

/** What each field of a pointer looks like. */
const FIELDS: Readonly<Record<'value' | 'bytes' | 'storedAt', RegExp>> = {
  value: /^[0-9a-f-]{36}$/,
  bytes: /^\d{16}$/,
  storedAt: /^\d{16}$/,
};

/**
 * What is kept at the address of an output: where its value is (a name that is unique to its writer), how many bytes that has, and when it was
 * stored, milliseconds since the epoch. Written after the value, so that what it names is whole. Every pointer has the same length: of two that are
 * written over each other in place, one is whole in the end.
 */
export type Pointer = { readonly [field in keyof typeof FIELDS]: string };

/** A pointer to a value that is about to be stored. */
export function newPointer(bytes: number): Pointer {
  return { value: randomUUID(), bytes: digits(bytes), storedAt: digits(Date.now()) };
}

/** The pointer that a storage gave; `undefined` for nothing, for half of one, and for anything else. */
export function asPointer(found: unknown): Pointer | undefined {
  const fields = Object(found) as Readonly<Record<string, unknown>>;
  const isWhole = Object.entries(FIELDS).every(([name, shape]) => {
    const field = fields[name];
    return typeof field === 'string' && shape.test(field);
  });
  return isWhole ? (fields as Pointer) : undefined;
}

function digits(number: number): string {
  return String(number).padStart(16, '0');
}
