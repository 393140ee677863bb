import { randomUUID } from 'node:crypto';

/**
 * What is kept at the address of an output: where its value is. Written after the value, so that what it names is whole. Every pointer has
 * the same length: of two that are written over each other in place, one is whole in the end.
 */
export interface Pointer {
  /** Name of the value, unique to its writer. */
  readonly value: string;
  readonly bytes: number;
  /** Milliseconds since the epoch. */
  readonly storedAt: number;
}

const DIGITS = 16;

/** A pointer to a value that is about to be stored. */
export function newPointer(bytes: number): Pointer {
  return { value: randomUUID(), bytes, storedAt: Date.now() };
}

/** The form in which storages keep it. */
export function storedPointer({ value, bytes, storedAt }: Pointer): Readonly<Record<keyof Pointer, string>> {
  return { value, bytes: String(bytes).padStart(DIGITS, '0'), storedAt: String(storedAt).padStart(DIGITS, '0') };
}

/** The pointer that a storage gave; `undefined` for nothing, for half of one, and for anything else. */
export function asPointer(found: unknown): Pointer | undefined {
  if (typeof found !== 'object' || found === null) return undefined;
  const { value, bytes, storedAt } = found as Partial<Record<keyof Pointer, unknown>>;
  if (typeof value !== 'string' || !/^[0-9a-f-]{36}$/.test(value)) return undefined;
  return isNumber(bytes) && isNumber(storedAt)
    ? { value, bytes: Number(bytes), storedAt: Number(storedAt) }
    : undefined;
}

function isNumber(text: unknown): text is string {
  return typeof text === 'string' && /^\d{16}$/.test(text);
}
