import type { Bucket } from './bucket.ts';
import { objectChunks } from './object-chunks.ts';
import { gathered } from './payload-memory.ts';
import type { Patience } from './s3-connection.ts';

/** A small object, whole, however often the connection breaks; `undefined` when nothing is there. */
export async function readObject(
  bucket: Bucket,
  key: string,
  { signal }: Patience,
): Promise<{ readonly bytes: Uint8Array; readonly tag: string } | undefined> {
  const opened = await bucket.open({ key }, { signal });
  if (opened === undefined) return undefined;
  const { bytes: to, tag } = opened;
  return { bytes: await gathered(objectChunks(bucket, { key, opened, from: 0, to, tag, signal }), to), tag };
}
