/**
 * The text that stands for a JSON value: blind to layout and number spelling, not to the order of keys, which programs that
 * import the value can see.
 */
export function jsonForm(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(jsonForm).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    return `{${Object.entries(value)
      .map(([key, part]) => `${JSON.stringify(key)}:${jsonForm(part)}`)
      .join(',')}}`;
  }
  // JSON.stringify writes -0 as 0 and a number too large to hold as null.
  if (typeof value === 'number') return Object.is(value, -0) ? '-0' : String(value);
  return JSON.stringify(value) ?? 'undefined';
}

type ParsedJson = { readonly value: unknown } | undefined;

/** Spares a second parse of bytes of which two parts are asked for. */
const parsedBytes = new WeakMap<Uint8Array, { readonly parsed: ParsedJson }>();
const decoder = new TextDecoder();

/** Parses the bytes of a JSON file as runtimes do, byte order mark or not; `undefined` when they are no JSON. */
export function parseJson(bytes: Uint8Array): ParsedJson {
  const known = parsedBytes.get(bytes);
  if (known !== undefined) return known.parsed;
  const parsed = parse(decoder.decode(bytes));
  parsedBytes.set(bytes, { parsed });
  return parsed;
}

function parse(text: string): ParsedJson {
  try {
    return { value: JSON.parse(text) as unknown };
  } catch {
    return undefined;
  }
}

/** A property of a JSON object; `undefined` for anything else. */
export function jsonProperty(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined;
}
