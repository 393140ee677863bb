import { sep } from 'node:path';
import type { FileSystem } from './file-system.ts';
import { ListedVersions } from './listed-versions.ts';
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
  const shards = byShard(versions);
  const listed = new ListedVersions();
  // Versions spread evenly over the directories of an output: the first one tells.
  let listingPays = true;
  for (let shard = 0; shard < SHARDS; shard++) {
    const asked = shards.of(shard);
    if (asked.length === 0) continue;
    const place = directory + sep + shard.toString(16).padStart(2, '0');
    const isListed = listingPays && asked.length >= LIST_FROM;
    if (isListed) {
      const names = namesOfObjects(files, place);
      listingPays = names.length <= WORTH * asked.length;
      listed.fill(names);
    }
    for (const at of asked) {
      const isThere = isListed
        ? listed.has(versions, at)
        : isPresent(files, { path: place + sep + nameOf(versions, at) });
      if (isThere) present[at] = 1;
    }
  }
  return present;
}

function nameOf(versions: Uint8Array, at: number): string {
  return Buffer.from(versions.buffer, versions.byteOffset + at * BYTES, BYTES).toString('hex');
}

/** The numbers of versions by their first byte. */
function byShard(versions: Uint8Array): { of(shard: number): Int32Array } {
  const count = versions.length / BYTES;
  const begins = new Int32Array(SHARDS + 1);
  for (let at = 0; at < count; at++) (begins[(versions[at * BYTES] as number) + 1] as number)++;
  for (let shard = 0; shard < SHARDS; shard++) (begins[shard + 1] as number) += begins[shard] as number;
  const next = begins.slice();
  const order = new Int32Array(count);
  for (let at = 0; at < count; at++) order[(next[versions[at * BYTES] as number] as number)++] = at;
  return { of: (shard) => order.subarray(begins[shard], begins[shard + 1]) };
}
