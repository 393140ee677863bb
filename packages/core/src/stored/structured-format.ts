/**
 * The bytes of the structured codec: a version byte, then one value. A value is a tag and what the tag asks for. Every
 * object gets the next number when its tag is met, so that `reference` can name it again: shared parts and cycles survive.
 *
 * Values of plain objects are written without their keys: the list of keys is a *shape*, written where it is first met.
 *
 * The format is our own and not the one of `node:v8`: that one changes between Node versions for errors and buffers,
 * flattens class instances and URLs, and overflows the stack on deep values. Tags are only ever added.
 */
export const STRUCTURED_VERSION = 1;

export const TAG = {
  undefined: 0,
  null: 1,
  true: 2,
  false: 3,
  /** zigzag varint */
  integer: 4,
  float: 5,
  /** text, hexadecimal with an optional minus */
  bigint: 6,
  string: 7,
  /** number of a shape, values */
  record: 8,
  /** count, keys, values; the keys become the next shape */
  newRecord: 9,
  nullRecord: 10,
  newNullRecord: 11,
  /** length, items; only here `holes` may stand for items */
  array: 12,
  /** how many holes follow each other */
  holes: 13,
  /** array of numbers: blob of 32-bit integers */
  integers: 14,
  /** array of numbers: blob of 64-bit floats */
  floats: 15,
  map: 16,
  set: 17,
  date: 18,
  /** source, flags, lastIndex */
  regexp: 19,
  url: 20,
  searchParams: 21,
  /** class name, blob */
  view: 22,
  arrayBuffer: 23,
  /** class name, count of hidden fields, count of shown fields, keys and values */
  error: 24,
  /** number of an object met before */
  reference: 25,
} as const;

/** Arrays of at least this many numbers are written as a blob. */
export const MIN_NUMBERS = 16;

/** Integers below this size are varints; larger ones take no more room as floats. */
export const MAX_INTEGER: number = 2 ** 46;
