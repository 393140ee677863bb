import { Readable } from 'node:stream';
import type { S3Client } from '@aws-sdk/client-s3';
import { type Bucket, newWriteId } from './bucket.ts';
import { statusOf } from './s3-errors.ts';

/** What is sent in parts. */
export interface LargeUpload {
  readonly key: string;
  /** What was taken from the source already, and the rest. */
  readonly beginning: readonly Uint8Array[];
  readonly rest: AsyncIterator<Uint8Array>;
  readonly partBytes: number;
  readonly signal: AbortSignal;
}

/**
 * Sends an object in parts, in flat memory, and publishes it whole by the last request: only where nothing is at the key, as far as the
 * server can tell; who cannot is looked at before and after. `undefined` when the key was taken, else the number of bytes. What fails leaves
 * nothing that could be seen, and its parts are removed.
 */
export async function uploadInParts(bucket: Bucket, upload: LargeUpload): Promise<number | undefined> {
  const { Upload } = await import('@aws-sdk/lib-storage');
  const { key, partBytes, signal } = upload;
  const write = newWriteId();
  const counted = { bytes: 0 };
  // As objects: a stream of bytes would copy the pieces into parts, which the upload does once more.
  const body = Readable.from(pieces(upload, counted), { highWaterMark: PIECES_AHEAD });
  const client = await publishingClient(bucket, key, upload);
  const params = { ...bucket.objectInput(key, write, 'value'), Body: body, IfNoneMatch: '*' };
  try {
    await new Upload({ client, params, partSize: partBytes, queueSize: PARTS_IN_FLIGHT }).done();
  } catch (error) {
    body.destroy();
    signal.throwIfAborted();
    if (error instanceof TakenError) return undefined;
    const status = statusOf(error);
    if (status !== 412 && status !== 409 && status !== 404) throw error;
    // The reply to our own last request may have been lost: its repetition finds the upload gone, or the key taken.
    if ((await bucket.head(key, { signal }))?.write === write) return counted.bytes;
    if (status === 404) throw error;
    return undefined;
  }
  const there = await bucket.head(key, { signal });
  return there?.write === write ? counted.bytes : undefined;
}

async function* pieces(upload: LargeUpload, counted: { bytes: number }): AsyncGenerator<Uint8Array> {
  const { beginning, rest } = upload;
  for (const piece of beginning) {
    counted.bytes += piece.byteLength;
    yield piece;
  }
  try {
    for (let next = await rest.next(); next.done !== true; next = await rest.next()) {
      counted.bytes += next.value.byteLength;
      yield next.value;
    }
  } finally {
    await rest.return?.();
  }
}

class TakenError extends Error {}

/** A client for the parts: each request has its deadline and its turn, and the last one looks first whether the key is taken. */
async function publishingClient(bucket: Bucket, key: string, { partBytes, signal }: LargeUpload): Promise<S3Client> {
  const { connection } = bucket;
  const [client, sdk] = await Promise.all([connection.client(), connection.sdk()]);
  const never = new AbortController().signal;
  const send = async (command: object): Promise<unknown> => {
    // Tidying up goes on after an abort.
    const wanted = command instanceof sdk.AbortMultipartUploadCommand ? never : signal;
    const sent = (what: object): Promise<unknown> =>
      connection.request({ signal: wanted, bytes: partBytes }, (sender) =>
        sender.client.send(what as never, { abortSignal: sender.signal }),
      );
    if (!(command instanceof sdk.CompleteMultipartUploadCommand)) return sent(command);
    if ((await bucket.head(key, { signal })) !== undefined) throw new TakenError();
    const { IfNoneMatch: _, ...input } = command.input;
    const unguarded = new sdk.CompleteMultipartUploadCommand(input);
    if (bucket.ignoresConditions) return sent(unguarded);
    try {
      return await sent(command);
    } catch (error) {
      if (statusOf(error) !== 501) throw error;
      bucket.noteRefusedConditions();
      return sent(unguarded);
    }
  };
  return { config: client.config, send } as unknown as S3Client;
}

const PARTS_IN_FLIGHT = 4;
const PIECES_AHEAD = 16;
