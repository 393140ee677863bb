import {
  damaged,
  type InputContext,
  notFound,
  type ObjectFacts,
  type ObjectFormat,
  type ObjectPlace,
  type OutputContext,
} from '@memo/core/plugin';
import { type FileSystem, systemCode } from './file-system.ts';
import { type FoundObject, findObject } from './found-object.ts';
import { readChunks, readNow, readSmall } from './read-bytes.ts';

/** What an {@link ObjectReader} works with. */
export interface ReaderParts {
  readonly files: FileSystem;
  readonly format: ObjectFormat;
  /** Objects up to this size are read with blocking calls. */
  readonly smallBytes: number;
}

/** Loads objects: every byte is checked before the first one is decoded. */
export class ObjectReader {
  readonly #parts: ReaderParts;
  #scratch: Uint8Array | undefined;
  /** False once an object was met that is a directory: its store has no others. */
  #areFiles = true;

  constructor(parts: ReaderParts) {
    this.#parts = parts;
  }

  async load(context: InputContext, path: string): Promise<unknown> {
    const { files, format, smallBytes } = this.#parts;
    const small = this.#loadSmall(context, path);
    if (small !== undefined) return small.value;
    const found = this.#find(context, path);
    if (found.file !== path) this.#areFiles = false;
    return this.#present(context, path, async () =>
      found.bytes <= smallBytes
        ? format.decode(context, readNow(files, found), path)
        : await this.#loadLarge(context, found, path),
    );
  }

  /**
   * The payload of an object of bytes, in chunks. Reads the object twice: once to check that it is whole, once to give it. Of a stream it shows
   * behind the last chunk that it is another one than the record of its version says.
   */
  async stream(context: InputContext, path: string): Promise<AsyncIterable<Uint8Array>> {
    const { files, format } = this.#parts;
    const { signal } = context;
    const found = this.#find(context, path);
    const source = readChunks(files, found.file, { from: 0, to: found.bytes, signal });
    const verified = await this.#present(context, path, () => format.verify(context, source, place(found)));
    if (verified.codec !== 'bytes' && verified.codec !== 'buffer') {
      throw new TypeError(`Only bytes can be streamed, and ${path} is stored as '${verified.codec}'; use loadInput().`);
    }
    if (verified.compression !== 'none') return single((await this.load(context, path)) as Uint8Array);
    const from = verified.payloadStart;
    const chunks = readChunks(files, found.file, { from, to: from + verified.payloadBytes, signal });
    return format.checkedChunks(context, verified, { chunks, path });
  }

  /** What is known of an object, which is checked whole. @throws MemoError M5003 */
  async inspect(context: OutputContext, found: FoundObject): Promise<ObjectFacts> {
    const { files, format, smallBytes } = this.#parts;
    const { signal } = context;
    if (found.bytes <= smallBytes) return format.inspect(context, readNow(files, found), found.file);
    const source = readChunks(files, found.file, { from: 0, to: found.bytes, signal });
    const verified = await format.verify(context, source, { path: found.file, untrusted: 'damaged' });
    const from = verified.payloadStart;
    return format.factsOf(verified, () =>
      readChunks(files, found.file, { from, to: from + verified.payloadBytes, signal }),
    );
  }

  /** Most objects are small and whole files, which takes no look to find out. What else there is, and what is wrong with it, a look tells. */
  #loadSmall(context: InputContext, path: string): { readonly value: unknown } | undefined {
    const { files, format, smallBytes } = this.#parts;
    if (smallBytes === 0 || !this.#areFiles) return undefined;
    this.#scratch ??= new Uint8Array(Math.min(smallBytes, MOST_SCRATCH) + 1);
    const bytes = readSmall(files, path, this.#scratch);
    if (bytes === undefined) return undefined;
    try {
      return { value: format.decode(context, bytes, path) };
    } catch {
      return undefined;
    }
  }

  // The payload is read into memory of its own size, so that bytes need no copy to become a value.
  async #loadLarge(context: InputContext, found: FoundObject, path: string): Promise<unknown> {
    const { files, format } = this.#parts;
    const { signal } = context;
    const head = format.peek(context, readNow(files, found, MAX_HEAD), found.file);
    const plain = head.compression === 'none';
    const position = plain ? head.payloadStart : 0;
    const length = Math.max(0, found.bytes - position - (plain ? head.endBytes : 0));
    // Before memory is taken for it.
    format.checkSize(context, length, found.file);
    const bytes = Buffer.allocUnsafeSlow(length);
    const source = readChunks(files, found.file, { from: 0, to: found.bytes, into: { position, bytes }, signal });
    const verified = await format.verify(context, source, place(found));
    if (verified.compression !== head.compression || verified.payloadStart !== head.payloadStart) {
      throw damaged(context, path, 'its file changed while it was read');
    }
    if (!plain) return format.decode(context, bytes, found.file);
    return format.decodePayload(context, verified, { bytes, path: found.file });
  }

  #find(context: InputContext, path: string): FoundObject {
    const found = findObject(this.#parts.files, path);
    if (found === undefined) throw notFound(context, path);
    if (found === 'foreign') throw damaged(context, path, 'something that is not a stored value is at its address');
    return found;
  }

  async #present<T>(context: InputContext, path: string, act: () => Promise<T>): Promise<T> {
    try {
      return await act();
    } catch (error) {
      if (systemCode(error) === 'ENOENT') throw notFound(context, path);
      throw error;
    }
  }
}

function place(found: FoundObject): ObjectPlace {
  return { path: found.file, untrusted: 'missing' };
}

async function* single(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

// Of a large object only the beginning would be read, for nothing.
const MOST_SCRATCH = 64 * 1024;
// The head of an object is never longer.
const MAX_HEAD = 68 * 1024;
