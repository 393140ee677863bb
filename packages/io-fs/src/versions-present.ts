import { sep } from 'node:path';
import type { FileSystem } from './file-system.ts';
import { ListedVersions, nameOf, wordsOf } from './listed-versions.ts';
import { isPresent, LIST_FROM, namesOfObjects, WORTH } from './presence.ts';

const BYTES = 32;
const SHARDS = 256;

/**
 * For each of many versions of an output 1 where it is there: as {@link arePresent}, but nothing is made of a version that lies in a directory
 * which is listed.
 *
 * @param directory that of the output: above the directories that versions share by their first two digits
 */
export function versionsPresent(files: FileSystem, directory: string, versions: Uint8Array): Uint8Array {
  const present = new Uint8Array(versions.length / BYTES);
  const words = wordsOf(versions);
  const listed = new ListedVersions();
  const { order, begins } = byShard(versions);
  // Versions spread evenly over the directories of an output: the first one tells.
  let listingPays = true;
  for (let shard = 0; shard < SHARDS; shard++) {
    const asked = order.subarray(begins[shard], begins[shard + 1]);
    if (asked.length === 0) continue;
    const place = directory + sep + shard.toString(16).padStart(2, '0');
    if (listingPays && asked.length >= LIST_FROM) {
      const names = namesOfObjects(files, place);
      listingPays = names.length <= WORTH * asked.length;
      listed.fill(names);
      listed.mark(words, asked, present);
    } else {
      for (const at of asked) if (isPresent(files, { path: place + sep + nameOf(words, at) })) present[at] = 1;
    }
  }
  return present;
}

interface Sharded {
  /** The numbers of all versions, those side by side that have their first byte in common. */
  readonly order: Int32Array;
  /** For each such byte where they begin. */
  readonly begins: Int32Array;
}

function byShard(versions: Uint8Array): Sharded {
  const count = versions.length / BYTES;
  const begins = new Int32Array(SHARDS + 1);
  for (let at = 0; at < count; at++) {
    const shard = versions[at * BYTES] as number;
    begins[shard + 1] = (begins[shard + 1] as number) + 1;
  }
  for (let shard = 0; shard < SHARDS; shard++)
    begins[shard + 1] = (begins[shard + 1] as number) + (begins[shard] as number);
  const next = begins.slice();
  const order = new Int32Array(count);
  for (let at = 0; at < count; at++) {
    const shard = versions[at * BYTES] as number;
    const place = next[shard] as number;
    order[place] = at;
    next[shard] = place + 1;
  }
  return { order, begins };
}
