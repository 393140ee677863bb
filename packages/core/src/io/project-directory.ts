import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

const CONFIG_FILES = ['ts', 'mts', 'js', 'mjs'].map((extension) => `memo.config.${extension}`);

/**
 * The directory that relative store paths and `.memo` belong to: that of the nearest `memo.config.*` above the working
 * directory, else of the nearest package.json, else the working directory.
 */
export function projectDirectory(from: string = process.cwd()): string {
  return nearest(from, CONFIG_FILES) ?? nearest(from, ['package.json']) ?? from;
}

function nearest(from: string, names: readonly string[]): string | undefined {
  for (let directory = from; ; directory = dirname(directory)) {
    if (names.some((name) => existsSync(join(directory, name)))) return directory;
    if (dirname(directory) === directory) return undefined;
  }
}
