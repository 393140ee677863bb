import { randomBytes } from 'node:crypto';
import { decodeEnvelope, encodeEnvelope, MemoError, type Trust } from '@memo/core/plugin';
import type { Bucket, ListedObject } from './bucket.ts';
import { decodeIndex, encodeIndex, INDEX_CODEC, type IndexContent, KeyMarks } from './index-content.ts';
import { digestMark, markOf, VERSION_BYTES, VersionMarks, versionAt } from './key-mark.ts';
import { MarkSet } from './mark-set.ts';
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
  /** The objects that need not be read again. */
  readonly #read = new Set<string>();
  /** Those of them of which everything is here, so that what is written anew may replace them. */
  readonly #known = new Set<string>();
  readonly #stored = new KeyMarks();
  readonly #deleted = new KeyMarks();
  #pending = new MarkSet();
  #notes: { readonly keys: MarkSet; readonly written: Promise<void> } | undefined;
  #writing: Promise<void> = Promise.resolve();

  constructor(place: IndexPlace) {
    this.#place = place;
  }

  /** Notes that a key was stored; it is written down by {@link flush}. */
  add(key: string): void {
    this.#pending.add(markOf(key), 0);
  }

  /** Whether the keys of runs that were read, and of this process, have that one. */
  covers(key: string): boolean {
    const mark = markOf(key);
    const isStored = this.#hasStored(mark) || hasByKey(this.#stored, key);
    return isStored && !this.#deleted.byVersion.has(mark, 0) && !hasByKey(this.#deleted, key);
  }

  /**
   * The same for many keys that differ in the versions that they end with: 1 for those that are covered.
   *
   * @param above what the keys begin with, up to the version
   * @param versions 32 bytes each, one behind the other
   */
  coversVersions(above: string, versions: Uint8Array): Uint8Array {
    const covered = new Uint8Array(versions.length / VERSION_BYTES);
    const marks = new VersionMarks(above, versions);
    const isByKey = this.#stored.byKey.size + this.#deleted.byKey.size > 0;
    for (let at = 0; at < covered.length; at++) {
      const isCovered = isByKey ? this.covers(above + versionAt(versions, at)) : this.#coversMark(marks.get(at));
      if (isCovered) covered[at] = 1;
    }
    return covered;
  }

  #coversMark(mark: Int32Array): boolean {
    return this.#hasStored(mark) && !this.#deleted.byVersion.has(mark, 0);
  }

  #hasStored(mark: Int32Array): boolean {
    return this.#stored.byVersion.has(mark, 0) || this.#pending.has(mark, 0);
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
    this.#deleted.byVersion.add(mark, 0);
    if (this.#notes === undefined) {
      const keys = new MarkSet();
      const written = Promise.resolve().then(() => {
        this.#notes = undefined;
        return this.#put({ stored: NOTHING, deleted: { ...NOTHING, byVersion: keys.bytes() } }, signal);
      });
      this.#notes = { keys, written: written.then(() => {}) };
    }
    this.#notes.keys.add(mark, 0);
    return this.#notes.written;
  }

  async #write(signal: AbortSignal): Promise<void> {
    const fresh = this.#pending;
    if (fresh.size === 0) return;
    this.#pending = new MarkSet();
    const bytes = fresh.bytes();
    this.#stored.byVersion.addAll(bytes);
    const merged = this.#known.size >= MOST_OBJECTS ? [...this.#known] : [];
    const content =
      merged.length > 0
        ? { stored: this.#stored.bytes(), deleted: this.#deleted.bytes() }
        : { stored: { ...NOTHING, byVersion: bytes }, deleted: NOTHING };
    try {
      const key = await this.#put(content, signal);
      // Only after what they held is in the new one.
      const { bucket } = this.#place;
      await Promise.all(merged.map((old) => bucket.remove(old, { signal }).then(() => this.#forget(old))));
      this.#read.add(key);
      this.#known.add(key);
    } catch (error) {
      this.#pending.addAll(bytes);
      throw error;
    }
  }

  #forget(object: string): void {
    this.#read.delete(object);
    this.#known.delete(object);
  }

  async #put(content: IndexContent, signal: AbortSignal): Promise<string> {
    const key = `${this.#place.prefix}${randomBytes(16).toString('hex')}`;
    const payload = encodeIndex(content);
    const { trust } = this.#place;
    const sign = trust && ((digest: Uint8Array) => trust.sign({ kind: 'index', key, digest }));
    const bytes = Buffer.concat(encodeEnvelope({ codec: INDEX_CODEC, payload, metadata: { address: key }, sign }));
    await this.#place.bucket.put({ key, bytes, kind: 'record' }, signal);
    return key;
  }

  async #readObject({ key, bytes }: ListedObject, signal: AbortSignal): Promise<void> {
    const content = bytes > MOST_BYTES ? undefined : await this.#content(key, signal);
    this.#read.add(key);
    if (content === undefined) return;
    this.#known.add(key);
    this.#stored.addAll(content.stored);
    this.#deleted.addAll(content.deleted);
  }

  /** `undefined` for an object that is gone or that no store wrote: an index saves work, and nothing depends on it. */
  async #content(key: string, signal: AbortSignal): Promise<IndexContent | undefined> {
    const object = await readObject(this.#place.bucket, { key }, { signal });
    if (object === undefined) return undefined;
    try {
      const authorize = (digest: Uint8Array, signature: Uint8Array | undefined) => this.#judge(key, digest, signature);
      const opened = decodeEnvelope(object.bytes, { maxBytes: MOST_BYTES, label: key, authorize });
      const { codec, payload, metadata } = opened;
      return metadata.address === key ? decodeIndex(codec, payload) : undefined;
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

function hasByKey({ byKey }: KeyMarks, key: string): boolean {
  return byKey.size > 0 && byKey.has(digestMark(key), 0);
}

const NOTHING = { byVersion: new Uint8Array(0), byKey: new Uint8Array(0) };
const MOST_OBJECTS = 32;
const MOST_BYTES = 2 ** 28;
