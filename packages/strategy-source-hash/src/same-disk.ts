import { lstatSync, readdirSync, type Stats } from 'node:fs';
import { join } from 'node:path';
import { digestBytes } from './digest.ts';
import { FileAge } from './file-age.ts';
import { PackageResolution } from './package-resolution.ts';
import type { RuntimeConditions } from './runtime-conditions.ts';
import { kindOf, listingOf, realPathOf } from './sightings.ts';
import { lookOf, readSteadily } from './source-files.ts';
import type { StoredDirectory, StoredFile, StoredSightings } from './stored-sightings.ts';

export interface SameDiskOptions {
  readonly conditions: RuntimeConditions;
  readonly tsconfig: string | undefined;
  readonly age?: FileAge;
}

/**
 * True when all that was seen is as it was, and is what this process loaded, as far as a look at times and names can tell. Files
 * are read only where their times may miss a change. Anything that is in doubt, or cannot be looked at, is taken for another.
 */
export function isSameDisk(seen: StoredSightings, options: SameDiskOptions): boolean {
  const disk = new DiskAgain((options.age ?? new FileAge()).atOnce());
  try {
    return (
      seen.directories.every((directory) => disk.hasSame(directory)) &&
      seen.links.every(([link, real]) => disk.leadsTo(link, real)) &&
      resolvesTheSame(seen, options)
    );
  } catch {
    return false;
  }
}

/** What one resolver has found it finds again: a new one looks. */
function resolvesTheSame({ resolutions }: StoredSightings, { conditions, tsconfig }: SameDiskOptions): boolean {
  if (resolutions.length === 0) return true;
  const resolution = new PackageResolution(conditions, tsconfig);
  return resolutions.every((asked) => resolution.find(asked).join('\0') === asked.found.join('\0'));
}

class DiskAgain {
  readonly #age: FileAge;

  constructor(age: FileAge) {
    this.#age = age;
  }

  leadsTo(link: string, real: string): boolean {
    const stats = lstatSync(link, { throwIfNoEntry: false });
    return stats !== undefined && !this.#age.isNewEntry(stats) && realPathOf(link) === real;
  }

  hasSame(directory: StoredDirectory): boolean {
    const { path, inode, look, isSettled, files } = directory;
    const stats = lstatSync(path, { throwIfNoEntry: false });
    if (stats?.isDirectory() !== true || stats.ino !== inode) return false;
    if (isSettled && this.#age.isNewEntry(stats)) return false;
    // Windows need not stamp a directory in which something appears.
    const looksSame = process.platform !== 'win32' && lookOf(stats) === look;
    return (looksSame || this.#holdsTheSame(directory)) && files.every((file) => this.#isSame(path, file));
  }

  #holdsTheSame({ path, listing, entries }: StoredDirectory): boolean {
    if (listing !== '' && listingOf(readdirSync(path, { withFileTypes: true })) !== listing) return false;
    return Object.entries(entries).every(([kind, names]) => names.every((name) => kindAt(join(path, name)) === kind));
  }

  #isSame(directory: string, [name, look, bytes]: StoredFile): boolean {
    const path = `${directory}/${name}`;
    const stats = lstatSync(path, { throwIfNoEntry: false });
    if (stats?.isFile() !== true || lookOf(stats) !== look || this.#age.isNew(stats)) return false;
    return bytes === '' || this.#bytesOf(path, stats) === bytes;
  }

  #bytesOf(path: string, stats: Stats): string | undefined {
    const read = readSteadily(path);
    return read === undefined || lookOf(read.stats) !== lookOf(stats) ? undefined : digestBytes(read.bytes);
  }
}

function kindAt(path: string): string {
  return kindOf(lstatSync(path, { throwIfNoEntry: false })) ?? 'nothing';
}
