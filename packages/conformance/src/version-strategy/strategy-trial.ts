import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { askChild } from '../child-process.ts';
import type { StrategyAnswers } from './answer.ts';
import type { VersionStrategyHarness } from './harness.ts';
import { type Edit, PROJECT_FILES } from './project-files.ts';

/** How versions are asked for. */
export interface AskOptions {
  /** Default: the directory of the project. */
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Default: the project of the trial. */
  readonly directory?: string;
}

/** What a case works with: a project of its own. */
export interface VersionStrategyTrial {
  readonly directory: string;
  /** What the strategy says in a new process. */
  ask(options?: AskOptions): Promise<StrategyAnswers>;
  /** What the strategy says is different between two manifests. */
  diff(before: unknown, after: unknown): Promise<readonly unknown[]>;
  /** Changes a file; the harness is told unless `silently`. */
  edit(edit: Edit, how?: 'silently'): Promise<void>;
  /** Takes an edit back. */
  revert(edit: Edit): Promise<void>;
  /** A copy of the project in another directory, with everything that is in it. */
  copy(): string;
}

/** Runs a case on a new project. */
export async function inProject<T>(
  harness: VersionStrategyHarness,
  run: (trial: VersionStrategyTrial) => Promise<T> | T,
): Promise<T> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'memo-conformance-')));
  const directory = join(folder, 'project');
  try {
    writeProject(directory);
    await harness.prepare?.(directory);
    return await run(trialIn(harness, folder, directory));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function trialIn(harness: VersionStrategyHarness, folder: string, directory: string): VersionStrategyTrial {
  const program = new URL('strategy-child', import.meta.url);
  const { module, nodeOptions } = harness;
  const change = async ({ file, find, replace }: Edit, how?: 'silently') => {
    const path = join(directory, file);
    const text = readFileSync(path, 'utf8');
    if (!text.includes(find)) throw new TypeError(`${file} does not have ${JSON.stringify(find)}.`);
    writeFileSync(
      path,
      text.replace(find, () => replace),
    );
    if (how !== 'silently') await harness.changed?.(directory);
  };
  return {
    directory,
    ask: async ({ cwd = directory, env = {}, directory: where = directory } = {}) =>
      (await askChild({ program, parameters: [module, where, 'versions'], nodeOptions, cwd, env })) as StrategyAnswers,
    diff: async (before, after) => {
      const parameters = [module, directory, 'diff', JSON.stringify(before), JSON.stringify(after)];
      return (await askChild({ program, parameters, nodeOptions, cwd: directory })) as readonly unknown[];
    },
    edit: change,
    revert: ({ file, find, replace }) => change({ file, find: replace, replace: find }),
    copy: () => {
      const other = join(folder, 'elsewhere', 'copy');
      cpSync(directory, other, { recursive: true, verbatimSymlinks: true });
      return other;
    },
  };
}

function writeProject(directory: string): void {
  for (const [path, text] of Object.entries(PROJECT_FILES)) {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), text);
  }
  const core = dirname(realpathSync(createRequire(import.meta.url).resolve('@memo/core/package.json')));
  mkdirSync(join(directory, 'node_modules', '@memo'), { recursive: true });
  symlinkSync(core, join(directory, 'node_modules', '@memo', 'core'), 'junction');
}
