import { existsSync, readdirSync, statSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** Bytes and number of the files under a directory; nothing when there is none. */
export function usage(directory: string): { bytes: number; files: number } {
  const total = { bytes: 0, files: 0 };
  if (!existsSync(directory)) return total;
  for (const entry of readdirSync(directory, { withFileTypes: true, recursive: true })) {
    if (!entry.isFile()) continue;
    total.bytes += statSync(join(entry.parentPath, entry.name)).size;
    total.files++;
  }
  return total;
}

/** Writes a whole file or none: a reader never sees half of it. */
export async function writeWhole(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const unfinished = `${path}.${process.pid}.tmp`;
  try {
    await writeFile(unfinished, text);
    await rename(unfinished, path);
  } finally {
    await rm(unfinished, { force: true });
  }
}
