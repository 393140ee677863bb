import { placeOf } from '../definitions/definition-site.ts';
import { MemoError } from '../errors/memo-error.ts';
import { bytesDigester } from '../hash/value-digest.ts';
import type { ExecutionStep } from '../trace/execution-plan.ts';

/** Bytes that come in pieces: a web stream, a Node stream, or any async iterable. Consumers of such an output get a `Uint8Array`. */
export type ByteStream = ReadableStream<Uint8Array> | AsyncIterable<Uint8Array>;

/** The codec under which stores keep streamed bytes; content digests name it. */
const STREAM_CODEC = 'bytes';

/** True for what an op may return instead of bytes. */
export function isByteStream(value: unknown): value is ByteStream {
  return (
    typeof value === 'object' && value !== null && (value instanceof ReadableStream || Symbol.asyncIterator in value)
  );
}

/** A stream can be read once, and a store has read it for nothing: its step runs again, and what it streams is read before it is stored. */
export class SpentStream extends Error {
  constructor(because: string) {
    super(`The stream was read, and is not what is stored: ${because}.`);
  }
}

/** A stream read to its end. */
export interface ReadStream {
  readonly bytes: Uint8Array;
  /** The digest that a store would give for the same stream. */
  readonly digest: string;
}

/**
 * Reads a stream to its end, for a store that takes no streams, or where the digest must be known before the address is.
 *
 * @throws MemoError M5001 for pieces that are not bytes; what the stream throws.
 */
export async function readStream(stream: ByteStream, step: ExecutionStep, output: string): Promise<ReadStream> {
  const digester = bytesDigester(STREAM_CODEC);
  const pieces: Uint8Array[] = [];
  for await (const piece of stream as AsyncIterable<unknown>) {
    if (!(piece instanceof Uint8Array)) throw notBytes(step, output, piece);
    digester.update(piece);
    pieces.push(piece);
  }
  return { bytes: new Uint8Array(Buffer.concat(pieces)), digest: digester.digest() };
}

function notBytes(step: ExecutionStep, output: string, piece: unknown): MemoError {
  return new MemoError('M5001', `${step.id}.${output} is a stream whose pieces are not bytes, but ${typeof piece}.`, {
    fix: 'Stream Uint8Array pieces (an encoder turns text into them), or collect the pieces and return them.',
    place: placeOf(step.op.site),
    details: { path: `${step.id}.${output}` },
  });
}
