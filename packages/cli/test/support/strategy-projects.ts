import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ErrorCode } from '@memo/core';
import { installedMemo } from '../../../../tools/installed-memo.mjs';
import { type Answer, type Prompt, prompt } from './prompt.ts';

const INSTALLED = join(await installedMemo(), '@memo');
const PROGRAM = fileURLToPath(new URL('answering-program.mjs', import.meta.url));

/** A project whose strategy refuses to give a version. */
export interface StrategyProject {
  readonly code: ErrorCode;
  /** What the config calls for its versions. */
  readonly versions: string;
  /** The op, as code. */
  readonly load?: string;
  /** True where the config is edited between its loading and its plan. */
  readonly edited?: boolean;
  readonly before?: (at: Prompt) => unknown;
}

const plainOp = "const load = op('load', () => 1);";
const guessingOp = "const load = op('load', () => (0, eval)('1 + 1'));";
const generatedOp = "const load = new Function('op', 'return op(\"load\", () => 1)')(op);";

/** Each code of the strategies, by each package that gives it. */
export const STRATEGY_PROJECTS: readonly StrategyProject[] = [
  { code: 'M4007', versions: 'sourceHash()', edited: true },
  { code: 'M4007', versions: 'gitVersion()', edited: true, before: repository },
  { code: 'M4009', versions: 'sourceHash()', load: generatedOp },
  { code: 'M4009', versions: 'gitVersion()', load: generatedOp },
  { code: 'M4010', versions: "sourceHash({ onUntrackable: 'error' })", load: guessingOp },
  {
    code: 'M4010',
    versions: "sourceHash({ undeclaredEnv: 'error' })",
    load: "const load = op('load', () => process.env.CITY);",
  },
  { code: 'M4010', versions: "gitVersion({ onUntrackable: 'error' })", load: guessingOp, before: repository },
  { code: 'M4020', versions: "gitVersion({ git: 'no-such-git' })", before: repository },
  { code: 'M4021', versions: 'gitVersion()' },
  { code: 'M4022', versions: 'gitVersion()', before: (at) => at.file('.git', 'gitdir: nowhere\n') },
  { code: 'M4023', versions: "gitVersion({ dirty: 'error' })", before: repository },
];

/** A repository without a commit. */
function repository(at: Prompt): void {
  spawnSync('git', ['init', '--quiet'], { cwd: at.directory });
}

/** What `memo plan` answers in each project: one process for all, which loads what was written before it began. */
export function plansOf(projects: readonly StrategyProject[]): readonly Answer[] {
  const made = projects.map(({ edited = false, ...project }) => ({ directory: written(project), edited }));
  const child = spawnSync(
    process.execPath,
    [PROGRAM, join(INSTALLED, 'cli', 'dist', 'index.js'), JSON.stringify(made)],
    {
      encoding: 'utf8',
      env: { ...process.env, NO_COLOR: '1', GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null' },
    },
  );
  if (child.status !== 0) throw new Error(child.stderr);
  return JSON.parse(child.stdout) as readonly Answer[];
}

function written({ versions, load = plainOp, before }: Omit<StrategyProject, 'edited'>): string {
  const at = prompt();
  rmSync(join(at.directory, 'memo.config.ts'));
  const [strategy = ''] = versions.split('(', 1);
  const from = strategy === 'gitVersion' ? '@memo/strategy-git' : '@memo/strategy-source-hash';
  at.file(
    'memo.config.mjs',
    `import { defineConfig, job, op } from '@memo/core';
import { ${strategy} } from '${from}';
${load}
export default defineConfig({ jobs: [job('numbers', { build: () => load() })], versions: ${versions} });
`,
  );
  for (const name of ['core', from.slice('@memo/'.length)]) {
    const link = join(at.directory, 'node_modules', '@memo', name);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(join(INSTALLED, name), link, 'junction');
  }
  before?.(at);
  return at.directory;
}
