import { randomBytes } from 'node:crypto';
import type { OpenedSegment, RecordDocument, RecordReading, RecordStore, SegmentInfo } from '@memo/core/plugin';
import { unlessAborted } from './abort-listeners.ts';
import type { Bucket, ListedObject } from './bucket.ts';
import { readObject } from './read-object.ts';
import { type Attempt, readOnlyError, recordsError } from './s3-errors.ts';

/** What the records of a store need from it. */
export interface RecordsPlace {
  readonly bucket: Bucket;
  /** What their keys begin with, slash at the end. */
  readonly prefix: string;
  readonly urlOf: (key: string) => string;
  readonly readOnly: boolean;
  /** Called before segments are listed: at the beginning of a plan, and at the end of each run. */
  readonly beforeListing: () => Promise<void>;
}

interface RecordAttempt {
  readonly doing: Attempt['doing'];
  readonly key: string;
  readonly signal: AbortSignal;
}

interface Part {
  readonly key: string;
  readonly bytes: number;
}

/**
 * Records as objects: `segments/<name>/<number>` for what was appended to a segment, and one for each document. Nothing is ever appended to or
 * locked; documents change only by conditional writes.
 *
 * What need not be flushed waits for as many appends as the segment has objects: a long run leaves few of them for planners to read, and the
 * first bindings are there at once.
 */
export class S3Records implements RecordStore {
  readonly #place: RecordsPlace;
  /** Parts of the segments of the last listing. */
  #listed: ReadonlyMap<string, readonly Part[]> = new Map();
  readonly #next = new Map<string, number>();
  readonly #waiting = new Map<string, Uint8Array[]>();
  readonly #fetched = new Map<string, Promise<Uint8Array>>();

  constructor(place: RecordsPlace) {
    this.#place = place;
  }

  append(segment: string, bytes: Uint8Array, options: { readonly flush?: boolean } = {}): Promise<void> {
    const prefix = this.#segmentPrefix(segment);
    const waiting = [...(this.#waiting.get(segment) ?? []), Buffer.from(bytes)];
    if (!this.#place.readOnly) this.#waiting.set(segment, waiting);
    const mayWait = waiting.length <= (this.#next.get(segment) ?? 0) && byteLengthOf(waiting) < MOST_WAITING;
    if (options.flush !== true && mayWait) return Promise.resolve();
    return this.#change('write', prefix, () => this.#writePart(segment));
  }

  /** Writes what waits. */
  async settle(): Promise<void> {
    for (const segment of this.#waiting.keys())
      await this.#change('write', this.#segmentPrefix(segment), () => this.#writePart(segment));
  }

  segments({ signal = NEVER }: RecordReading = {}): Promise<readonly SegmentInfo[]> {
    const prefix = `${this.#place.prefix}segments/`;
    return this.#attempt({ doing: 'list', key: prefix, signal }, async () => {
      await this.settle();
      await this.#place.beforeListing();
      this.#listed = bySegment(prefix, await this.#list(prefix, signal));
      return [...this.#listed].map(([name, parts]) => ({ name, bytes: lengthOf(parts), pieces: parts.length }));
    });
  }

  read(segment: string, offset: number, { signal = NEVER }: RecordReading = {}): Promise<Uint8Array> {
    const prefix = this.#segmentPrefix(segment);
    return this.#attempt({ doing: 'read', key: prefix, signal }, async () => {
      await this.#writePart(segment);
      const parts = await this.#partsOf(segment, signal);
      if (offset === 0) this.#fetchAhead(segment, signal);
      let position = 0;
      const reading = parts.map(async ({ key, bytes }) => {
        const skipped = Math.max(0, offset - position);
        position += bytes;
        if (skipped >= bytes) return NOTHING;
        const fetched = await this.#fetch(key, signal);
        this.#fetched.delete(key);
        return fetched.subarray(skipped);
      });
      return Buffer.concat(await Promise.all(reading));
    });
  }

  /** In memory, whole: what is read of it is wanted at once. */
  open(segment: string, { signal = NEVER }: RecordReading = {}): Promise<OpenedSegment | undefined> {
    const prefix = this.#segmentPrefix(segment);
    return this.#attempt({ doing: 'read', key: prefix, signal }, async () => {
      await this.#writePart(segment);
      const parts = await this.#partsOf(segment, signal);
      this.#fetchAhead(segment, signal);
      const pieces = await Promise.all(parts.map(({ key }) => this.#fetch(key, signal)));
      return pieces.length === 0 ? undefined : openedPieces(pieces);
    });
  }

  remove(segment: string): Promise<void> {
    const prefix = this.#segmentPrefix(segment);
    this.#waiting.delete(segment);
    for (const key of this.#fetched.keys()) if (key.startsWith(prefix)) this.#fetched.delete(key);
    return this.#change('delete', prefix, async () => {
      // From the end: what is left, should this stop half-way, is a segment that somebody has not ended.
      for (const { key } of (await this.#list(prefix, NEVER)).reverse())
        await this.#place.bucket.remove(key, { signal: NEVER });
    });
  }

  getDocument(key: string, { signal = NEVER }: RecordReading = {}): Promise<RecordDocument | undefined> {
    const path = this.#documentKey(key);
    return this.#attempt({ doing: 'read', key: path, signal }, async () => {
      const object = await readObject(this.#place.bucket, { key: path }, { signal });
      return object && { bytes: object.bytes.subarray(UNIQUE_BYTES), tag: object.tag };
    });
  }

  putDocument(key: string, bytes: Uint8Array, expected: string | undefined): Promise<boolean> {
    const path = this.#documentKey(key);
    const condition = expected === undefined ? 'absent' : { tag: expected };
    // The tag is a digest of the content: without something unique, a document that changed and changed back would pass for unchanged.
    const unique = Buffer.concat([randomBytes(UNIQUE_BYTES), bytes]);
    return this.#change('write', path, async () => (await this.#put(path, unique, condition)) !== undefined);
  }

  /** As far as the server honours conditions of deletions; the others are asked right before. */
  removeDocument(key: string, expected: string): Promise<boolean> {
    const path = this.#documentKey(key);
    return this.#change('delete', path, async () => {
      const { bucket } = this.#place;
      if ((await bucket.head(path, { signal: NEVER }))?.tag !== expected) return false;
      return bucket.remove(path, { signal: NEVER }, expected);
    });
  }

