import { existsSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AnyJob } from '@memo/core';
import { didYouMean, inspectJob } from '@memo/core/inspect';
import { MemoError, messageOf, type Place } from '@memo/core/plugin';
import type { Invocation } from '../commands/command.ts';
import { usageError } from '../failures/usage-error.ts';

/** The jobs that a `memo.config.*` lists. */
export interface Project {
  /** Absolute path of the config. */
  readonly file: string;
  readonly directory: string;
  readonly jobs: readonly AnyJob[];
}

const EXTENSIONS = ['ts', 'mts', 'js', 'mjs'];

/**
 * Finds and loads the config of a project.
 *
 * @throws MemoError M1001 when there is none, M1004 and M1005 when it is not what it should be, M9001 when it is of another copy of core.
 */
export async function openProject(invocation: Invocation): Promise<Project> {
  const file = projectOf(invocation);
  const module = await loadConfig(file, invocation.around.load);
  const jobs = jobsOf(module, file);
  checkCopy(jobs);
  return { file, directory: dirname(file), jobs };
}

/** A command that is installed for the whole machine brings a copy of core of its own, which knows nothing of the project's plans. */
function checkCopy(jobs: readonly AnyJob[]): void {
  try {
    for (const job of jobs) inspectJob(job);
  } catch (cause) {
    if (!MemoError.is(cause, 'M9001')) throw cause;
    throw new MemoError('M9001', 'The project has another copy of @memo/core than the memo that was called.', {
      ...(cause.because === undefined ? {} : { because: cause.because }),
      fix: 'Call the one of the project: npx memo (pnpm memo, yarn memo).',
      details: cause.details,
      cause,
    });
  }
}

/**
 * Finds the config of a project without loading it, and makes the asked directory the working one.
 *
 * @throws MemoError M1001 when there is none.
 */
export function projectOf({ directory, flags }: Invocation): string {
  const env = flags.text('env');
  if (env !== undefined) process.env.MEMO_ENV = env;
  if (!existsSync(directory)) throw usageError(`There is no directory ${directory}.`);
  process.chdir(directory);
  return findConfig(directory, flags.text('config'));
}

/** @throws MemoError M1001. */
export function findConfig(directory: string, given?: string): string {
  if (given !== undefined) {
    const file = resolve(directory, given);
    if (existsSync(file)) return file;
    throw new MemoError('M1001', `There is no config ${given}.`, { fix: 'Name a file that exists after --config.' });
  }
  for (let at = directory; ; at = dirname(at)) {
    for (const extension of EXTENSIONS) {
      const file = join(at, `memo.config.${extension}`);
      if (existsSync(file)) return file;
    }
    if (dirname(at) === at) break;
  }
  throw new MemoError('M1001', `There is no memo.config.ts in ${directory} or above it.`, {
    fix: 'Make one: memo init. Or name it: --config <file>.',
    details: { directory },
  });
}

async function loadConfig(
  file: string,
  load: Invocation['around']['load'],
): Promise<Readonly<Record<string, unknown>>> {
  try {
    return await load(file);
  } catch (cause) {
    if (MemoError.is(cause)) throw cause;
    throw new MemoError('M1005', `${relative('', file) || file} cannot be loaded: ${firstLine(messageOf(cause))}`, {
      fix: fixOf(cause),
      place: placeIn(cause),
      details: { file },
      cause,
    });
  }
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? '';
}

/** What to do about an error in a config: the user's own code, or a call of memo that it refused. */
function fixOf(cause: unknown): string {
  const message = messageOf(cause);
  if (message.startsWith('defineConfig: every'))
    return "Make each job with job('name', { build }) of '@memo/core', and list what it gives: defineConfig({ jobs: [ … ] }).";
  if (message.startsWith('defineConfig: two'))
    return "Give each job a name of its own: the first argument of job('name', …).";
  const { code, name } = (cause ?? {}) as { readonly code?: unknown; readonly name?: unknown };
  if (code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND')
    return 'Install what is imported, or mend its path; a file is imported with its ending: ./src/pipeline.ts.';
  if (name === 'SyntaxError') return 'Mend the syntax there, then try again.';
  return 'Mend what the message says, then try again.';
}

/** Where memo itself is. */
const OWN = [import.meta.url, import.meta.resolve('@memo/core')].map((url) => dirname(fileURLToPath(url)) + sep);

/** Where in the user's code an error was thrown. */
function placeIn(cause: unknown): Place | undefined {
  const stack = cause instanceof Error ? (cause.stack ?? '') : '';
  for (const line of stack.split('\n').slice(1)) {
    const [, file, row, column] =
      /(?:\(|at (?:async )?)(?:file:\/\/)?(\/[^():]+|[A-Za-z]:[^():]+):(\d+):(\d+)\)?$/.exec(line) ?? [];
    if (
      file !== undefined &&
      !file.includes('node_modules') &&
      !OWN.some((folder) => file.startsWith(folder)) &&
      existsSync(file)
    )
      return { file, line: Number(row), column: Number(column) };
  }
  return undefined;
}

function jobsOf(module: Readonly<Record<string, unknown>>, file: string): readonly AnyJob[] {
  const exported = module.default ?? module.config;
  if (isProject(exported)) return exported.jobs;
  const found = exported === undefined ? 'no default export' : 'a default export that defineConfig() did not make';
  throw new MemoError('M1004', `${relative('', file) || file} has ${found}.`, {
    fix: "export default defineConfig({ jobs: [ … ] }), with defineConfig of '@memo/core'.",
    place: { file },
  });
}

function isProject(value: unknown): value is { readonly jobs: readonly AnyJob[] } {
  return typeof value === 'object' && value !== null && (value as { readonly kind?: unknown }).kind === 'project';
}

/**
 * The job of a name; the only one where no name is given.
 *
 * @throws MemoError M1003.
 */
export function jobOf(project: Project, name: string | undefined): AnyJob {
  const names = project.jobs.map((job) => job.name);
  const found = project.jobs.find((job) => job.name === name);
  if (found !== undefined) return found;
  const [only] = project.jobs;
  if (name === undefined && only !== undefined && project.jobs.length === 1) return only;
  const listed = names.join(', ') || 'none';
  if (name === undefined)
    throw new MemoError('M1003', `Which job? The project has ${names.length}: ${listed}.`, {
      fix: 'Name one of them.',
    });
  throw new MemoError('M1003', `There is no job "${name}".${didYouMean(name, names)}`, {
    fix: `The jobs are: ${listed}.`,
    details: { job: name },
  });
}
