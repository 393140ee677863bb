import { spawn } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { type Prompt, prompt } from './support/prompt.ts';

const PACKAGES = fileURLToPath(new URL('../../', import.meta.url));
const PROGRAM = join(PACKAGES, 'cli', 'src', 'memo.ts');

const TSX = import.meta.resolve('tsx');

/** A real process, on sources. */
function memo(
  at: Prompt,
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<{ code: number | null; out: string; err: string }> {
  const child = spawn(process.execPath, ['--conditions=@memo/source', '--import', TSX, PROGRAM, ...args], {
    cwd: at.directory,
    env: { ...process.env, NO_COLOR: '1', CI: '', ...env },
  });
  let [out, err] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => {
    out += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    err += chunk.toString();
  });
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, out, err })));
}

function project(): Prompt {
  const at = prompt()
    .file(
      'src/ops.ts',
      "import { op } from '@memo/core';\nenum Size { Small = 2 }\nexport const load = op('load', () => Size.Small as number);\n",
    )
    .file(
      'memo.config.ts',
      "import { defineConfig, job } from '@memo/core';\nimport { fs } from '@memo/io-fs';\nimport { sourceHash } from '@memo/strategy-source-hash';\nimport { load } from './src/ops';\nexport default defineConfig({ jobs: [job('numbers', { build: () => ({ n: load() }) })], versions: sourceHash(), io: fs('.memo/store') });\n",
    );
  for (const name of ['core', 'io-fs', 'strategy-source-hash']) {
    const link = join(at.directory, 'node_modules', '@memo', name);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(join(PACKAGES, name), link, 'junction');
  }
  return at;
}

test('a config in TypeScript is loaded, with one copy of core, and its jobs run and are re-used', async () => {
  const at = project();
  const first = await memo(at, ['run', '--json', '--progress', 'none']);
  expect(first.err).toBe('');
  expect(JSON.parse(first.out)).toMatchObject({ executed: ['load'], status: 'success' });
  const second = await memo(at, ['run', '--json', '--progress', 'none']);
  expect(JSON.parse(second.out)).toMatchObject({ reused: ['load'] });
  expect(readdirSync(join(at.directory, '.memo')).sort()).toContain('runs');
});

test('a config that throws is shown where it does', async () => {
  const at = project().file(
    'src/ops.ts',
    "export const load = (): never => undefined as never;\nthrow new RangeError('not today');\n",
  );
  const { code, err } = await memo(at, ['plan']);
  expect(code).toBe(2);
  expect(err).toContain('M1005');
  expect(err).toContain('not today');
  expect(err).toContain('src/ops.ts:2');
});

test('the versions for a bundle are those that the plan has', async () => {
  const at = project();
  const { out } = await memo(at, ['hash', '-o', 'versions.json']);
  expect(out).toBe('versions.json  1 versions\n');
  const { steps } = JSON.parse((await memo(at, ['versions', '--json'])).out);
  const { versions } = JSON.parse(readFileSync(join(at.directory, 'versions.json'), 'utf8'));
  expect(versions).toMatchObject({ 'op project/load': { version: steps[0].record.op.code } });
});
