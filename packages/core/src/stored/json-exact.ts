import { refuseExtraFields } from '../hash/array-items.ts';
import { kindOf, MAX_NESTING } from '../hash/object-kind.ts';
import { fieldKeys, readField } from '../hash/record-fields.ts';
import { Refusal } from '../hash/refusal.ts';

/** Lists of numbers from this length on are better stored as bytes. */
const LONG_NUMBERS = 4096;
const MAX_OBJECTS = 8_000_000;

/**
 * True when JSON gives a value back exactly: null, booleans, finite numbers (not `-0`), strings, dense arrays and plain objects,
 * with no object in two places. False also for long lists of numbers, which take a fraction of the room as bytes.
 */
export function isJsonExact(value: unknown): boolean {
  if (typeof value !== 'object') return isExactScalar(value);
  try {
    return isExact(value, new Set(), 0);
  } catch (thrown) {
    if (thrown instanceof Refusal) return false;
    throw thrown;
  }
}

function isExact(value: unknown, seen: Set<object>, depth: number): boolean {
  if (typeof value !== 'object') return isExactScalar(value);
  return value === null || isExactObject(value, seen, depth);
}

function isExactScalar(value: unknown): boolean {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return true;
    case 'number':
      return Number.isFinite(value) && !Object.is(value, -0);
    default:
      return false;
  }
}

function isExactObject(value: object, seen: Set<object>, depth: number): boolean {
  if (depth >= MAX_NESTING || seen.size >= MAX_OBJECTS || seen.has(value)) return false;
  seen.add(value);
  const kind = kindOf(value);
  if (kind === 'array') return isExactArray(value as unknown[], seen, depth);
  if (kind !== 'record') return false;
  for (const key of fieldKeys(value)) if (!isExact(readField(value, key), seen, depth + 1)) return false;
  return true;
}

function isExactArray(array: readonly unknown[], seen: Set<object>, depth: number): boolean {
  refuseExtraFields(array);
  let numbers = 0;
  for (let index = 0; index < array.length; index++) {
    const item = array[index];
    if (!isExact(item, seen, depth + 1)) return false;
    if (typeof item === 'number' && index === numbers) numbers++;
  }
  return numbers < LONG_NUMBERS || numbers < array.length;
}
