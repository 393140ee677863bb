import { basename, dirname } from 'node:path';
import type { Digest } from './digest.ts';
import { jsonProperty } from './json-form.ts';
import type { Resolution } from './resolution.ts';
import type { SeenDirectory, Sightings } from './sightings.ts';
import { isListOf, isText } from './stored-facts.ts';

/** {@link Sightings} as JSON: what was seen in a directory lies with it, and what many files have in common is written once. */
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
  readonly files: readonly StoredFile[];
}

/** `bytes` is empty where the look tells every later change. */
export type StoredFile = readonly [
  name: string,
  look: string,
  bytes: Digest,
  contents: readonly (readonly [aspect: string, digest: Digest])[],
];

export function storedSightings({ directories, files, links, resolutions }: Sightings): StoredSightings {
  const byDirectory = new Map<string, StoredFile[]>();
  for (const [path, { look, bytes, contents }] of files) {
    const directory = dirname(path);
    const list = byDirectory.get(directory) ?? [];
    list.push([basename(path), look, bytes ?? '', [...contents]]);
    byDirectory.set(directory, list);
  }
  return {
    directories: [...directories.values()].map((seen) => storedDirectory(seen, byDirectory.get(seen.path) ?? [])),
    links: [...links],
    resolutions: [...resolutions.values()],
  };
}

function storedDirectory(
  { path, inode, look, isSettled, listing, entries }: SeenDirectory,
  files: readonly StoredFile[],
): StoredDirectory {
  const read = new Set(files.map(([name]) => name));
  const byKind: Record<string, string[]> = {};
  for (const [name, kind] of entries) {
    if (read.has(name)) continue;
    byKind[kind] ??= [];
    byKind[kind].push(name);
  }
  return { path, inode, look, isSettled, listing: listing ?? '', entries: byKind, files };
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
  return (
    isText(jsonProperty(value, 'path')) &&
    typeof jsonProperty(value, 'inode') === 'number' &&
    isText(jsonProperty(value, 'look')) &&
    typeof jsonProperty(value, 'isSettled') === 'boolean' &&
    isText(jsonProperty(value, 'listing')) &&
    typeof entries === 'object' &&
    entries !== null &&
    Object.values(entries).every((names) => isListOf(names, isText)) &&
    isListOf(jsonProperty(value, 'files'), isFile)
  );
}

function isFile(value: unknown): value is StoredFile {
  if (!Array.isArray(value) || value.length !== 4) return false;
  const [name, look, bytes, contents] = value as unknown[];
  const isContent = (content: unknown): content is [string, string] =>
    isListOf(content, isText) && content.length === 2;
  return isText(name) && isText(look) && isText(bytes) && isListOf(contents, isContent);
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
