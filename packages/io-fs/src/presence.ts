import { dirname, join, sep } from 'node:path';
import type { ObjectFormat, OutputContext } from '@memo/core/plugin';
import { type FileSystem, ifPresent } from './file-system.ts';
import { findObject } from './found-object.ts';
import type { ObjectPath } from './object-path.ts';
import { readEnd } from './read-bytes.ts';

/** Whether an object is at an address: one `lstat`. */
export function isPresent(files: FileSystem, object: Pick<ObjectPath, 'path'>): boolean {
  const found = findObject(files, object.path);
  return found !== undefined && found !== 'foreign';
}

/** Whether the object there was signed by somebody who is trusted: a look at its end, where trust is asked for at all. */
export function isTrusted(
  files: FileSystem,
  format: ObjectFormat,
  { context, path }: { readonly context: OutputContext; readonly path: string },
): boolean {
  if (format.endBytes === 0) return true;
  const found = findObject(files, path);
  if (found === undefined || found === 'foreign') return false;
  return format.isTrustedEnd(context, readEnd(files, found, format.endBytes), path);
}

/**
 * The same for many. Listing a directory costs a third of a look at each of its entries, so it pays where at least a
 * third of what is there is asked for. Versions spread evenly over the directories of an output: the first one tells.
 */
export function arePresent(files: FileSystem, objects: Iterable<ObjectPath>): boolean[] {
  const present: boolean[] = [];
  const listingPays = new Map<string, boolean>();
  const groups = byDirectory(objects, present);
  for (const [directory, { names, indexes }] of groups) {
    const output = dirname(directory);
    const listed =
      indexes.length >= LIST_FROM && listingPays.get(output) !== false
        ? new Set(namesOfObjects(files, directory))
        : undefined;
    if (listed !== undefined) listingPays.set(output, listed.size <= WORTH * indexes.length);
    for (const [at, index] of indexes.entries()) {
      const name = names[at] as string;
      present[index] = listed === undefined ? isPresent(files, { path: directory + sep + name }) : listed.has(name);
    }
  }
  return present;
}

/** What is asked for of one directory. */
interface Asked {
  readonly names: string[];
  readonly indexes: number[];
}

/** Keeps names and numbers only: of thousands of objects their paths would be most of what a plan holds meanwhile. */
function byDirectory(objects: Iterable<ObjectPath>, present: boolean[]): Map<string, Asked> {
  const groups = new Map<string, Asked>();
  for (const { directory, name } of objects) {
    let group = groups.get(directory);
    if (group === undefined) {
      group = { names: [], indexes: [] };
      groups.set(directory, group);
    }
    group.names.push(name);
    group.indexes.push(present.length);
    present.push(false);
  }
  return groups;
}

/** The names of the objects in a directory. */
export function namesOfObjects(files: FileSystem, directory: string): readonly string[] {
  const names: string[] = [];
  for (const entry of ifPresent(() => files.entriesSync(directory)) ?? []) {
    if (entry.isFile() || (entry.isDirectory() && isPresent(files, { path: join(directory, entry.name) }))) {
      names.push(entry.name);
    }
  }
  return names;
}

/** Fewer questions than this about a directory are looks at each. */
export const LIST_FROM = 8;
/** How many names there may be for each question, so that listing the others pays as well. */
export const WORTH = 3;
