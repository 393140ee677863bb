import { execFile } from 'node:child_process';
import { userInfo } from 'node:os';

const LONGEST_MS = 2_000;

/**
 * What a run says of where it comes from, as tags: commit, whether something differs from it, and who ran it. Without git, or
 * outside a repository, only who.
 */
export async function originTags(directory: string): Promise<Readonly<Record<string, string>>> {
  const [commit, changes] = await Promise.all([
    git(directory, ['rev-parse', '--short=7', 'HEAD']),
    git(directory, ['status', '--porcelain', '--untracked-files=no']),
  ]);
  const user = userName();
  return {
    ...(commit === undefined ? {} : { 'memo/commit': commit }),
    ...(commit === undefined || changes === '' ? {} : { 'memo/dirty': 'true' }),
    ...(user === undefined ? {} : { 'memo/by': user }),
  };
}

function git(cwd: string, args: readonly string[]): Promise<string | undefined> {
  return new Promise((resolve) => {
    const options = { cwd, timeout: LONGEST_MS, windowsHide: true };
    execFile('git', ['--no-optional-locks', ...args], options, (error, stdout) =>
      resolve(error === null ? stdout.trim() : undefined),
    );
  });
}

function userName(): string | undefined {
  try {
    return userInfo().username || undefined;
  } catch {
    return undefined;
  }
}
