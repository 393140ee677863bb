import { types } from 'node:util';

/**
 * A slow, plain description of all that a consumer can see of a value, for comparing with `toEqual`: nested arrays of tags
 * and texts, in order. Written without the code under test. Inside a cycle an ancestor is named by how far up it is.
 */
export function treeOf(value: unknown, holders: readonly unknown[] = []): unknown {
  if (typeof value === 'number') return ['number', Object.is(value, -0) ? '-0' : String(value)];
  if (typeof value !== 'object' || value === null) return [value === null ? 'null' : typeof value, String(value)];
  const up = holders.lastIndexOf(value);
  if (up !== -1) return ['up', String(holders.length - up)];
  const inner = (item: unknown): unknown => treeOf(item, [...holders, value]);
  const fields = (): unknown[] => Object.keys(value).map((key) => [key, inner(Reflect.get(value, key))]);
  if (Array.isArray(value)) {
    return ['array', String(value.length), ...fields()];
  }
  if (value instanceof Map) return ['Map', ...[...value].map(([key, item]) => [inner(key), inner(item)])];
  if (value instanceof Set) return ['Set', ...[...value].map(inner)];
  if (value instanceof Date) return ['Date', String(value.getTime())];
  if (value instanceof RegExp) return ['RegExp', value.source, value.flags, String(value.lastIndex)];
  if (value instanceof URL || value instanceof URLSearchParams) return [value.constructor.name, String(value)];
  if (ArrayBuffer.isView(value)) return [value.constructor.name, hexOf(value.buffer as ArrayBuffer, value)];
  if (types.isArrayBuffer(value)) return ['ArrayBuffer', hexOf(value, { byteOffset: 0, byteLength: value.byteLength })];
  if (types.isNativeError(value)) return errorTree(value, inner, fields());
  return [Object.getPrototypeOf(value) === null ? 'null-record' : 'record', ...fields()];
}

function errorTree(error: Error, inner: (item: unknown) => unknown, fields: unknown[]): unknown {
  const own = ['name', 'message', 'cause', 'errors'].filter((key) => Object.hasOwn(error, key));
  return ['error', error.constructor.name, ...own.map((key) => [key, inner(Reflect.get(error, key))]), ...fields];
}

function hexOf(buffer: ArrayBuffer, window: { byteOffset: number; byteLength: number }): string {
  return Buffer.from(buffer, window.byteOffset, window.byteLength).toString('hex');
}
