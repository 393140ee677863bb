import { dirname, join } from 'node:path';
import { MemoError } from '@memo/core/plugin';
import { type FileSystem, systemCode } from './file-system.ts';
import { INNER_FILE } from './found-object.ts';
import type { ObjectPath } from './object-path.ts';

/** Where {@link removeObject} works. */
export interface RemovalPlace {
  readonly root: string;
  /** A free path, to which a directory is moved before it is emptied: nobody sees it half removed. */
  readonly aside: string;
}

/**
 * Removes what is at the address of an object, and the directories that are empty then; `false` when nothing was there.
 * A directory that no store made is left alone.
 */
export function removeObject(files: FileSystem, object: ObjectPath, place: RemovalPlace): boolean {
  const stats = files.lookSync(object.path);
  if (stats === undefined) return false;
  if (stats.isDirectory()) removeObjectDirectory(files, object.path, place.aside);
  else files.unlinkSync(object.path);
  removeEmptyDirectories(files, object.directory, place.root);
  return true;
}

function removeObjectDirectory(files: FileSystem, path: string, aside: string): void {
  if (files.readdirSync(path).some((name) => name !== INNER_FILE)) {
    throw new MemoError('M5006', `Cannot delete ${path}`, {
      because: 'it is a directory with files that no store made',
      fix: `move ${path} out of the store`,
      details: { path },
    });
  }
  files.mkdirSync(dirname(aside), { recursive: true });
  files.renameSync(path, aside);
  files.rmSync(aside, { recursive: true, force: true });
}

// A writer that needs a directory again makes it again.
function removeEmptyDirectories(files: FileSystem, directory: string, root: string): void {
  for (let current = directory; dirname(current) !== root; current = join(current, '..')) {
    try {
      files.rmdirSync(current);
    } catch (error) {
      if (systemCode(error) !== undefined) return;
      throw error;
    }
  }
}
