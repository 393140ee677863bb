import { type Dirent, readdirSync, realpathSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { byCodeUnits } from './digest.ts';

const SKIPPED: ReadonlySet<string> = new Set(['node_modules', '.git']);

/** All files below a directory, in a fixed order: links are followed, `node_modules` and `.git` left out. */
export function filesBelow(directory: string): readonly string[] {
  return collect(directory, new Set(), (name) => SKIPPED.has(name));
}

/** {@link filesBelow} without names that begin with a dot; none when there is no such directory. */
export function visibleFilesBelow(directory: string): readonly string[] {
  if (statSync(directory, { throwIfNoEntry: false })?.isDirectory() !== true) return [];
  return collect(directory, new Set(), (name) => SKIPPED.has(name) || name.startsWith('.'));
}

/** `open` holds the real paths of the directories around this one, against links that lead back to them. */
function collect(
  directory: string,
  open: ReadonlySet<string>,
  isSkipped: (name: string) => boolean,
): readonly string[] {
  const real = realpathSync.native(directory);
  if (open.has(real)) return [];
  const around = new Set([...open, real]);
  const entries = readdirSync(directory, { withFileTypes: true });
  return entries
    .filter((entry) => !isSkipped(entry.name))
    .sort((left, right) => byCodeUnits(left.name, right.name))
    .flatMap((entry) => {
      const path = join(directory, entry.name);
      const kind = kindOf(entry, path);
      if (kind?.isDirectory() === true) return collect(path, around, isSkipped);
      return kind?.isFile() === true ? [path] : [];
    });
}

function kindOf(entry: Dirent, path: string): Pick<Dirent, 'isDirectory' | 'isFile'> | undefined {
  return entry.isSymbolicLink() ? statSync(path, { throwIfNoEntry: false }) : entry;
}
