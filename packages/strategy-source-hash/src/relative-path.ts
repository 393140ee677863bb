import { relative, sep } from 'node:path';

/** The path from a directory to a file, with slashes on every system. */
export function relativePath(from: string, to: string): string {
  return sep === '/' ? relative(from, to) : relative(from, to).replaceAll(sep, '/');
}
