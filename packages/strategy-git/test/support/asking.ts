import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CodeVersion, OpVersionContext } from '@memo/core/plugin';
import type { FileClosure } from '@memo/strategy-source-hash';
import { beforeEach, vi } from 'vitest';
import { type CodeFiles, codeFiles, type FilePolicy } from '../../src/code-files.ts';
import { codeVersion, type VersionPolicy } from '../../src/code-version.ts';
import { type TestRepository, temporaryDirectory } from './repository.ts';

/** Runs all tests of a file without the git config of whoever runs them. */
export function isolateGit(): void {
  beforeEach(() => {
    vi.stubEnv('GIT_CONFIG_NOSYSTEM', '1');
    vi.stubEnv('GIT_CONFIG_GLOBAL', '/dev/null');
    return () => vi.unstubAllEnvs();
  });
}

export type Policy = Partial<FilePolicy & VersionPolicy>;

const DEFAULTS: FilePolicy & VersionPolicy = {
  scope: 'imports',
  ignore: [],
  submodules: true,
  filters: 'builtin',
  git: 'git',
  dirty: 'hash',
  onUntrackable: 'warn',
};

/** The closure of code that was loaded from some files: what the file that defines the op imports is not looked at. */
export function closureOf(files: readonly string[]): FileClosure {
  return { files, packages: {}, surroundings: 'none', certainty: 'exact', uncertain: [], loadsLate: false };
}

export const CONTEXT: OpVersionContext = {
  kind: 'op',
  namespace: 'test',
  name: 'main',
  run: () => 1,
  declared: undefined,
  definition: { frames: [], stack: '', definedAt: 0 },
};

/** What is known of the files of an op; the first one defines it. Absolute paths lead out of the repository. */
export async function filesOf(
  repository: TestRepository,
  files: readonly string[],
  policy: Policy = {},
): Promise<CodeFiles> {
  const paths = files.map((file) => (file.startsWith('/') ? file : repository.path(file)));
  const [found] = await codeFiles([CONTEXT], [closureOf(paths)], { ...DEFAULTS, ...policy });
  if (found === undefined) throw new Error('there is no answer');
  return found;
}

/** The version of an op whose code was loaded from these files. What counts beside code is taken for loaded, too, new as it is. */
export async function versionOf(
  repository: TestRepository,
  files: readonly string[],
  policy: Policy = {},
): Promise<CodeVersion> {
  const found = await filesOf(repository, files, policy);
  const { digest, files: shown, uncommitted, isDoubtful, roots, findings } = found.set;
  const set = { digest, files: shown, uncommitted, edited: [], isDoubtful, roots, findings };
  return codeVersion(
    { context: CONTEXT, closure: closureOf(files), files: { ...found, set } },
    { ...DEFAULTS, ...policy },
  );
}

/** A git that writes down what it is asked, a line a process. */
export function loggedGit(): { readonly git: string; lines(): readonly string[] } {
  const directory = temporaryDirectory();
  const [git, log] = [join(directory, 'git'), join(directory, 'log')];
  writeFileSync(git, `#!/bin/sh\nprintf '%s\\n' "$*" | tr '\\n' ' ' >> '${log}'\necho >> '${log}'\nexec git "$@"\n`);
  chmodSync(git, 0o755);
  return { git, lines: () => (existsSync(log) ? readFileSync(log, 'utf8').trimEnd().split('\n') : []) };
}
