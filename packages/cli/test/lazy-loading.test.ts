import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const SOURCE = fileURLToPath(new URL('../src/', import.meta.url));

/** Most files that are loaded before it is known which command is meant. */
const MOST_FILES = 16;

test('the start loads no command, and few files', () => {
  const loaded = closure('main.ts');
  expect([...loaded].filter((path) => path.startsWith('commands/')).sort()).toEqual([
    'commands/command-table.ts',
    'commands/command.ts',
  ]);
  expect(loaded.size).toBeLessThanOrEqual(MOST_FILES);
});

test('planning loads nothing of reports, graphs and templates', () => {
  const loaded = [...closure('commands/plan.ts')];
  expect(loaded.filter((path) => /^(?:report|graph|init|explain)\//.test(path))).toEqual([]);
});

/** The files that a file imports at once, directly or through others; types are not loaded. */
function closure(entry: string, seen = new Set<string>()): Set<string> {
  if (seen.has(entry)) return seen;
  seen.add(entry);
  const text = readFileSync(join(SOURCE, entry), 'utf8');
  for (const [, specifier] of text.matchAll(/^(?:import|export) (?!type )[^;]*?from '(\.[^']+)';/gms))
    closure(join(dirname(entry), specifier as string).replaceAll('\\', '/'), seen);
  return seen;
}
