import { execFile, type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { gitFailed, gitNotFound } from './git-errors.ts';

/** A directory whose files belong to a repository, and the git that reads it. */
export interface GitPlace {
  readonly git: string;
  /** The top directory of the work tree. */
  readonly root: string;
}

/** More than any repository says; a program that says more is stopped. */
const MAX_OUTPUT = 256 * 1024 * 1024;
const TIMEOUT_MS = 120_000;
const LONGEST_MESSAGE = 500;

/** Nothing that the config of a repository names is started: no monitor, no hooks, no pager, no signature check. */
const GLOBAL_ARGUMENTS = [
  '--no-pager',
  '-c',
  'core.fsmonitor=false',
  '-c',
  'core.hooksPath=/dev/null',
  '-c',
  'core.safecrlf=false',
  '-c',
  'log.showSignature=false',
] as const;

/** What git printed, and how it failed if it did. */
export interface GitAnswer {
  readonly output: Buffer;
  readonly failure: Error | undefined;
}

/**
 * Runs git without a shell. It only reads: no locks are taken, no index is refreshed, nothing is fetched.
 *
 * Throws M4020 when git cannot be started. M4022 is the failure of a git that ends with an error.
 */
export function runGit({ git, root }: GitPlace, args: readonly string[], input?: Buffer): Promise<GitAnswer> {
  return new Promise((done, failed) => {
    const child = execFile(git, [...GLOBAL_ARGUMENTS, ...args], optionsFor(root), (error, output, stderr) => {
      if (error !== null && isMissing(error)) failed(gitNotFound(git, error));
      else done({ output, failure: error === null ? undefined : failureOf({ git, root }, args, { error, stderr }) });
    });
    // A git that fails early closes its input: what it says then tells more than that.
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(input);
  });
}

/**
 * What git printed.
 *
 * Throws M4020 when git cannot be started, and M4022 when it fails.
 */
export async function askGit(place: GitPlace, args: readonly string[], input?: Buffer): Promise<Buffer> {
  const { output, failure } = await runGit(place, args, input);
  if (failure !== undefined) throw failure;
  return output;
}

/**
 * The same while the process waits. For what git answers at once: waiting for it takes less than a fifth of what it takes this process to listen
 * to a program.
 *
 * Throws M4020 when git cannot be started. M4022 is the failure of a git that ends with an error.
 */
export function runGitNow({ git, root }: GitPlace, args: readonly string[]): GitAnswer {
  const ended = spawnSync(git, [...GLOBAL_ARGUMENTS, ...args], {
    ...optionsFor(root),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const { pid, status, stdout: output, stderr } = ended;
  if (pid === 0) throw gitNotFound(git, ended.error ?? new Error('it did not start'));
  if (ended.error === undefined && status === 0) return { output, failure: undefined };
  return { output, failure: failureOf({ git, root }, args, { error: errorOf(ended), stderr }) };
}

function errorOf({ error, status, signal }: SpawnSyncReturns<Buffer>): Failure['error'] {
  const isTooMuch = (error as NodeJS.ErrnoException | undefined)?.code === 'ENOBUFS';
  const found = isTooMuch ? new Error('maxBuffer exceeded') : (error ?? new Error(`it ended with ${status ?? signal}`));
  return Object.assign(found, { killed: signal !== null && !isTooMuch });
}

/** What git printed while the process waited; `undefined` when it cannot answer. */
export function askGitNow(place: GitPlace, args: readonly string[]): Buffer | undefined {
  try {
    const { output, failure } = runGitNow(place, args);
    return failure === undefined ? output : undefined;
  } catch {
    return undefined;
  }
}

function optionsFor(root: string) {
  return { cwd: root, encoding: 'buffer', maxBuffer: MAX_OUTPUT, timeout: TIMEOUT_MS, env: environment() } as const;
}

/** True when no program was started at all; a number is the exit code of one that was. */
function isMissing({ code }: { readonly code?: unknown }): boolean {
  return typeof code === 'string' && /^E[A-Z0-9]+$/.test(code);
}

interface Failure {
  readonly error: Error & { readonly killed?: boolean | undefined };
  readonly stderr: Buffer;
}

function failureOf({ root }: GitPlace, args: readonly string[], { error, stderr }: Failure): Error {
  const said = printable(stderr.toString()) || (error.killed === true ? 'it took too long' : printable(error.message));
  return gitFailed(root, args[0] ?? '', said);
}

function printable(text: string): string {
  return text
    .replace(/[^\P{C}]+/gu, ' ')
    .trim()
    .slice(0, LONGEST_MESSAGE);
}

/** What of git's own variables is kept: where its program parts and the user's config are. */
const KEPT = /^GIT_(?:EXEC_PATH|CONFIG_(?:NOSYSTEM|SYSTEM|GLOBAL|COUNT|KEY_\d+|VALUE_\d+))$/;

/**
 * The environment of git: where a file lies decides its repository, so variables that point elsewhere (as they are set in hooks) are
 * left out, and traces are not written.
 */
function environment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !/^GIT_/i.test(name) || KEPT.test(name));
  return {
    ...Object.fromEntries(kept),
    LC_ALL: 'C',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_TERMINAL_PROMPT: '0',
    GIT_NO_LAZY_FETCH: '1',
    GIT_ALLOW_PROTOCOL: 'none',
    GIT_NO_REPLACE_OBJECTS: '1',
    GIT_LITERAL_PATHSPECS: '1',
  };
}
