import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The `.memo` directory of a project. When it is new it gets a `.gitignore` of its own, so that nothing of it is committed by accident;
 * who deletes that file later had a reason. Throws nothing: what cannot be made fails where it is written.
 */
export function memoDirectory(project: string): string {
  const directory = join(project, '.memo');
  if (existsSync(directory)) return directory;
  try {
    mkdirSync(directory, { recursive: true });
    writeFileSync(join(directory, '.gitignore'), '*\n', { flag: 'wx' });
  } catch {
    // The journal or record store says it, with its own path and fix.
  }
  return directory;
}
