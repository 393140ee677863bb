import { createHash, type Hash } from 'node:crypto';
import { FORMAT_IN_CHUNKS } from './envelope-layout.ts';

/** How many bytes of an object of format 2 have a digest of their own, from its first byte on; the last chunk may have fewer. */
export const CHUNK_BYTES: number = 16 * 1024 * 1024;

/** SHA-256 of the full chunk with an index, where it was made; `undefined` for others. */
export type ChunkDigests = (index: number) => Uint8Array | undefined;

/**
 * The digest of a stored object, piece by piece. In format 2 it is the SHA-256 of `memo.chunks/1` and the SHA-256 of each chunk, so that who
 * sends the object in parts of that size, each with a digest, need not digest its bytes twice.
 */
export class ObjectDigest {
  readonly #inChunks: boolean;
  readonly #known: ChunkDigests | undefined;
  readonly #chunks: Uint8Array[] = [];
  #open: Hash = createHash('sha256');
  /** Bytes in the open chunk. */
  #filled = 0;
  /** Of the open chunk, where somebody made it already. */
  #made: Uint8Array | undefined;

  /** @param known SHA-256 of chunks that somebody made of the same bytes, which are then only counted; asked when such a chunk begins */
  constructor(format: number, known?: ChunkDigests) {
    this.#inChunks = format === FORMAT_IN_CHUNKS;
    this.#known = known;
  }

  update(bytes: Uint8Array): void {
    if (!this.#inChunks) {
      this.#open.update(bytes);
      return;
    }
    for (let taken = 0; taken < bytes.byteLength; ) {
      const piece = bytes.subarray(taken, taken + CHUNK_BYTES - this.#filled);
      if (this.#filled === 0) this.#made = this.#known?.(this.#chunks.length);
      if (this.#made === undefined) this.#open.update(piece);
      taken += piece.byteLength;
      this.#filled += piece.byteLength;
      if (this.#filled === CHUNK_BYTES) this.#closeChunk();
    }
  }

  /** SHA-256 of a full chunk whose bytes were all taken; `undefined` for others, and in format 1. */
  chunk(index: number): Uint8Array | undefined {
    return this.#chunks[index];
  }

  /** The digest of all bytes; call it once. */
  digest(): Buffer {
    if (!this.#inChunks) return this.#open.digest();
    const list = createHash('sha256').update(DOMAIN);
    for (const chunk of this.#chunks) list.update(chunk);
    if (this.#filled > 0) list.update(this.#open.digest());
    return list.digest();
  }

  #closeChunk(): void {
    this.#chunks.push(this.#made ?? this.#open.digest());
    if (this.#made === undefined) this.#open = createHash('sha256');
    this.#filled = 0;
  }
}

// No object begins so, which keeps the two formats apart.
const DOMAIN = 'memo.chunks/1';
