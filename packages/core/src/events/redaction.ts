import { SECRET } from '../definitions/secrets.ts';

/** Replaces secrets in a value; hands it back as it is where there are none. */
export type Redact = <T>(value: T) => T;

const SHORTEST = 4;

/**
 * A redaction of known secret values, wherever in a text they occur. Texts of fewer than 4 characters are replaced only
 * where they are the whole text: elsewhere they would eat ordinary words.
 */
export function redaction(secrets: Iterable<unknown>): Redact {
  const texts = new Set<string>();
  for (const secret of secrets) collect(secret, texts);
  if (texts.size === 0) return (value) => value;
  const long = [...texts].filter((text) => text.length >= SHORTEST).sort((a, b) => b.length - a.length);
  const forms = long.flatMap((text) => [
    ...new Set([text, JSON.stringify(text).slice(1, -1), encodeURIComponent(text)]),
  ]);
  const clean = (text: string): string => {
    if (texts.has(text)) return SECRET;
    return forms.reduce((result, form) => (result.includes(form) ? result.replaceAll(form, SECRET) : result), text);
  };
  return (value) => walk(value, clean, texts) as typeof value;
}

function collect(secret: unknown, texts: Set<string>): void {
  if (typeof secret === 'string' && secret !== '') texts.add(secret);
  else if (typeof secret === 'number' || typeof secret === 'bigint') texts.add(String(secret));
  else if (typeof secret === 'object' && secret !== null)
    for (const part of Object.values(secret)) collect(part, texts);
}

function walk(value: unknown, clean: (text: string) => string, texts: ReadonlySet<string>): unknown {
  if (typeof value === 'string') return clean(value);
  if (typeof value === 'number' || typeof value === 'bigint') {
    const text = String(value);
    return text.length >= SHORTEST && texts.has(text) ? SECRET : value;
  }
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => walk(item, clean, texts));
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [clean(key), walk(item, clean, texts)]));
}
