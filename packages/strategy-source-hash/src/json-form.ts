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

/** Parses the bytes of a JSON file as runtimes do, byte order mark or not; `undefined` when they are no JSON. */
export function parseJson(bytes: Uint8Array): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(new TextDecoder().decode(bytes)) as unknown };
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
