import { relative, sep } from 'node:path';

/** The path from a directory to a file, with slashes on every system. */
export function relativePath(from: string, to: string): string {
  return sep === '/' ? relative(from, to) : relative(from, to).replaceAll(sep, '/');
}

/** Relative paths from one directory, each found once. */
export class RelativePaths {
  static readonly #known = new Map<string, RelativePaths>();
  readonly #directory: string;
  readonly #paths = new Map<string, string>();

  private constructor(directory: string) {
    this.#directory = directory;
  }

  static from(directory: string): RelativePaths {
    const known = RelativePaths.#known.get(directory) ?? new RelativePaths(directory);
    RelativePaths.#known.set(directory, known);
    return known;
  }

  to(path: string): string {
    const known = this.#paths.get(path) ?? relativePath(this.#directory, path);
    this.#paths.set(path, known);
    return known;
  }
}
