import {
  damaged,
  MemoError,
  type ObjectToWrite,
  type OutputContext,
  outputName,
  type StoredOutput,
} from '@memo/core/plugin';
import type { DiskSync, Durability } from './disk-sync.ts';
import { type Clock, type FileSystem, systemCode } from './file-system.ts';
import { findObject } from './found-object.ts';
import type { ObjectPath } from './object-path.ts';
import type { ObjectReader } from './object-reader.ts';
import { Publisher } from './publisher.ts';
import type { StoreDirectory } from './store-directory.ts';
import { writeNow, writePatiently } from './write-bytes.ts';

/** What an {@link ObjectWriter} works with. */
export interface WriterParts {
  readonly files: FileSystem;
  readonly clock: Clock;
  readonly directory: StoreDirectory;
  readonly reader: ObjectReader;
  readonly sync: DiskSync;
  readonly durability: Durability;
}

/** Writes an object beside the store's objects and publishes it whole, or leaves no trace. */
export class ObjectWriter {
  readonly #parts: WriterParts;
  readonly #publisher: Publisher;
  #prepared = false;

  constructor(parts: WriterParts) {
    this.#parts = parts;
    this.#publisher = new Publisher(parts.files, parts.clock);
  }

  /** @throws MemoError M5003 when what is at the address already is damaged, so that it can be deleted first. */
  async write(context: OutputContext, target: ObjectPath, object: ObjectToWrite): Promise<StoredOutput> {
    const temporary = this.#parts.directory.temporaries.next();
    try {
      const bytes = await this.#writeTemporary(temporary, object, context.signal);
      return await this.#publish(context, target, { temporary, bytes, object });
    } finally {
      this.#publisher.discard(temporary);
    }
  }

  async #writeTemporary(temporary: string, object: ObjectToWrite, signal: AbortSignal): Promise<number> {
    if (!this.#prepared) this.#parts.directory.prepare();
    this.#prepared = true;
    try {
      return await this.#writeOnce(temporary, object, signal);
    } catch (error) {
      // Somebody removed the store while it was in use. No piece was taken yet: it was the file that could not be made.
      if (systemCode(error) !== 'ENOENT') throw error;
      this.#parts.directory.prepare();
      return await this.#writeOnce(temporary, object, signal);
    }
  }

  async #writeOnce(temporary: string, { pieces }: ObjectToWrite, signal: AbortSignal): Promise<number> {
    const { files, durability } = this.#parts;
    const sync = durability === 'each';
    return isAtOnce(pieces)
      ? writeNow(files, temporary, { chunks: pieces, signal, sync })
      : writePatiently(files, temporary, { chunks: pieces, signal, sync });
  }

  async #publish(context: OutputContext, target: ObjectPath, written: Written): Promise<StoredOutput> {
    const { sync, directory } = this.#parts;
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const publication = await this.#publisher.publish(written.temporary, target, context.signal);
      if (publication.outcome === 'created') {
        await sync.published(publication.file, directory.root, publication.made);
        const contentDigest = written.object.contentDigest();
        return { outcome: 'created', bytes: written.bytes, codec: written.object.codec, ...optional(contentDigest) };
      }
      const existing = await this.#existing(context, target);
      if (existing !== undefined) return existing;
    }
    throw new MemoError('M5002', `Cannot store ${outputName(context)} at ${target.path}`, {
      because: 'others keep storing and deleting it',
      details: { path: target.path, step: context.step, output: context.output },
    });
  }

  /** What is at the address, checked whole; `undefined` when it was deleted meanwhile. */
  async #existing(context: OutputContext, target: ObjectPath): Promise<StoredOutput | undefined> {
    const { files, reader, sync, directory } = this.#parts;
    const found = findObject(files, target.path);
    if (found === undefined) return undefined;
    if (found === 'foreign')
      throw damaged(context, target.path, 'something that is not a stored value is at its address');
    try {
      const { codec, contentDigest } = await reader.inspect(context, found);
      await sync.existed(found.file, directory.root);
      return { outcome: 'exists', bytes: found.bytes, codec, ...optional(contentDigest) };
    } catch (error) {
      if (systemCode(error) === 'ENOENT') return undefined;
      throw error;
    }
  }
}

interface Written {
  readonly temporary: string;
  readonly bytes: number;
  readonly object: ObjectToWrite;
}

function isAtOnce(pieces: ObjectToWrite['pieces']): pieces is readonly Uint8Array[] {
  return Array.isArray(pieces);
}

function optional(contentDigest: string | undefined): { contentDigest?: string } {
  return contentDigest === undefined ? {} : { contentDigest };
}

const ATTEMPTS = 3;
