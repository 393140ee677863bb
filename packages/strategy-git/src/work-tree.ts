import { existsSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';

/** Finds the work trees that files are in. Made for one question, because a `.git` may appear and vanish. */
export class WorkTrees {
  readonly #roots = new Map<string, string | undefined>();

  /** The top directory of the work tree that a directory is in: the nearest one that has a `.git`, be it a directory or a file. */
  rootOf(directory: string): string | undefined {
    if (this.#roots.has(directory)) return this.#roots.get(directory);
    const parent = dirname(directory);
    const above = (): string | undefined => (parent === directory ? undefined : this.rootOf(parent));
    const root = existsSync(join(directory, '.git')) ? directory : above();
    this.#roots.set(directory, root);
    return root;
  }
}

/** The path from a directory, with slashes on every system. */
export function pathFrom(directory: string, path: string): string {
  return sep === '/' ? relative(directory, path) : relative(directory, path).replaceAll(sep, '/');
}

/** The nearest directory at or above one that has a package.json, not above `top`. */
export function packageAbove(directory: string, top: string): string {
  for (let current = directory; current !== top; current = dirname(current)) {
    if (existsSync(join(current, 'package.json')) || dirname(current) === current) return current;
  }
  return top;
}
