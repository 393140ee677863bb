import { crc32 } from 'node:zlib';
import { headChecksum } from './head-checksum.ts';
import { ENTRY_KIND, type EntryHead, HEAD_BYTES, OFFSET, SEGMENT_MAGIC } from './segment-format.ts';

const LEAST_BYTES = 4 * 1024;
const MOST_AT_FIRST = 512 * 1024;
/** Most bytes that a UTF-16 unit takes in UTF-8. */
const UTF8_BYTES = 3;

/** Entries that are to be appended, one behind the other in one piece of memory: each has its place there from the start. */
export class EntryBuffer {
  #bytes: Buffer = Buffer.alloc(0);
  #length = 0;
  #atFirst = LEAST_BYTES;

  get length(): number {
    return this.#length;
  }

  /** Writes an entry behind those that are there. */
  add(head: EntryHead, payload: string | Uint8Array): void {
    const most = typeof payload === 'string' ? payload.length * UTF8_BYTES : payload.length;
    const bytes = this.#withRoomFor(HEAD_BYTES + most);
    const start = this.#length;
    const end = start + HEAD_BYTES + writePayload(bytes, start + HEAD_BYTES, payload);
    bytes.writeUInt32LE(end - start - HEAD_BYTES, start + OFFSET.payloadLength);
    bytes.writeUInt32LE(crc32(bytes.subarray(start + HEAD_BYTES, end)), start + OFFSET.payloadCrc);
    // The rest of the word stays free.
    bytes.writeUInt32LE(head.kind | (head.flags << 8), start + OFFSET.kind);
    bytes.writeDoubleLE(head.when, start + OFFSET.when);
    bytes.writeDoubleLE(head.duration, start + OFFSET.duration);
    writeDigests(bytes, start, head);
    bytes.writeInt32LE(headChecksum(bytes, start), start + OFFSET.headCrc);
    this.#length = end;
  }

  /** Gives the bytes of all entries, which are the caller's from then on. */
  take(): Buffer {
    const taken = this.#bytes.subarray(0, this.#length);
    // The next ones will be about as many.
    this.#atFirst = Math.max(LEAST_BYTES, Math.min(this.#bytes.length, MOST_AT_FIRST));
    this.#bytes = Buffer.alloc(0);
    this.#length = 0;
    return taken;
  }

  #withRoomFor(more: number): Buffer {
    const wanted = this.#length + more;
    if (wanted <= this.#bytes.length) return this.#bytes;
    const grown = Buffer.allocUnsafeSlow(Math.max(this.#atFirst, wanted, this.#bytes.length * 2));
    this.#bytes.copy(grown, 0, 0, this.#length);
    this.#bytes = grown;
    return grown;
  }
}

function writePayload(bytes: Buffer, at: number, payload: string | Uint8Array): number {
  if (typeof payload === 'string') return bytes.write(payload, at, 'utf8');
  bytes.set(payload, at);
  return payload.length;
}

/** They lie side by side, so that one call writes them all; what is no digest leaves zeros in its own place. */
function writeDigests(bytes: Buffer, start: number, head: EntryHead): void {
  const from = start + OFFSET.key;
  const length = HEAD_BYTES - OFFSET.key;
  const { key, pub, contentKey, site, run } = head;
  if (bytes.write(key + pub + contentKey + site + run, from, length, 'hex') === length) return;
  bytes.fill(0, from, from + length);
  for (const field of ['key', 'pub', 'contentKey', 'site', 'run'] as const)
    bytes.write(head[field], start + OFFSET[field], FIELD_BYTES[field], 'hex');
}

const FIELD_BYTES = { key: 32, pub: 32, contentKey: 32, site: 16, run: 16 } as const;

/** The bytes of one entry. */
export function encodeEntry(head: EntryHead, payload: string | Uint8Array): Buffer {
  const entry = new EntryBuffer();
  entry.add(head, payload);
  return entry.take();
}

const NO_DIGEST = '0'.repeat(64);
const NO_ID = '0'.repeat(32);

/** The head of an entry that is about nothing: what an entry says is put in its place. */
export const EMPTY_HEAD: Omit<EntryHead, 'kind'> = {
  flags: 0,
  when: 0,
  duration: 0,
  key: NO_DIGEST,
  pub: NO_DIGEST,
  contentKey: NO_DIGEST,
  site: NO_ID,
  run: NO_ID,
};

/** Fewer heads are found by reading the segment as fast. */
const LEAST_HEADS = 64;

/**
 * Notes the heads of a segment while it is written, to repeat them at its end side by side: who opens it then reads a tenth of it, and one checksum
 * in place of one for each head.
 */
export class SegmentIndex {
  #heads: Buffer = Buffer.alloc(0);
  #length = 0;
  #end = SEGMENT_MAGIC.length;

  /** Takes in entries that are written behind those that were. */
  add(entries: Buffer): void {
    for (let at = 0; at < entries.length; at += HEAD_BYTES + entries.readUInt32LE(at + OFFSET.payloadLength)) {
      if (this.#length + HEAD_BYTES > this.#heads.length) this.#grow();
      this.#length += entries.copy(this.#heads, this.#length, at, at + HEAD_BYTES);
    }
    this.#end += entries.length;
  }

  /** The entries that end the segment; the last one says where the index is. */
  ending(): Buffer {
    const isWorthIt = this.#length >= LEAST_HEADS * HEAD_BYTES;
    const end = encodeEntry({ ...EMPTY_HEAD, kind: ENTRY_KIND.end, duration: isWorthIt ? this.#end : 0 }, '');
    if (!isWorthIt) return end;
    const index = encodeEntry({ ...EMPTY_HEAD, kind: ENTRY_KIND.index }, this.#heads.subarray(0, this.#length));
    return Buffer.concat([index, end]);
  }

  #grow(): void {
    const grown = Buffer.allocUnsafeSlow(Math.max(LEAST_HEADS * HEAD_BYTES, this.#heads.length * 2));
    this.#heads.copy(grown, 0, 0, this.#length);
    this.#heads = grown;
  }
}
