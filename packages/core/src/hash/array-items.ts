import { inspect } from 'node:util';
import { fieldSegment, indexSegment } from './path-text.ts';
import { Refusal } from './refusal.ts';

/** Arrays with more holes than this are refused: walking them could take for ever. */
export const MAX_HOLES = 1_000_000;

const INSPECT_NO_ITEMS = { maxArrayLength: 0, depth: 0, customInspect: false } as const;
const LONG = 64;

/** Refuses arrays that carry more than their items, such as the match of a regular expression with its `index`. */
export function refuseExtraFields(array: readonly unknown[]): void {
  if (array.length > LONG && inspect(array, INSPECT_NO_ITEMS) === `[ ... ${array.length} more items ]`) return;
  if (isDense(Object.keys(array), array.length) && Object.getOwnPropertySymbols(array).length === 0) return;
  const extra = Reflect.ownKeys(array).find(
    (key) => !isIndex(key) && Object.prototype.propertyIsEnumerable.call(array, key),
  );
  if (extra === undefined) return;
  if (typeof extra === 'symbol')
    throw new Refusal(array, 'has a symbol as its key', { segment: indexSegment(String(extra)) });
  throw new Refusal(array, 'is an own property of an array', { segment: fieldSegment(extra) });
}

/** How many holes begin at `index`: 0 where there is an item. Refuses endless holes. */
export function holesAt(array: readonly unknown[], index: number): number {
  if (array[index] !== undefined || index in array) return 0;
  let end = index + 1;
  while (end < array.length && !(end in array)) {
    if (end - index >= MAX_HOLES) throw new Refusal(array, 'is an array with more than 1,000,000 holes in a row');
    end++;
  }
  return end - index;
}

/** Indices come first in the order of keys: when as many keys as items end with the last index, there are no others. */
function isDense(keys: readonly string[], length: number): boolean {
  return keys.length === length && (length === 0 || keys[length - 1] === String(length - 1));
}

function isIndex(key: string | symbol): boolean {
  if (typeof key === 'symbol') return false;
  const index = Number(key) >>> 0;
  return String(index) === key && index !== 0xff_ff_ff_ff;
}
