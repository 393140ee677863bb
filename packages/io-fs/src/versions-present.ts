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
  let listed: ListedVersions | undefined;
  // Versions spread evenly over the directories of an output: the first one tells.
  let listingPays = true;
  for (const asked of byShard(versions)) {
    const place = directory + sep + nameOf(versions, asked[0] as number).slice(0, 2);
    const isListed = listingPays && asked.length >= LIST_FROM;
    if (isListed) {
      const names = namesOfObjects(files, place);
      listingPays = names.length <= WORTH * asked.length;
      listed ??= new ListedVersions();
      listed.fill(names);
    }
    for (const at of asked) {
      const path = isListed ? '' : place + sep + nameOf(versions, at);
      if (isListed ? listed?.has(versions, at) : isPresent(files, { path })) present[at] = 1;
    }
  }
  return present;
}

function nameOf(versions: Uint8Array, at: number): string {
  return Buffer.from(versions.buffer, versions.byteOffset + at * BYTES, BYTES).toString('hex');
}

/** The numbers of versions that have their first byte in common, for each such byte. */
function* byShard(versions: Uint8Array): Generator<Int32Array> {
  const count = versions.length / BYTES;
  const begins = new Int32Array(SHARDS + 1);
  for (let at = 0; at < count; at++) (begins[(versions[at * BYTES] as number) + 1] as number)++;
  for (let shard = 0; shard < SHARDS; shard++) (begins[shard + 1] as number) += begins[shard] as number;
  const next = begins.slice();
  const order = new Int32Array(count);
  for (let at = 0; at < count; at++) order[(next[versions[at * BYTES] as number] as number)++] = at;
  for (let shard = 0; shard < SHARDS; shard++)
    if (begins[shard] !== begins[shard + 1]) yield order.subarray(begins[shard], begins[shard + 1]);
}
