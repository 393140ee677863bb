import { crc32 } from 'node:zlib';
import { headChecksum } from './head-checksum.ts';
import { type EntryHead, HEAD_BYTES, OFFSET } from './segment-format.ts';

const LEAST_BYTES = 4 * 1024;
/** Larger pieces of memory are let go at once: one large entry would be kept for ever. */
const MOST_KEPT = 1024 * 1024;
const NO_BYTES = Buffer.alloc(0);
/** Most bytes that a UTF-16 unit takes in UTF-8. */
const UTF8_BYTES = 3;

/** Entries that are to be appended, one behind the other in one piece of memory: each has its place there from the start. */
export class EntryBuffer {
  #bytes: Buffer = NO_BYTES;
  #length = 0;
  /** Memory that was given back, for the entries after those that are written next. */
  #spare: Buffer = NO_BYTES;

  get length(): number {
    return this.#length;
  }

  /** Writes an entry behind those that are there. */
  add(head: EntryHead, payload: string | Uint8Array): void {
    const most = typeof payload === 'string' ? payload.length * UTF8_BYTES : payload.length;
    const bytes = this.#withRoomFor(HEAD_BYTES + most);
    const start = this.#length;
    const from = start + HEAD_BYTES;
    const length = writePayload(bytes, from, payload);
    bytes.set(headOf(head, { length, checksum: crc32(bytes.subarray(from, from + length)) }), start);
    this.#length = from + length;
  }

  /** Gives the bytes of all entries, which are the caller's until they are given back, if they ever are. */
  take(): Buffer {
    const taken = this.#bytes.subarray(0, this.#length);
    this.#bytes = this.#spare;
    this.#spare = NO_BYTES;
    this.#length = 0;
    return taken;
  }

  /** Takes back the memory of entries that nobody reads any more: what the system has just given it has to clear first. */
  giveBack(taken: Buffer): void {
    const whole = Buffer.from(taken.buffer);
    if (whole.length > MOST_KEPT) return;
    if (this.#length === 0 && whole.length > this.#bytes.length) this.#bytes = whole;
    else if (whole.length > this.#spare.length) this.#spare = whole;
  }

  /** Lets go of all memory that holds no entries. */
  trim(): void {
    this.#spare = NO_BYTES;
    if (this.#length === 0) this.#bytes = NO_BYTES;
  }

  #withRoomFor(more: number): Buffer {
    const wanted = this.#length + more;
    if (wanted <= this.#bytes.length) return this.#bytes;
    const grown = Buffer.allocUnsafeSlow(Math.max(LEAST_BYTES, wanted, this.#bytes.length * 2));
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

/** What the head of an entry says of its payload. */
export interface PayloadSummary {
  /** Bytes. */
  readonly length: number;
  /** Its CRC-32. */
  readonly checksum: number;
}

/** Heads are put together here, where all their numbers lie as the machine reads them, and copied from here. */
const HEAD = Buffer.alloc(HEAD_BYTES);
const VIEW = new DataView(HEAD.buffer, HEAD.byteOffset, HEAD_BYTES);

/** The bytes of a head, which hold until the next call. */
function headOf(head: EntryHead, payload: PayloadSummary): Buffer {
  VIEW.setUint32(OFFSET.payloadLength, payload.length, true);
  VIEW.setUint32(OFFSET.payloadCrc, payload.checksum, true);
  // The rest of the word stays free.
  VIEW.setUint32(OFFSET.kind, head.kind | (head.flags << 8), true);
  VIEW.setFloat64(OFFSET.when, head.when, true);
  VIEW.setFloat64(OFFSET.duration, head.duration, true);
  writeDigests(HEAD, head);
  VIEW.setInt32(OFFSET.headCrc, headChecksum(VIEW, 0), true);
  return HEAD;
}

/** They lie side by side, so that one call writes them all; what is no digest leaves zeros in its own place. */
function writeDigests(bytes: Buffer, head: EntryHead): void {
  const length = HEAD_BYTES - OFFSET.key;
  const { key, pub, contentKey, site, run } = head;
  if (bytes.write(key + pub + contentKey + site + run, OFFSET.key, length, 'hex') === length) return;
  bytes.fill(0, OFFSET.key);
  for (const field of ['key', 'pub', 'contentKey', 'site', 'run'] as const)
    bytes.write(head[field], OFFSET[field], FIELD_BYTES[field], 'hex');
}

const FIELD_BYTES = { key: 32, pub: 32, contentKey: 32, site: 16, run: 16 } as const;

/** The bytes of one entry. */
export function encodeEntry(head: EntryHead, payload: string | Uint8Array): Buffer {
  const entry = new EntryBuffer();
  entry.add(head, payload);
  return entry.take();
}

/** The head alone of an entry whose payload lies elsewhere. */
export function encodeHead(head: EntryHead, payload: PayloadSummary): Buffer {
  return Buffer.from(headOf(head, payload));
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
