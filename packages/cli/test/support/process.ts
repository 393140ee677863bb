import { spawn } from 'node:child_process';
import { mkdirSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SOURCE_NODE } from '../../../../tools/source-node/source-node.mjs';
import { type Prompt, prompt } from './prompt.ts';

const PACKAGES = fileURLToPath(new URL('../../../', import.meta.url));
const PROGRAM = join(PACKAGES, 'cli', 'src', 'memo.ts');
/** The projects are TypeScript, too. */
const NODE = ['--import', import.meta.resolve('tsx'), ...SOURCE_NODE];

/** The command of a real process, on sources; `node` are flags of Node. */
export function memoWords(args: readonly string[], node: readonly string[] = []): readonly string[] {
  return [process.execPath, ...NODE, ...node, PROGRAM, ...args];
}

/** Answers a command line in a real process, on sources; `node` are flags of Node. */
export function memo(
  at: Prompt,
  args: readonly string[],
  { env = {}, node = [] }: { readonly env?: Record<string, string>; readonly node?: readonly string[] } = {},
): Promise<{ code: number | null; out: string; err: string }> {
  const [program = '', ...words] = memoWords(args, node);
  const child = spawn(program, words, {
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

/** A project with a config in TypeScript, and memo installed. */
export function project(): Prompt {
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
