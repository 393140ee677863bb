import { types } from 'node:util';
import { fieldSegment, indexSegment } from './path-text.ts';
import { Refusal } from './refusal.ts';

/**
 * The own enumerable string keys of a plain object, in its own order. Refuses enumerable symbol keys, which no
 * encoding could carry; what is not enumerable is not data and is left out.
 */
export function fieldKeys(object: object): string[] {
  const symbols = Object.getOwnPropertySymbols(object);
  if (symbols.length > 0) refuseSymbols(object, symbols);
  return Object.keys(object);
}

/** The value of an own field. Refuses accessors: they may answer differently each time. */
export function readField(object: object, key: string): unknown {
  const field = Object.getOwnPropertyDescriptor(object, key);
  if (field === undefined) return undefined;
  if (field.get !== undefined || field.set !== undefined) {
    throw new Refusal(object, 'is a getter or setter', { segment: fieldSegment(key) });
  }
  return field.value;
}

/** Sets an own field, also one called `__proto__`. */
export function writeField(object: object, key: string, value: unknown): void {
  if (key === '__proto__') {
    Object.defineProperty(object, key, { value, writable: true, enumerable: true, configurable: true });
  } else {
    (object as Record<string, unknown>)[key] = value;
  }
}

/** Refuses fields on objects that are carried by what they are: a `Date`, a `Map` … with own properties. */
export function refuseFields(object: object): void {
  const keys = fieldKeys(object);
  if (keys[0] !== undefined) {
    throw new Refusal(object, 'is an own property of a built-in object', { segment: fieldSegment(keys[0]) });
  }
}

function refuseSymbols(object: object, symbols: readonly symbol[]): void {
  if (types.isArgumentsObject(object)) throw new Refusal(object, 'is an arguments object');
  const symbol = symbols.find((key) => Object.prototype.propertyIsEnumerable.call(object, key));
  if (symbol === undefined) return;
  throw new Refusal(object, 'has a symbol as its key', { segment: indexSegment(String(symbol)) });
}
