import type { CompletedPart, S3Client, UploadPartCommand } from '@aws-sdk/client-s3';
import type { Bucket } from './bucket.ts';
import type { Part } from './part-feeder.ts';
import { statusOf } from './s3-errors.ts';

/** An object that is on its way in parts. */
export interface PartsOnTheirWay {
  readonly Key: string;
  readonly UploadId: string;
}

/** The requests for objects in parts. What the server refuses is thrown as the SDK throws it. */
export class PartRequests {
  readonly #bucket: Bucket;

  constructor(bucket: Bucket) {
    this.#bucket = bucket;
  }

  async begin(key: string, write: string, signal: AbortSignal): Promise<PartsOnTheirWay> {
    const { connection } = this.#bucket;
    const input = this.#bucket.objectInput(key, write, 'value');
    const checksum = await checksumOf(await connection.client());
    const { UploadId } = await connection.request({ signal }, ({ client, sdk, signal }) =>
      client.send(new sdk.CreateMultipartUploadCommand({ ...input, ...checksum }), { abortSignal: signal }),
    );
    if (UploadId === undefined) throw new Error('the server gave no id for an upload in parts');
    return { Key: key, UploadId };
  }

  /** Sends a part. One whose SHA-256 is known is signed by that: the server refuses other bytes, and nobody digests them again. */
  async send(
    upload: PartsOnTheirWay,
    { number, bytes, digest }: Part & { readonly digest: Uint8Array | undefined },
    signal: AbortSignal,
  ): Promise<CompletedPart> {
    const input = { ...upload, Bucket: this.#bucket.name, PartNumber: number, Body: bytes };
    const sent = await this.#bucket.connection.request(
      { signal, bytes: bytes.byteLength },
      ({ client, sdk, signal }) => {
        const command = new sdk.UploadPartCommand(input);
        if (digest !== undefined) signedBy(command, digest);
        return client.send(command, { abortSignal: signal });
      },
    );
    const { ETag, ChecksumCRC32 } = sent;
    return {
      PartNumber: number,
      ...(ETag === undefined ? {} : { ETag }),
      ...(ChecksumCRC32 === undefined ? {} : { ChecksumCRC32 }),
    };
  }

  /** Publishes what was sent: only where nothing is at the key, as far as the server honours such a condition. */
  async complete(upload: PartsOnTheirWay, parts: readonly CompletedPart[], signal: AbortSignal): Promise<void> {
    const bucket = this.#bucket;
    const Parts = [...parts].sort((one, other) => (one.PartNumber ?? 0) - (other.PartNumber ?? 0));
    const sent = (condition: { readonly IfNoneMatch?: '*' }) =>
      bucket.connection.request({ signal }, ({ client, sdk, signal }) => {
        const input = { ...upload, Bucket: bucket.name, MultipartUpload: { Parts }, ...condition };
        return client.send(new sdk.CompleteMultipartUploadCommand(input), { abortSignal: signal });
      });
    try {
      await sent(bucket.ignoresConditions ? {} : { IfNoneMatch: '*' });
    } catch (error) {
      if (statusOf(error) !== 501 || bucket.ignoresConditions) throw error;
      bucket.noteRefusedConditions();
      await sent({});
    }
  }

  /** Removes what was sent, also after an abort. */
  async abandon(upload: PartsOnTheirWay): Promise<void> {
    await this.#bucket.connection.request({ signal: NEVER }, ({ client, sdk, signal }) =>
      client.send(new sdk.AbortMultipartUploadCommand({ ...upload, Bucket: this.#bucket.name }), {
        abortSignal: signal,
      }),
    );
  }
}

/** A client that gives each part a checksum has to say so when it begins. */
async function checksumOf({ config }: S3Client): Promise<{ readonly ChecksumAlgorithm?: 'CRC32' }> {
  return (await config.requestChecksumCalculation()) === 'WHEN_SUPPORTED' ? { ChecksumAlgorithm: 'CRC32' } : {};
}

function signedBy({ middlewareStack }: UploadPartCommand, digest: Uint8Array): void {
  const value = Buffer.from(digest).toString('hex');
  middlewareStack.add(
    (next) => (args) => {
      (args.request as { headers: Record<string, string> }).headers['x-amz-content-sha256'] = value;
      return next(args);
    },
    { step: 'build' },
  );
}

const NEVER: AbortSignal = new AbortController().signal;