  documents(prefix: string, { signal = NEVER }: RecordReading = {}): Promise<readonly string[]> {
    const path = `${this.#place.prefix}documents/${checkedPrefix(prefix)}`;
    return this.#attempt({ doing: 'list', key: path, signal }, async () =>
      (await this.#list(path, signal))
        .map(({ key }) => key.slice(this.#place.prefix.length + 'documents/'.length))
        .filter((key) => NAME.test(key)),
    );
  }

  /** Numbers are given at once, so that parts which are written at the same time keep their order. */
  async #writePart(segment: string): Promise<void> {
    const waiting = this.#waiting.get(segment);
    if (waiting === undefined) return;
    this.#waiting.delete(segment);
    const bytes = Buffer.concat(waiting);
    if (bytes.byteLength === 0) return;
    for (let number = this.#next.get(segment) ?? 0; ; number++) {
      const key = this.#segmentPrefix(segment) + String(number).padStart(PART_DIGITS, '0');
      this.#next.set(segment, number + 1);
      // Taken only where another manager has begun the same segment.
      if ((await this.#put(key, bytes, 'absent')) !== undefined) return;
    }
  }

  async #put(
    key: string,
    bytes: Uint8Array,
    condition: 'absent' | { readonly tag: string },
  ): Promise<string | undefined> {
    const outcome = await this.#place.bucket.put({ key, bytes, condition, kind: 'record' }, NEVER);
    return outcome.written ? outcome.tag : undefined;
  }

  async #partsOf(segment: string, signal: AbortSignal): Promise<readonly Part[]> {
    return this.#listed.get(segment) ?? this.#list(this.#segmentPrefix(segment), signal);
  }

  /** What is read next is on its way while this is read: segments are read one after another. */
  #fetchAhead(segment: string, signal: AbortSignal): void {
    // Own segments are read when they are written anew; nothing is read after them.
    if (this.#next.has(segment)) return;
    let begun = false;
    let ahead = 0;
    for (const [name, parts] of this.#listed) {
      begun ||= name === segment;
      if (!begun || this.#next.has(name)) continue;
      for (const { key } of parts) {
        if (ahead++ >= MOST_AHEAD) return;
        this.#fetch(key, signal).catch(() => {});
      }
    }
  }

  #fetch(key: string, signal: AbortSignal): Promise<Uint8Array> {
    const known = this.#fetched.get(key);
    // What failed, or was cancelled by whoever began it, is begun anew.
    if (known !== undefined) return known.catch(() => this.#begin(key, signal));
    return this.#begin(key, signal);
  }

  #begin(key: string, signal: AbortSignal): Promise<Uint8Array> {
    // A part that is gone was merged into another segment meanwhile.
    const fetched = readObject(this.#place.bucket, { key }, { signal }).then(
      (object) => object?.bytes ?? new Uint8Array(),
    );
    this.#fetched.set(key, fetched);
    return fetched;
  }

  async #list(prefix: string, signal: AbortSignal): Promise<ListedObject[]> {
    const found: ListedObject[] = [];
    for await (const page of this.#place.bucket.list(prefix, { signal })) found.push(...page);
    return found.sort((a, b) => (a.key < b.key ? -1 : 1));
  }

  #segmentPrefix(segment: string): string {
    if (!NAME.test(segment)) throw new TypeError(`Not the name of a segment: ${JSON.stringify(segment)}`);
    return `${this.#place.prefix}segments/${segment}/`;
  }

