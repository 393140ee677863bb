import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ensureBuilt } from '../build.mjs';
import { bundlePackages } from '../bundle.mjs';

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

const DOORS = {
  '.': { '@memo/source': './src/index.ts' },
  './deep/other': { '@memo/source': './src/deep/other.ts' },
  './package.json': './package.json',
};

function writeBundledPackage() {
  write('packages/one/package.json', JSON.stringify({ exports: DOORS, bin: { tool: './bin/tool.cjs' } }));
  write('packages/one/tsconfig.json', '{ "compilerOptions": { "emitDeclarationOnly": true } }');
  write(
    'packages/one/src/shared.ts',
    "import { tool } from 'dependency';\nexport class Shared { readonly made = tool(); }",
  );
  write('packages/one/src/late.ts', 'export const late = 1;');
  const using =
    "import { Shared } from './shared.ts';\nexport const load = () => import('./late.ts');\nexport { Shared };";
  for (const name of ['index', 'tool']) write(`packages/one/src/${name}.ts`, using);
  write('packages/one/src/deep/other.ts', using.replaceAll("'./", "'../"));
  write('packages/one/src/work-thread.ts', using);
  write('packages/one/dist/index.d.ts', 'declared');
  write('packages/one/dist/shared.js', 'of an earlier build');
}

test('a bundle has what is shared once, what is late apart, and dependencies outside', async () => {
  writeBundledPackage();
  await bundlePackages([join(root, 'packages/one')]);
  const dist = join(root, 'packages/one/dist');
  const names = readdirSync(dist, { recursive: true, encoding: 'utf8' }).filter((name) => /\.(?:js|ts)$/.test(name));
  const code = names.filter((name) => name.endsWith('.js')).map((name) => readFileSync(join(dist, name), 'utf8'));
  expect(names.filter((name) => !/-[\w-]{8}\.js$/.test(name)).sort()).toEqual([
    'deep/other.js',
    'index.d.ts',
    'index.js',
    'tool.js',
    'work-thread.js',
  ]);
  expect(code.filter((text) => text.includes('made=tool()'))).toHaveLength(1);
  expect(code.filter((text) => text.includes('late=1'))).toHaveLength(1);
  expect(code.filter((text) => /made=tool\(\)[\s\S]*late=1/.test(text))).toEqual([]);
  expect(code.join()).toContain('from"dependency"');
  expect(readFileSync(join(dist, 'index.d.ts'), 'utf8')).toBe('declared');
});

test('a bundled package that lacks an entry is built again', async () => {
  writeBundledPackage();
  const bundle = async () => {
    await compile();
    await bundlePackages([join(root, 'packages/one')]);
  };
  await ensureBuilt({ root, compile: bundle });
  await ensureBuilt({ root, compile: bundle });
  rmSync(join(root, 'packages/one/dist/tool.js'));
  await ensureBuilt({ root, compile: bundle });
  expect(builds).toBe(2);
});
