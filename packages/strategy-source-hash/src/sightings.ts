import { type Dirent, lstatSync, readdirSync, realpathSync, type Stats } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { byCodeUnits, type Digest, digestBytes, digestList } from './digest.ts';
import { FileAge } from './file-age.ts';
import type { Resolution } from './resolution.ts';
import { type FileKind, type Leads, lookOf } from './source-files.ts';

/** A directory in which something was looked for. */
export interface SeenDirectory {
  readonly path: string;
  readonly inode: number;
  /** What its times were before anything was looked for in it; empty when they may miss a later change. */
  readonly look: string;
  /** Name → what was there. */
  readonly entries: Map<string, FileKind | 'nothing'>;
  /** Digest of all names and kinds, where all counted. */
  listing: Digest | undefined;
  /** True when it counted whether entries changed since code was loaded. */
  isSettled: boolean;
}

/** A file that was read. */
export interface SeenFile {
  readonly look: string;
  /** Digest of the bytes, where the look may miss a later change. */
  readonly bytes: Digest | undefined;
  /** Aspect → digest of what counted. The whole content is the aspect without a name. */
  readonly contents: Map<string, Digest>;
}

/** What an earlier process saw, directory by directory. */
export interface EarlierSightings {
  in(
    directory: string,
  ): { readonly directory: SeenDirectory; readonly files: ReadonlyMap<string, SeenFile> } | undefined;
}

type Place = { readonly path: string; readonly stats: Stats };

/**
 * All that was looked at on disk to answer a question: files that were read, names that were looked for and found or not, links, listings.
 * As long as all of it is as it was, the answer is. The first look at a thing is the one that counts.
 */
export class Sightings {
  /** By real path, those above included: a path means the same file only while they are the same. */
  readonly directories: Map<string, SeenDirectory> = new Map();
  readonly files: Map<string, SeenFile> = new Map();
  /** Link → real path of what it leads to; empty when that is nothing. */
  readonly links: Map<string, string> = new Map();
  readonly resolutions: Map<string, Resolution> = new Map();
  readonly #age: FileAge;
  readonly #before: EarlierSightings | undefined;
  /** By path as it was asked for. */
  readonly #known = new Map<string, SeenDirectory>();

  constructor(age: FileAge = new FileAge(), before?: EarlierSightings) {
    this.#age = age;
    this.#before = before;
  }

  /** What is at a path, links followed. */
  kindOf(path: string): FileKind | undefined {
    return kindOf(this.#place(path)?.stats);
  }

  realPath(path: string): string {
    const place = this.#place(path);
    const real = realpathSync.native(path);
    if (place?.path !== real) this.links.set(path, real);
    return real;
  }

  /** What a directory holds; throws as `readdirSync` does. */
  entriesOf(directory: string): readonly Dirent[] {
    const seen = this.#directory(directory);
    const entries = readdirSync(directory, { withFileTypes: true });
    if (seen !== undefined) seen.listing ??= listingOf(entries);
    return entries;
  }

  /** It counts that no entry of a directory appeared or vanished since code was loaded. */
  settled(directory: string): void {
    const seen = this.#directory(directory);
    if (seen !== undefined) seen.isSettled = true;
  }

  /** A file was read; `stats` are of the moment when it was. */
  read(path: string, stats: Stats, { bytes, aspect, digest }: ReadContent): void {
    const place = this.#place(path)?.path ?? path;
    const known = this.files.get(place);
    if (known !== undefined) {
      if (!known.contents.has(aspect)) known.contents.set(aspect, digest);
      return;
    }
    const isRacy = this.#age.isRacy(stats);
    this.files.set(place, {
      look: lookOf(stats),
      bytes: isRacy ? digestBytes(bytes) : undefined,
      contents: new Map([[aspect, digest]]),
    });
  }

  /** It counts what a file that was read leads to. */
  led(path: string, { name, digest }: Leads): void {
    const contents = this.files.get(path)?.contents;
    if (contents?.has(name) === false) contents.set(name, digest);
  }

  resolved(resolution: Resolution): void {
    const key = [resolution.via, resolution.from, resolution.specifier].join('\0');
    if (!this.resolutions.has(key)) this.resolutions.set(key, resolution);
  }

  /** Takes over what was seen in a directory before; `undefined` where that was nothing. */
  recall(path: string): SeenDirectory | undefined {
    const seen = this.#before?.in(path);
    if (seen === undefined) return undefined;
    this.directories.set(path, seen.directory);
    for (const [file, known] of seen.files) this.files.set(file, known);
    return seen.directory;
  }

  /** What is at a path once links are followed, each step of the way noted. */
  #place(path: string): Place | undefined {
    const parent = dirname(path);
    if (parent === path) return { path, stats: lstatSync(path) };
    const directory = this.#directory(parent);
    return directory === undefined ? undefined : this.#entry(directory, basename(path));
  }

  #entry(directory: SeenDirectory, name: string): Place | undefined {
    const path = join(directory.path, name);
    const stats = lstatSync(path, { throwIfNoEntry: false });
    if (stats?.isSymbolicLink() === true) return this.#follow(path);
    if (!directory.entries.has(name)) directory.entries.set(name, kindOf(stats) ?? 'nothing');
    return stats && { path, stats };
  }

  #follow(link: string): Place | undefined {
    const real = this.links.get(link) ?? realPathOf(link);
    this.links.set(link, real);
    return real === '' ? undefined : this.#place(real);
  }

  #directory(path: string): SeenDirectory | undefined {
    const known = this.#known.get(path);
    if (known !== undefined) return known;
    const place = this.#place(path);
    if (place?.stats.isDirectory() !== true) return undefined;
    const found = this.#enter(place);
    this.#known.set(path, found);
    return found;
  }

  #enter({ path, stats }: Place): SeenDirectory {
    const known = this.directories.get(path) ?? this.recall(path);
    if (known !== undefined) return known;
    const look = this.#age.isRacy(stats) ? '' : lookOf(stats);
    const seen = { path, inode: stats.ino, look, entries: new Map(), listing: undefined, isSettled: false };
    this.directories.set(path, seen);
    return seen;
  }
}

interface ReadContent {
  readonly bytes: Uint8Array;
  readonly aspect: string;
  readonly digest: Digest;
}

/** The names in a directory with what they are, whatever their order. */
export function listingOf(entries: readonly Dirent[]): Digest {
  const lines = entries.map((entry) => `${entry.name}/${entry.isSymbolicLink() ? 'link' : kindOf(entry)}`);
  return digestList(lines.sort(byCodeUnits));
}

/** Where a link leads; empty when that is nothing. */
export function realPathOf(link: string): string {
  try {
    return realpathSync.native(link);
  } catch {
    return '';
  }
}

export function kindOf(entry: Pick<Dirent, 'isFile' | 'isDirectory'> | undefined): FileKind | undefined {
  if (entry === undefined) return undefined;
  return entry.isFile() ? 'file' : entry.isDirectory() ? 'directory' : 'other';
}