  #documentKey(key: string): string {
    if (!NAME.test(key)) throw new TypeError(`Not the name of a document: ${JSON.stringify(key)}`);
    return `${this.#place.prefix}documents/${key}`;
  }

  #change<T>(doing: 'write' | 'delete', key: string, act: () => Promise<T>): Promise<T> {
    return this.#attempt({ doing, key, signal: NEVER }, () => {
      if (this.#place.readOnly) throw readOnlyError(doing, this.#place.urlOf(key));
      return act();
    });
  }

  async #attempt<T>({ doing, key, signal }: RecordAttempt, act: () => Promise<T>): Promise<T> {
    try {
      signal.throwIfAborted();
      // What waits to be written is written before anything is read, in its own time.
      return await unlessAborted(signal, act());
    } catch (error) {
      throw recordsError(error, { doing, url: this.#place.urlOf(key), signal });
    }
  }
}

function bySegment(prefix: string, objects: readonly ListedObject[]): Map<string, Part[]> {
  const segments = new Map<string, Part[]>();
  for (const { key, bytes } of objects) {
    const [name = '', number = '', ...more] = key.slice(prefix.length).split('/');
    if (!NAME.test(name) || !/^\d{8}$/.test(number) || more.length > 0) continue;
    const parts = segments.get(name) ?? [];
    parts.push({ key, bytes });
    segments.set(name, parts);
  }
  return segments;
}

function openedPieces(pieces: readonly Uint8Array[]): OpenedSegment {
  return {
    bytes: byteLengthOf(pieces),
    read(into, position) {
      let filled = 0;
      let begin = 0;
      for (const piece of pieces) {
        const from = position + filled - begin;
        begin += piece.byteLength;
        if (from < 0 || from >= piece.byteLength) continue;
        const part = piece.subarray(from, from + into.byteLength - filled);
        into.set(part, filled);
        filled += part.byteLength;
      }
      return filled;
    },
  };
}

function byteLengthOf(pieces: readonly Uint8Array[]): number {
  return pieces.reduce((sum, { byteLength }) => sum + byteLength, 0);
}

function lengthOf(parts: readonly Part[]): number {
  return parts.reduce((sum, { bytes }) => sum + bytes, 0);
}

function checkedPrefix(prefix: string): string {
  if (!/^[a-z0-9-]{0,100}$/.test(prefix)) throw new TypeError(`Not the beginning of a name: ${JSON.stringify(prefix)}`);
  return prefix;
}

const NAME = /^[a-z0-9-]{1,100}$/;
const PART_DIGITS = 8;
const UNIQUE_BYTES = 16;
const NOTHING = new Uint8Array(0);
const MOST_AHEAD = 256;
/** So many bytes are written whatever waits for what. */
const MOST_WAITING = 4 * 1024 * 1024;
/** What is written says what was computed: it ends in its own time, whatever is cancelled. Its requests have deadlines. */
const NEVER: AbortSignal = new AbortController().signal;
