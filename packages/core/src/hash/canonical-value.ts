import { explained } from './explain-refusal.ts';
import { KeyEncoder } from './key-encoder.ts';
import { isScalar, KEY_WORDING } from './key-encoding.ts';
import { copyOfLeaf, isLeafKind } from './leaf-text.ts';
import { kindOf } from './object-kind.ts';
import { writeField } from './record-fields.ts';
import { scalarText } from './scalar-text.ts';

/** A value as an op gets to see it, with the text that stands for it in versions. */
export interface CanonicalValue<T> {
  /**
   * The canonical copy: keys, Map and Set entries in the order of the key form, objects with `Object.prototype`, bytes as
   * `Uint8Array`; objects and arrays frozen. For reading by memo; code of users gets `fresh()`.
   */
  readonly value: T;
  /** The key form: `encodeKey(value)`. */
  readonly text: string;
  /** The canonical value for one more reader: a new copy of the parts that cannot be frozen, the rest shared. */
  fresh(): T;
}

/**
 * The canonical, frozen copy of a value together with its key form, from one walk: what the version does not see, the op
 * cannot see either. Errors as `encodeKey`; `label` names the root in them.
 */
export function canonicalValue<T>(value: T, label: string = 'value'): CanonicalValue<T> {
  if (isScalar(value)) return { value, text: scalarText(value), fresh: () => value };
  return explained({ root: value, label, wording: KEY_WORDING }, () => {
    const encoder = new KeyEncoder(true);
    const text = encoder.encode(value);
    const copy = encoder.copy as T;
    return { value: copy, text, fresh: containsUnfreezable(copy) ? () => freshCopy(copy) : () => copy };
  });
}

/** True when a canonical value has parts that a reader could change: Map, Set, Date, RegExp, URL, bytes. */
export function containsUnfreezable(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return Object.isFrozen(value) && isItems(value) ? Object.values(value).some(containsUnfreezable) : true;
}

/** A copy of a canonical value that shares only what is frozen through and through. */
export function freshCopy<T>(value: T): T;
export function freshCopy(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !containsUnfreezable(value)) return value;
  if (value instanceof Map) return new Map([...value].map(([key, item]) => [freshCopy(key), freshCopy(item)]));
  if (value instanceof Set) return new Set([...value].map(freshCopy));
  if (isItems(value)) return freshItems(value);
  const kind = kindOf(value);
  return kind !== undefined && isLeafKind(kind) ? copyOfLeaf(kind, value) : value;
}

function freshItems(value: object): object {
  const copy: object = Array.isArray(value) ? [] : {};
  for (const [key, item] of Object.entries(value)) writeField(copy, key, freshCopy(item));
  if (Array.isArray(copy)) copy.length = (value as unknown[]).length;
  return Object.freeze(copy);
}

function isItems(value: object): boolean {
  const kind = kindOf(value);
  return kind === 'record' || kind === 'array';
}
