import { type Dirent, readdirSync, realpathSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { byCodeUnits } from './digest.ts';

const SKIPPED: ReadonlySet<string> = new Set(['node_modules', '.git']);

/** All files below a directory, in a fixed order: links are followed, `node_modules` and `.git` left out. */
export function filesBelow(directory: string): readonly string[] {
  return collect(directory, new Set());
}

/** `open` holds the real paths of the directories around this one, against links that lead back to them. */
function collect(directory: string, open: ReadonlySet<string>): readonly string[] {
  const real = realpathSync.native(directory);
  if (open.has(real)) return [];
  const around = new Set([...open, real]);
  const entries = readdirSync(directory, { withFileTypes: true });
  return entries
    .filter((entry) => !SKIPPED.has(entry.name))
    .sort((left, right) => byCodeUnits(left.name, right.name))
    .flatMap((entry) => {
      const path = join(directory, entry.name);
      const kind = kindOf(entry, path);
      if (kind?.isDirectory() === true) return collect(path, around);
      return kind?.isFile() === true ? [path] : [];
    });
}

function kindOf(entry: Dirent, path: string): Pick<Dirent, 'isDirectory' | 'isFile'> | undefined {
  return entry.isSymbolicLink() ? statSync(path, { throwIfNoEntry: false }) : entry;
}
