import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { SOURCE_NODE } from '../../../tools/source-node/source-node.mjs';
import { IS_WHOLE } from '../../../tools/test-form.mjs';
import { memo, project } from './support/process.ts';

const SOURCE = fileURLToPath(new URL('../src/', import.meta.url));

/** Most files that are loaded before it is known which command is meant. */
const MOST_FILES = 16;

test('the start loads no command, and few files', () => {
  const loaded = closure('main.ts');
  expect([...loaded].filter((path) => path.startsWith('commands/')).sort()).toEqual(['commands/command-table.ts']);
  expect(loaded.size).toBeLessThanOrEqual(MOST_FILES);
});

test('planning loads nothing of reports, graphs and templates', () => {
  const loaded = [...closure('commands/plan.ts')];
  expect(loaded.filter((path) => /^(?:report|graph|init|explain)\//.test(path))).toEqual([]);
});

const PACKAGES = fileURLToPath(new URL('../../', import.meta.url));
const NOTE_LOADED = new URL('support/note-loaded.mjs', import.meta.url).href;
const LOADERS = ['--import', import.meta.resolve('tsx'), ...SOURCE_NODE, '--import', NOTE_LOADED];

test.each(
  [
    { line: 'plan', cli: 28, core: 185 },
    { line: 'why load', cli: 34, core: 185 },
  ].slice(0, IS_WHOLE ? 2 : 1),
)('a process of memo $line loads at most $cli modules of the command and $core of core', async ({ line, ...most }) => {
  const at = project(PACKAGES);
  const file = join(at.directory, 'loaded');
  const words = [process.execPath, ...LOADERS, join(SOURCE, 'memo.ts'), ...line.split(' ')];
  const { code, err } = await memo(at, [], { env: { MEMO_TEST_LOADED: file }, words });
  expect([code, err]).toEqual([0, '']);
  const urls = new Set(readFileSync(file, 'utf8').split('\n'));
  const loaded = (part: string) => [...urls].filter((url) => url.includes(part));
  expect(loaded('/cli/src/').length).toBeGreaterThan(10);
  expect(loaded('/cli/src/').length).toBeLessThanOrEqual(most.cli);
  expect(loaded('/core/src/').length).toBeLessThanOrEqual(most.core);
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
