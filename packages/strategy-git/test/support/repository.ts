import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';

/** Git without the settings of whoever runs the tests. */
export const ISOLATED: Readonly<Record<string, string>> = {
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_AUTHOR_NAME: 'A',
  GIT_AUTHOR_EMAIL: 'a@example.org',
  GIT_AUTHOR_DATE: '2026-03-01T12:00:00Z',
  GIT_COMMITTER_NAME: 'C',
  GIT_COMMITTER_EMAIL: 'c@example.org',
  GIT_COMMITTER_DATE: '2026-03-05T12:00:00Z',
};

/** Texts or bytes by path; `null` deletes. */
export type Files = Readonly<Record<string, string | Uint8Array | null>>;

/** A real repository in a directory of its own, removed with the test. */
export class TestRepository {
  readonly root: string;

  constructor(root: string) {
    this.root = root;
  }

  path(file: string): string {
    return join(this.root, file);
  }

  write(files: Files): void {
    for (const [name, content] of Object.entries(files)) {
      mkdirSync(dirname(this.path(name)), { recursive: true });
      if (content === null) rmSync(this.path(name));
      else writeFileSync(this.path(name), content);
    }
  }

  /** Runs git here, with the given variables beside the isolated ones. */
  git(args: readonly string[], env: Readonly<Record<string, string>> = {}): string {
    return gitIn(this.root, args, env);
  }

  /** Commits everything, optionally after writing files and on another day. */
  commit(files: Files = {}, date?: string): string {
    this.write(files);
    this.git(['add', '-A']);
    const at = date === undefined ? {} : { GIT_AUTHOR_DATE: `${date}T12:00:00Z` };
    this.git(['commit', '-qm', 'a commit', '--allow-empty'], at);
    return this.git(['rev-parse', 'HEAD']).trim();
  }

  /** A digest of every byte below `.git`, with names and times. */
  gitBytes(): string {
    const sum = createHash('sha256');
    for (const name of readdirSync(this.path('.git'), { recursive: true, encoding: 'utf8' }).sort()) {
      const path = join(this.path('.git'), name);
      const stats = statSync(path);
      sum.update(`${name} ${stats.mtimeMs} ${stats.isFile() ? readFileSync(path, 'hex') : ''}\n`);
    }
    return sum.digest('hex');
  }
}

export function gitIn(cwd: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): string {
  const options = {
    cwd,
    encoding: 'utf8' as const,
    env: { PATH: process.env.PATH ?? '', HOME: cwd, ...ISOLATED, ...env },
  };
  return execFileSync('git', ['-c', 'protocol.file.allow=always', ...args], {
    ...options,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** A directory of its own, removed with the test. */
export function temporaryDirectory(): string {
  const directory = realpathSync(mkdtempSync(join(tmpdir(), 'strategy-git-')));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/** A repository with these files in its first commit; with no commit when there are none. */
export function testRepository(files: Files = {}, options: readonly string[] = []): TestRepository {
  const root = join(temporaryDirectory(), 'repository');
  mkdirSync(root);
  gitIn(root, ['init', '-q', '-b', 'main', ...options]);
  const repository = new TestRepository(root);
  if (Object.keys(files).length > 0) repository.commit(files);
  return repository;
}
