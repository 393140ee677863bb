import { existsSync } from 'node:fs';
import { dirname, relative, sep } from 'node:path';

/** Finds the work trees that files are in. Made for one question, because a `.git` may appear and vanish. */
export class WorkTrees {
  readonly #roots = new Map<string, string | undefined>();
  readonly #packages = new Map<string, string>();

  /** The top directory of the work tree that a directory is in: the nearest one that has a `.git`, be it a directory or a file. */
  rootOf(directory: string): string | undefined {
    if (this.#roots.has(directory)) return this.#roots.get(directory);
    const parent = dirname(directory);
    const above = (): string | undefined => (parent === directory ? undefined : this.rootOf(parent));
    const root = existsSync(`${directory}/.git`) ? directory : above();
    this.#roots.set(directory, root);
    return root;
  }

  /** The nearest directory at or above one that has a package.json; the root of the work tree where there is none. */
  packageOf(directory: string): string {
    const known = this.#packages.get(directory);
    if (known !== undefined) return known;
    const isTop = directory === this.rootOf(directory) || dirname(directory) === directory;
    const found = isTop || existsSync(`${directory}/package.json`) ? directory : this.packageOf(dirname(directory));
    this.#packages.set(directory, found);
    return found;
  }
}

/** The path from a directory, with slashes on every system. */
export function pathFrom(directory: string, path: string): string {
  if (path === directory) return '';
  if (sep === '/' && path.startsWith(`${directory}/`)) return path.slice(directory.length + 1);
  return sep === '/' ? relative(directory, path) : relative(directory, path).replaceAll(sep, '/');
}
