import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ensureBuilt } from '../build.mjs';

let root: string;
let builds: number;

beforeEach(() => {
  builds = 0;
  root = mkdtempSync(join(tmpdir(), 'memo-build-'));
  write('tsconfig.json', '{ "files": [], "references": [{ "path": "packages/one" }] }');
  write('packages/one/src/deep/a.ts', 'export {};');
  mkdirSync(join(root, 'node_modules'));
});

afterEach(() => rmSync(root, { recursive: true, force: true }));

function write(path: string, text: string) {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

const compile = async () => {
  builds += 1;
  write('packages/one/dist/.tsbuildinfo', '');
};

async function buildTwiceWith(change: () => void) {
  await ensureBuilt({ root, compile });
  change();
  await ensureBuilt({ root, compile });
  return builds;
}

test('nothing changed: the compiler is not started', async () => {
  expect(await buildTwiceWith(() => {})).toBe(1);
});

test.each<[string, () => void]>([
  ['an edited source', () => utimesSync(join(root, 'packages/one/src/deep/a.ts'), 1, 1)],
  ['a new source', () => write('packages/one/src/b.ts', '')],
  ['a removed source', () => rmSync(join(root, 'packages/one/src/deep/a.ts'))],
  ['a changed tsconfig', () => write('packages/one/tsconfig.json', '{}')],
  ['a removed output', () => rmSync(join(root, 'packages/one/dist'), { recursive: true })],
])('%s builds again', async (_name, change) => {
  expect(await buildTwiceWith(change)).toBe(2);
});

test('a source edited while the compiler runs builds again', async () => {
  const compileWhileEdited = async () => {
    await compile();
    write('packages/one/src/late.ts', '');
  };
  await ensureBuilt({ root, compile: compileWhileEdited });
  await ensureBuilt({ root, compile });
  expect(builds).toBe(2);
});

test('a failed build is not taken for a finished one', async () => {
  const failing = async () => {
    await compile();
    throw new Error('type error');
  };
  await expect(ensureBuilt({ root, compile: failing })).rejects.toThrow('type error');
  await ensureBuilt({ root, compile });
  expect(builds).toBe(2);
});
