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

/** What became of files that were seen. */
export interface FilesAgain {
  /** Paths of those that are not as they were seen. */
  readonly changed: readonly string[];
  /** Path → look, of those that are. */
  readonly same: ReadonlyMap<string, string>;
}

/**
 * What became of the files that were seen, when everything else is as it was, as far as a look at times and names can tell, and all is what this
 * process loaded; else `undefined`. Files are read only where their times may miss a change. Anything that is in doubt, or cannot be
 * looked at, is taken for another.
 */
export function filesAgain(seen: StoredSightings, options: SameDiskOptions): FilesAgain | undefined {
  const disk = new DiskAgain((options.age ?? new FileAge()).atOnce());
  try {
    const isSame =
      seen.directories.every((directory) => disk.hasSame(directory)) &&
      seen.links.every(([link, real]) => disk.leadsTo(link, real)) &&
      resolvesTheSame(seen, options);
    return isSame ? disk : undefined;
  } catch {
    return undefined;
  }
}

/** What one resolver has found it finds again: a new one looks. */
function resolvesTheSame({ resolutions }: StoredSightings, { conditions, tsconfig }: SameDiskOptions): boolean {
  if (resolutions.length === 0) return true;
  const resolution = new PackageResolution(conditions, tsconfig);
  return resolutions.every((asked) => resolution.find(asked).join('\0') === asked.found.join('\0'));
}

class DiskAgain implements FilesAgain {
  /** Files that were there when they were loaded, but with another content. */
  readonly changed: string[] = [];
  readonly same: Map<string, string> = new Map();
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
    return (looksSame || this.#holdsTheSame(directory)) && files.every((file) => this.#hasFile(path, file));
  }

  #holdsTheSame({ path, listing, entries }: StoredDirectory): boolean {
    if (listing !== '' && listingOf(readdirSync(path, { withFileTypes: true })) !== listing) return false;
    return Object.entries(entries).every(([kind, names]) => names.every((name) => kindAt(join(path, name)) === kind));
  }

  #hasFile(directory: string, [name, look, bytes]: StoredFile): boolean {
    const path = `${directory}/${name}`;
    const stats = lstatSync(path, { throwIfNoEntry: false });
    if (stats?.isFile() !== true || this.#age.isNew(stats)) return false;
    const isSame = lookOf(stats) === look && (bytes === '' || this.#bytesOf(path, stats) === bytes);
    if (isSame) this.same.set(path, look);
    else this.changed.push(path);
    return true;
  }

  #bytesOf(path: string, stats: Stats): string | undefined {
    const read = readSteadily(path);
    return read === undefined || lookOf(read.stats) !== lookOf(stats) ? undefined : digestBytes(read.bytes);
  }
}

function kindAt(path: string): string {
  return kindOf(lstatSync(path, { throwIfNoEntry: false })) ?? 'nothing';
}
