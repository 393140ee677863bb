import type { Bucket, Opening } from './bucket.ts';
import { wholeRange } from './object-chunks.ts';
import type { Patience } from './s3-connection.ts';

/** A small object whole, or its end, however often the connection breaks; `undefined` when nothing is there. */
export async function readObject(
  bucket: Bucket,
  opening: Opening,
  { signal }: Patience,
): Promise<{ readonly bytes: Uint8Array; readonly tag: string } | undefined> {
  const opened = await bucket.open(opening, { signal });
  if (opened === undefined) return undefined;
  const { bytes, tag } = opened;
  const start = opening.from === undefined || opening.from >= 0 ? (opening.from ?? 0) : opened.whole - bytes;
  const range = { key: opening.key, opened, from: start, to: start + bytes, tag, signal };
  return { bytes: await wholeRange(bucket, range), tag };
}
