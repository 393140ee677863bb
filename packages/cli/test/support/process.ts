import { spawn } from 'node:child_process';
import { mkdirSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { installedMemo } from '../../../../tools/installed-memo.mjs';
import { type Prompt, prompt } from './prompt.ts';

const INSTALLED = await installedMemo();

/** The command of a real process, as it is installed. */
export function memoWords(args: readonly string[]): readonly string[] {
  return [process.execPath, join(INSTALLED, '@memo', 'cli', 'bin', 'memo.cjs'), ...args];
}

/** Answers a command line in a real process; `words` are those of another program. */
export function memo(
  at: Prompt,
  args: readonly string[],
  {
    env = {},
    words = memoWords(args),
  }: { readonly env?: Record<string, string>; readonly words?: readonly string[] } = {},
): Promise<{ code: number | null; out: string; err: string }> {
  const [program = '', ...rest] = words;
  const child = spawn(program, rest, {
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

/** A project with a config in TypeScript, and memo installed: the packages that stand in `packages`. */
export function project(packages: string = join(INSTALLED, '@memo')): Prompt {
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
    symlinkSync(join(packages, name), link, 'junction');
  }
  return at;
}

/** Answers a command line into a pipe that nobody reads. */
export function memoIntoClosedPipe(at: Prompt, args: readonly string[]): Promise<{ code: number | null; err: string }> {
  const [program = '', ...words] = memoWords(args);
  const child = spawn(program, words, {
    cwd: at.directory,
    env: { ...process.env, NO_COLOR: '1', CI: '' },
  });
  child.stdout.destroy();
  let err = '';
  child.stderr.on('data', (chunk: Buffer) => {
    err += chunk.toString();
  });
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, err })));
}
