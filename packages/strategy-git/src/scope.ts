import { posix } from 'node:path';

/**
 * Which files count for the version of an op.
 * - `imports`: the file that defines it, and all that this file imports, directly or not;
 * - `package`: also all files of the package that defines it (the nearest package.json);
 * - `commit`: also all files of the repository;
 * - `{ paths }`: files, directories and patterns (`*`, `?`, `**`, `{a,b}`) relative to that package, and nothing else. Code outside them is
 *   reported.
 */
export type GitScope = 'imports' | 'package' | 'commit' | { readonly paths: readonly string[] };

/** Patterns of a package, from the root of its repository. A pattern that leaves the repository is refused with a TypeError. */
export function fromRoot(patterns: readonly string[], packageDirectory: string): readonly string[] {
  return patterns.map((pattern) => {
    const path = posix.normalize(posix.join(packageDirectory, pattern)).replace(/\/$/, '');
    if (path === '..' || path.startsWith('../')) {
      throw new TypeError(`gitVersion: ${JSON.stringify(pattern)} leaves the repository`);
    }
    return path === '.' ? '**' : path;
  });
}

export function isScope(value: unknown): value is GitScope {
  if (typeof value === 'object' && value !== null && 'paths' in value) return isPatternList(value.paths);
  return value === 'imports' || value === 'package' || value === 'commit';
}

/** Patterns are relative, with slashes. */
export function isPatternList(value: unknown): value is readonly string[] {
  return (
    Array.isArray(value) &&
    value.every((one) => typeof one === 'string' && one !== '' && !one.startsWith('/') && !one.includes('\0'))
  );
}
