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

/** What counted of files that were read, by aspect: of each directory those of its files. The whole content is the aspect without a name. */
export type StoredContents = readonly (readonly (readonly StoredContent[])[])[];

export type StoredContent = readonly [aspect: string, digest: Digest];

export function storedSightings(sightings: Sightings): StoredSightings {
  const byDirectory = filesByDirectory(sightings);
  return {
    directories: [...sightings.directories.values()].map((seen) =>
      storedDirectory(seen, byDirectory.get(seen.path) ?? []),
    ),
    links: [...sightings.links],
    resolutions: [...sightings.resolutions.values()],
  };
}

/** What goes with {@link storedSightings}. */
export function storedContents(sightings: Sightings): StoredContents {
  const byDirectory = filesByDirectory(sightings);
  return [...sightings.directories.keys()].map((path) =>
    (byDirectory.get(path) ?? []).map(([, { contents }]) => [...contents]),
  );
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

/** The contents that go with sightings; `undefined` for anything else. */
export function contentsFrom(stored: unknown, { directories }: StoredSightings): StoredContents | undefined {
  const isWhole =
    isListOf(stored, (files): files is StoredContent[][] =>
      isListOf(files, (contents): contents is StoredContent[] => isListOf(contents, isContent)),
    ) &&
    stored.length === directories.length &&
    directories.every(({ names }, at) => stored[at]?.length === names.length);
  return isWhole ? stored : undefined;
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

function isContent(value: unknown): value is StoredContent {
  return isListOf(value, isText) && value.length === 2;
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
