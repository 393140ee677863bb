import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const SRC = fileURLToPath(new URL('../src', import.meta.url));
const HEAVY = ['hyparquet', 'hyparquet-compressors', 'vega', 'vega-lite'];

const sources = readdirSync(SRC, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'));

/** Packages that loading the file loads; types are gone by then. */
const loadedBy = (source: string): string[] =>
  [...source.matchAll(/^(?:import|export) (?!type)[^;]*?from '([^']+)';$/gm)].map(([, specifier]) => specifier ?? '');

test('the packages that draw and read are loaded only by a step that runs', () => {
  const loaded = new Set(sources.flatMap(loadedBy));
  expect(loaded).toContain('zod');
  for (const name of HEAVY) {
    expect(loaded).not.toContain(name);
    expect(
      sources.some((source) => source.includes(`import('${name}')`)),
      name,
    ).toBe(true);
  }
});
