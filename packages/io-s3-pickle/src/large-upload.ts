import type { CompletedPart } from '@aws-sdk/client-s3';
import { onAbort, unlessAborted } from './abort-listeners.ts';
import { type Bucket, newWriteId } from './bucket.ts';
import { PartFeeder } from './part-feeder.ts';
import { PartRequests, type PartsOnTheirWay } from './part-requests.ts';
import { statusOf } from './s3-errors.ts';

/** What is sent in parts. */
export interface LargeUpload {
  readonly key: string;
  readonly pieces: AsyncIterator<Uint8Array>;
  readonly partBytes: number;
  /** SHA-256 of the part with an index, where somebody made it. */
  readonly partDigest: (index: number) => Uint8Array | undefined;
  readonly signal: AbortSignal;
}

/**
 * Sends an object in parts, in flat memory, and publishes it whole by the last request: only where nothing is at the key, as far as the
 * server can tell; who cannot is looked at before and after. `undefined` when the key was taken, else the number of bytes. What fails leaves
 * nothing that could be seen, and its parts are removed.
 */
export async function uploadInParts(bucket: Bucket, upload: LargeUpload): Promise<number | undefined> {
  const { key, pieces, signal } = upload;
  const write = newWriteId();
  const feeder = new PartFeeder(pieces, upload.partBytes);
  try {
    return (await publish(bucket, { ...upload, write }, feeder)) ? feeder.bytes : undefined;
  } catch (error) {
    signal.throwIfAborted();
    const status = statusOf(error);
    if (status !== 412 && status !== 409 && status !== 404) throw error;
    // The reply to our own last request may have been lost: its repetition finds the upload gone, or the key taken.
    if ((await bucket.head(key, { signal }))?.write === write) return feeder.bytes;
    if (status === 404) throw error;
    return undefined;
  } finally {
    // Not waited for: a source that never answers must not keep a write that failed.
    pieces.return?.().catch(() => {});
  }
}

/** Whether what is at the key afterwards is ours. */
async function publish(
  bucket: Bucket,
  upload: LargeUpload & { readonly write: string },
  feeder: PartFeeder,
): Promise<boolean> {
  const { key, signal, write } = upload;
  const requests = new PartRequests(bucket);
  const begun = await requests.begin(key, write, signal);
  try {
    const sent = await sendAll(upload, feeder, { requests, begun });
    if ((await bucket.head(key, { signal })) !== undefined) {
      await requests.abandon(begun);
      return false;
    }
    await requests.complete(begun, sent, signal);
  } catch (error) {
    await requests.abandon(begun).catch(() => {});
    throw error;
  }
  return (await bucket.head(key, { signal }))?.write === write;
}

/** Sends all parts, some at once, each turn from memory of its own. */
async function sendAll(
  upload: LargeUpload,
  feeder: PartFeeder,
  { requests, begun }: { readonly requests: PartRequests; readonly begun: PartsOnTheirWay },
): Promise<readonly CompletedPart[]> {
  const { partBytes, partDigest, signal } = upload;
  const stop = new AbortController();
  const stopListening = onAbort(signal, () => stop.abort(signal.reason));
  const sent: CompletedPart[] = [];
  const send = async () => {
    let own: Buffer | undefined;
    const memory = () => (own ??= Buffer.allocUnsafeSlow(partBytes));
    for (;;) {
      const part = await unlessAborted(stop.signal, feeder.next(memory));
      if (part === undefined) return;
      const digest = partDigest(part.number - 1);
      sent.push(await requests.send(begun, { ...part, digest }, stop.signal));
    }
  };
  const sending = Array.from({ length: PARTS_IN_FLIGHT }, () => send().catch((error) => stop.abort(error)));
  await Promise.all(sending);
  stopListening();
  stop.signal.throwIfAborted();
  return sent;
}

const PARTS_IN_FLIGHT = 4;
