/** What JSON can say. */
export type JsonValue = null | boolean | number | string | readonly JsonValue[] | { readonly [key: string]: JsonValue };

/** Any value as JSON, for people and programs to look at. What JSON has no form for becomes a text or an object that names it. */
export function jsonValue(value: unknown): JsonValue {
  return convert(value, []);
}

function convert(value: unknown, above: readonly unknown[]): JsonValue {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return value;
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (typeof value === 'bigint') return value.toString();
  if (value === undefined) return null;
  if (typeof value !== 'object') return String(value);
  if (above.includes(value)) return '[circular]';
  const inside = [...above, value];
  if (Array.isArray(value)) return value.map((item) => convert(item, inside));
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'Invalid Date' : value.toISOString();
  if (value instanceof Uint8Array) return { base64: Buffer.from(value).toString('base64') };
  if (ArrayBuffer.isView(value) && !(value instanceof DataView))
    return Array.from(value as unknown as ArrayLike<number>, (item) => convert(item, inside));
  if (value instanceof Set) return [...value].map((item) => convert(item, inside));
  if (value instanceof Map) return [...value].map(([key, item]) => [convert(key, inside), convert(item, inside)]);
  if (value instanceof Error) return { name: value.name, message: value.message };
  if (value instanceof RegExp || value instanceof URL) return String(value);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, convert(item, inside)]));
}
