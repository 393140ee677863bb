import { hash, randomBytes } from 'node:crypto';
import { decodeEnvelope, encodeEnvelope, MemoError, type Trust } from '@memo/core/plugin';
import type { Bucket, ListedObject } from './bucket.ts';
import { readObject } from './read-object.ts';

/** Where an index is kept. */
export interface IndexPlace {
  readonly bucket: Bucket;
  /** What its objects begin with, slash at the end. */
  readonly prefix: string;
  /** Whose objects count, and what signs them. */
  readonly trust: Trust | undefined;
}

/**
 * What runs wrote down of the keys that they stored: an immutable object for each run, read by planners in place of a look at every key.
 * A key that is in it was there when its run ended. What is deleted is noted before it goes, and no longer covered from then on; what somebody
 * else deletes is found out when it is loaded.
 */
export class PresenceIndex {
  readonly #place: IndexPlace;
  readonly #read = new Set<string>();
  readonly #stored = new Set<string>();
  readonly #deleted = new Set<string>();
  #pending = new Set<string>();
  #notes: { readonly keys: Set<string>; readonly written: Promise<void> } | undefined;
  #writing: Promise<void> = Promise.resolve();

  constructor(place: IndexPlace) {
    this.#place = place;
  }

  /** Notes that a key was stored; it is written down by {@link flush}. */
  add(key: string): void {
    this.#pending.add(markOf(key));
  }

  /** Whether the keys of runs that were read, and of this process, have that one. */
  covers(key: string): boolean {
    const mark = markOf(key);
    return !this.#deleted.has(mark) && (this.#stored.has(mark) || this.#pending.has(mark));
  }

  /** Reads what others have written down since the last call. */
  async refresh(signal: AbortSignal): Promise<void> {
    const { bucket, prefix } = this.#place;
    const found: ListedObject[] = [];
    for await (const page of bucket.list(prefix, { signal })) found.push(...page);
    await Promise.all(
      found.filter(({ key }) => !this.#read.has(key)).map((object) => this.#readObject(object, signal)),
    );
  }

  /** Writes down what was stored. One write at a time; several calls that wait share the next one. */
  flush(signal: AbortSignal): Promise<void> {
    this.#writing = this.#writing.then(() => this.#write(signal));
    const written = this.#writing;
    this.#writing = written.catch(() => {});
    return written;
  }

  /** Resolves when it is written down that a key goes. Calls that come together share an object. */
  noteDeletion(key: string, signal: AbortSignal): Promise<void> {
    const mark = markOf(key);
    this.#deleted.add(mark);
    if (this.#notes === undefined) {
      const keys = new Set<string>();
      const written = Promise.resolve().then(() => {
        this.#notes = undefined;
        return this.#put({ stored: [], deleted: [...keys] }, signal);
      });
      this.#notes = { keys, written: written.then(() => {}) };
    }
    this.#notes.keys.add(mark);
    return this.#notes.written;
  }

  async #write(signal: AbortSignal): Promise<void> {
    const fresh = this.#pending;
    if (fresh.size === 0) return;
    this.#pending = new Set();
    for (const mark of fresh) this.#stored.add(mark);
    const merged = this.#read.size >= MOST_OBJECTS ? [...this.#read] : [];
    const stored = merged.length > 0 ? this.#stored : fresh;
    const deleted = merged.length > 0 ? [...this.#deleted] : [];
    try {
      const key = await this.#put({ stored: [...stored], deleted }, signal);
      // Only after what they held is in the new one.
      const { bucket } = this.#place;
      await Promise.all(merged.map((old) => bucket.remove(old, { signal }).then(() => this.#read.delete(old))));
      this.#read.add(key);
    } catch (error) {
      for (const mark of fresh) this.#pending.add(mark);
      throw error;
    }
  }

  async #put(content: IndexContent, signal: AbortSignal): Promise<string> {
    const key = `${this.#place.prefix}${randomBytes(16).toString('hex')}`;
    const payload = encodeIndex(content);
    const { trust } = this.#place;
    const sign = trust && ((digest: Uint8Array) => trust.sign({ kind: 'index', key, digest }));
    const bytes = Buffer.concat(encodeEnvelope({ codec: CODEC, payload, metadata: { address: key }, sign }));
    await this.#place.bucket.put({ key, bytes, kind: 'record' }, signal);
    return key;
  }

  async #readObject({ key, bytes }: ListedObject, signal: AbortSignal): Promise<void> {
    const content = bytes > MOST_BYTES ? undefined : await this.#content(key, signal);
    this.#read.add(key);
    if (content === undefined) return;
    for (const mark of content.stored) this.#stored.add(mark);
    for (const mark of content.deleted) this.#deleted.add(mark);
  }

  /** `undefined` for an object that is gone or that no store wrote: an index saves work, and nothing depends on it. */
  async #content(key: string, signal: AbortSignal): Promise<IndexContent | undefined> {
    const object = await readObject(this.#place.bucket, { key }, { signal });
    if (object === undefined) return undefined;
    try {
      const authorize = (digest: Uint8Array, signature: Uint8Array | undefined) => this.#judge(key, digest, signature);
      const opened = decodeEnvelope(object.bytes, { maxBytes: MOST_BYTES, label: key, authorize });
      const { codec, payload, metadata } = opened;
      return codec === CODEC && metadata.address === key ? decodeIndex(payload) : undefined;
    } catch (error) {
      if (MemoError.is(error, 'M5003')) return undefined;
      throw error;
    }
  }

  #judge(key: string, digest: Uint8Array, signature: Uint8Array | undefined): void {
    const verdict = this.#place.trust?.verify({ kind: 'index', key, digest }, signature) ?? 'trusted';
    if (verdict !== 'trusted') throw new MemoError('M5003', `The index ${key} is ${verdict}.`);
  }
}

interface IndexContent {
  readonly stored: readonly string[];
  readonly deleted: readonly string[];
}

/** 16 bytes of a digest of the key, as text of one character each. */
function markOf(key: string): string {
  return hash('sha256', key, 'binary').slice(0, MARK_BYTES);
}

/** The number of stored keys (4 bytes), their marks, and the marks of deleted ones. */
function encodeIndex({ stored, deleted }: IndexContent): Buffer {
  const count = Buffer.alloc(4);
  count.writeUInt32LE(stored.length);
  return Buffer.concat([count, Buffer.from([...stored, ...deleted].join(''), 'latin1')]);
}

function decodeIndex(payload: Uint8Array): IndexContent | undefined {
  const bytes = Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength);
  if (bytes.length < 4 || (bytes.length - 4) % MARK_BYTES !== 0) return undefined;
  const count = bytes.readUInt32LE();
  // Cut out of one text: each text that is made of bytes costs as much as a digest.
  const all = bytes.toString('latin1', 4);
  const marks: string[] = [];
  for (let at = 0; at < all.length; at += MARK_BYTES) marks.push(all.slice(at, at + MARK_BYTES));
  return { stored: marks.slice(0, count), deleted: marks.slice(count) };
}

const CODEC = 'presence-index/1';
const MARK_BYTES = 16;
const MOST_OBJECTS = 32;
const MOST_BYTES = 2 ** 28;
