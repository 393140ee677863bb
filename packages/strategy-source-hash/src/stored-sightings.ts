import { basename, dirname } from 'node:path';
import type { Digest } from './digest.ts';
import { jsonProperty } from './json-form.ts';
import type { Resolution } from './resolution.ts';
import type { SeenDirectory, SeenFile, Sightings } from './sightings.ts';
import { LOOK_NUMBERS, numbersOfLook } from './source-files.ts';
import { isListOf, isText } from './stored-facts.ts';

/**
 * {@link Sightings} as JSON: what was seen in a directory lies with it, and what many files have in common is written once. Whoever finds that
 * nothing has changed needs these only, so they are numbers in long lists.
 */
export interface StoredSightings {
  readonly directories: readonly StoredDirectory[];
  readonly links: readonly (readonly [link: string, real: string])[];
  readonly resolutions: readonly Resolution[];
}

export interface StoredDirectory {
  readonly path: string;
  readonly inode: number;
  /** Empty when its times may miss a later change. */
  readonly look: string;
  readonly isSettled: boolean;
  /** Empty where not all entries counted. */
  readonly listing: Digest;
  /** Names that were looked for, by what was found. Files that were read are not among them. */
  readonly entries: Readonly<Record<string, readonly string[]>>;
  /** The names of files that were read. */
  readonly names: readonly string[];
  /** How these looked, see {@link numbersOfLook}; one after the other. */
  readonly looks: readonly number[];
  /** The digest of the bytes of those, by their places, whose looks may miss a later change. */
  readonly bytes: readonly (readonly [at: number, bytes: Digest])[];
}

/** What counted of a file that was read, by aspect. The whole content is the aspect without a name. */
export type StoredContent = readonly [aspect: string, digest: Digest];

/** `before` are those that an earlier process has stored: of these only directories are looked at that something was looked for in since. */
export function storedSightings(sightings: Sightings, before?: StoredSightings): StoredSightings {
  const byDirectory = filesByDirectory(sightings);
  const stored = (seen: SeenDirectory): StoredDirectory => storedDirectory(seen, byDirectory.get(seen.path) ?? []);
  const known = before?.directories ?? [];
  const isKnown = new Set(known.map(({ path }) => path));
  const news = [...sightings.directories.values()].filter(({ path }) => !isKnown.has(path));
  const again = known.map((one) => {
    const seen = sightings.directories.get(one.path);
    return seen === undefined ? one : stored(seen);
  });
  return {
    directories: [...again, ...news.map(stored)],
    links: [...sightings.links],
    resolutions: [...sightings.resolutions.values()],
  };
}

type NamedFile = readonly [name: string, file: SeenFile];

function filesByDirectory({ files }: Sightings): ReadonlyMap<string, readonly NamedFile[]> {
  const byDirectory = new Map<string, NamedFile[]>();
  for (const [path, file] of files) {
    const list = byDirectory.get(dirname(path)) ?? [];
    list.push([basename(path), file]);
    byDirectory.set(dirname(path), list);
  }
  return byDirectory;
}

function storedDirectory(
  { path, inode, look, isSettled, listing, entries }: SeenDirectory,
  files: readonly NamedFile[],
): StoredDirectory {
  const names = files.map(([name]) => name);
  const read = new Set(names);
  const byKind: Record<string, string[]> = {};
  for (const [name, kind] of entries) {
    if (read.has(name)) continue;
    byKind[kind] ??= [];
    byKind[kind].push(name);
  }
  return {
    path,
    inode,
    look,
    isSettled,
    listing: listing ?? '',
    entries: byKind,
    names,
    looks: files.flatMap(([, file]) => numbersOfLook(file.look)),
    bytes: files.flatMap(([, file], at) => (file.bytes === undefined ? [] : [[at, file.bytes] as const])),
  };
}

/** The sightings that {@link storedSightings} gave; `undefined` for anything that it cannot have given. */
export function sightingsFrom(stored: unknown): StoredSightings | undefined {
  const [directories, links, resolutions] = ['directories', 'links', 'resolutions'].map((name) =>
    jsonProperty(stored, name),
  );
  const isWhole =
    isListOf(directories, isDirectory) &&
    directories.length > 0 &&
    isListOf(links, (link): link is [string, string] => isListOf(link, isText) && link.length === 2) &&
    isListOf(resolutions, isResolution);
  return isWhole ? { directories, links, resolutions } : undefined;
}

function isDirectory(value: unknown): value is StoredDirectory {
  const entries = jsonProperty(value, 'entries');
  const names = jsonProperty(value, 'names');
  const looks = jsonProperty(value, 'looks');
  return (
    isText(jsonProperty(value, 'path')) &&
    typeof jsonProperty(value, 'inode') === 'number' &&
    isText(jsonProperty(value, 'look')) &&
    typeof jsonProperty(value, 'isSettled') === 'boolean' &&
    isText(jsonProperty(value, 'listing')) &&
    typeof entries === 'object' &&
    entries !== null &&
    Object.values(entries).every((list) => isListOf(list, isText)) &&
    isListOf(names, isText) &&
    isListOf(looks, isNumber) &&
    looks.length === LOOK_NUMBERS * names.length &&
    isListOf(jsonProperty(value, 'bytes'), isBytes)
  );
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number';
}

function isBytes(value: unknown): value is readonly [number, Digest] {
  return Array.isArray(value) && value.length === 2 && isNumber(value[0]) && isText(value[1]);
}

function isResolution(value: unknown): value is Resolution {
  const via = jsonProperty(value, 'via');
  return (
    (via === 'import' || via === 'require' || via === 'directory' || via === 'tsconfig') &&
    isText(jsonProperty(value, 'from')) &&
    isText(jsonProperty(value, 'specifier')) &&
    isListOf(jsonProperty(value, 'found'), isText)
  );
}
