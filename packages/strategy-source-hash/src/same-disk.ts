import { lstatSync, readdirSync, type Stats } from 'node:fs';
import { join } from 'node:path';
import { digestBytes } from './digest.ts';
import { FileAge } from './file-age.ts';
import { PackageResolution } from './package-resolution.ts';
import type { RuntimeConditions } from './runtime-conditions.ts';
import { kindOf, listingOf, realPathOf } from './sightings.ts';
import { hasLookAt, lookAt, lookOf, newestOf, readSteadily } from './source-files.ts';
import type { StoredDirectory, StoredSightings } from './stored-sightings.ts';

const MAYBE = { throwIfNoEntry: false } as const;

export interface SameDiskOptions {
  readonly conditions: RuntimeConditions;
  readonly tsconfig: string | undefined;
  readonly age?: FileAge;
}

/** What became of files that were seen. */
export interface FilesAgain {
  /** Paths of those that are not as they were seen, or are gone. */
  readonly changed: readonly string[];
  /** Adds the looks of those that are, by path. */
  addTo(looks: Map<string, string>): void;
}

/**
 * What became of the files that were seen, when everything else is as it was, as far as a look at times and names can tell, and all is what this
 * process loaded; else `undefined`. Files are read only where their times may miss a change. Anything that is in doubt, or cannot be
 * looked at, is taken for another.
 */
export function filesAgain(seen: StoredSightings, options: SameDiskOptions): FilesAgain | undefined {
  const disk = new DiskAgain(seen, (options.age ?? new FileAge()).atOnce());
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
  /** Files that were there when they were loaded, but with another content, and files that were gone by then. */
  readonly changed: string[] = [];
  readonly #seen: StoredSightings;
  readonly #age: FileAge;

  constructor(seen: StoredSightings, age: FileAge) {
    this.#seen = seen;
    this.#age = age;
  }

  addTo(looks: Map<string, string>): void {
    const changed = new Set(this.changed);
    for (const { path, names, looks: numbers } of this.#seen.directories)
      for (let at = 0; at < names.length; at += 1) {
        const file = `${path}/${names[at]}`;
        if (!changed.has(file)) looks.set(file, lookAt(numbers, at));
      }
  }

  leadsTo(link: string, real: string): boolean {
    const stats = lstatSync(link, MAYBE);
    return stats !== undefined && !this.#age.isNewEntry(stats) && realPathOf(link) === real;
  }

  hasSame(directory: StoredDirectory): boolean {
    const { path, inode, look, isSettled } = directory;
    const stats = lstatSync(path, MAYBE);
    if (stats?.isDirectory() !== true || stats.ino !== inode) return false;
    if (isSettled && this.#age.isNewEntry(stats)) return false;
    // Windows need not stamp a directory in which something appears.
    const looksSame = process.platform !== 'win32' && lookOf(stats) === look;
    return (looksSame || this.#holdsTheSame(directory)) && this.#hasFiles(directory, stats);
  }

  #holdsTheSame({ path, listing, entries }: StoredDirectory): boolean {
    if (listing !== '' && listingOf(readdirSync(path, { withFileTypes: true })) !== listing) return false;
    return Object.entries(entries).every(([kind, names]) => names.every((name) => kindAt(join(path, name)) === kind));
  }

  /** Made of as little as can be: for most programs this is what asking again takes. */
  #hasFiles({ path: directory, names, looks, bytes }: StoredDirectory, its: Stats): boolean {
    const racy = bytes.length === 0 ? undefined : new Map(bytes);
    const areOld = this.#age.areOld(newestOf(looks));
    for (let at = 0; at < names.length; at += 1) {
      const path = `${directory}/${names[at]}`;
      const stats = lstatSync(path, MAYBE);
      if (stats === undefined) {
        // It may have been loaded before it went.
        if (this.#age.isNewEntry(its)) return false;
        this.changed.push(path);
        continue;
      }
      const looksSame = hasLookAt(stats, looks, at);
      // What has the look of a file that was read is that file.
      const isOld = looksSame && areOld;
      if (!isOld && (!stats.isFile() || this.#age.isNew(stats))) return false;
      const digest = racy?.get(at);
      if (!looksSame || (digest !== undefined && this.#bytesOf(path, stats) !== digest)) this.changed.push(path);
    }
    return true;
  }

  #bytesOf(path: string, stats: Stats): string | undefined {
    const read = readSteadily(path);
    return read === undefined || lookOf(read.stats) !== lookOf(stats) ? undefined : digestBytes(read.bytes);
  }
}

function kindAt(path: string): string {
  return kindOf(lstatSync(path, MAYBE)) ?? 'nothing';
}
