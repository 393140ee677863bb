import { sep } from 'node:path';
import { pathFrom } from './work-tree.ts';

/** A file, found by the work tree that it is in. */
export interface Located {
  /** The root of its work tree; `undefined` outside of repositories. */
  readonly root: string | undefined;
  /** From the root; the absolute path outside of repositories. */
  readonly name: string;
  /** Its absolute path, which tells it from every other file. */
  readonly key: string;
}

export function fileIn(root: string, name: string): Located {
  return { root, name, key: `${root}/${name}` };
}

/** The file at an absolute path. */
export function fileAt(path: string, root: string | undefined): Located {
  if (root === undefined) return { root, name: path, key: path };
  const name = pathFrom(root, path);
  // One text for a path, whose hash the engine knows by then.
  return sep === '/' ? { root, name, key: path } : fileIn(root, name);
}
