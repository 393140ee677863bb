import { randomBytes } from 'node:crypto';
import type { Json } from '../definitions/version-strategy.ts';
import { MemoError, messageOf } from '../errors/memo-error.ts';
import type { RecordReading, RecordStore, SegmentInfo } from '../io/record-store.ts';
import type { Binding, Commit, Pin } from './binding.ts';
import { type BindingDraft, writtenBinding } from './binding-draft.ts';
import { flagsOf } from './binding-entry.ts';
import type { BindingPlace } from './binding-place.ts';
import { BindingTable } from './binding-table.ts';
import type { Bindings } from './bindings.ts';
import { EMPTY_HEAD, EntryBuffer } from './entry-buffer.ts';
import { ENTRY_KIND, SEGMENT_MAGIC } from './segment-format.ts';
import { SegmentIndex } from './segment-index.ts';
import {
  USE_RESOLUTION_MS,
  type VersionSetUse,
  versionSetHead,
  versionSetKey,
  versionSetText,
} from './version-sets.ts';

const FLUSH_BYTES = 256 * 1024;
const FLUSH_AFTER_MS = 1_000;
const MOST_LISTINGS = 4;
/** One by one, a distant store would be waited for as often as there are pins. */
const PINS_AT_ONCE = 32;
/** Of segments up to this size everything is kept in memory: a descriptor for each would cost more. */
const READ_WHOLE_BYTES = 64 * 1024;

/**
 * Bindings, commits and pins over a record store, with the table of everything that was read. Without a store they live in
 * memory, for stores that do not outlive the process.
 */
export class BindingLog implements Bindings {
  table: BindingTable = new BindingTable();
  readonly pins: Map<string, Pin> = new Map();
  /** What runs used, where there is no store to note it in. */
  readonly uses: VersionSetUse[] = [];
  readonly #store: RecordStore | undefined;
  readonly #read = new Map<string, number>();
  readonly #commits = new Map<string, Commit>();
  readonly #manifests = new Set<string>();
  #segment: string | undefined;
  readonly #buffered = new EntryBuffer();
  /** Of the segment that is being written. */
  #index: SegmentIndex = new SegmentIndex();
  #lastFlush = Number.NEGATIVE_INFINITY;
  /** Whether a store may still hold back what was appended last. */
  #hasUnflushed = false;
  #writing: Promise<void> = Promise.resolve();
  #refreshing: Promise<void> = Promise.resolve();
  /** The first write that failed without anybody waiting for it. */
  #failure: Error | undefined;

  constructor(store: RecordStore | undefined) {
    this.#store = store;
  }

  get isShared(): boolean {
    return this.#store !== undefined;
  }

  /**
   * Reads what other writers have added since the last call, and the pins.
   *
   * @throws MemoError M5009 when the records cannot be read; the reason of an aborted signal, where the store gives that.
   */
  refresh(reading: RecordReading = {}): Promise<void> {
    const store = this.#store;
    if (store === undefined) return Promise.resolve();
    // One at a time: two would read the same bytes twice.
    const refreshed = this.#refreshing.then(() => guarded('read', () => this.#readAll(store, reading), reading));
    this.#refreshing = refreshed.catch(() => undefined);
    return refreshed;
  }

  async #readAll(store: RecordStore, reading: RecordReading): Promise<void> {
    // Asked for at once: of a distant store, each answer that is waited for takes as long as all others together.
    const pins = Promise.resolve(store.documents('pin-', reading));
    pins.catch(() => undefined);
    let vanished = true;
    for (let listing = 0; vanished && listing < MOST_LISTINGS; listing++) {
      vanished = false;
      for (const { name, bytes } of sortedByName(await store.segments(reading))) {
        const from = this.#read.get(name) ?? 0;
        if (name === this.#segment || bytes <= from) continue;
        // A compaction has moved its entries to a segment that this listing may not have.
        if (!(await this.#readSegment({ store, reading, from }, { name, bytes }))) vanished = true;
      }
    }
    const keys = await pins;
    for (let at = 0; at < keys.length; at += PINS_AT_ONCE) {
      const some = keys.slice(at, at + PINS_AT_ONCE);
      await Promise.all(some.map((key) => this.#readPin(store, key, reading)));
    }
  }

  async #readSegment({ store, reading, from }: Continued, { name, bytes }: SegmentInfo): Promise<boolean> {
    const opened = bytes - from > READ_WHOLE_BYTES ? await store.open?.(name, reading) : undefined;
    if (opened !== undefined) {
      this.#read.set(name, this.table.addOpened(opened, from));
      return true;
    }
    const added = await store.read(name, from, reading);
    if (added.length === 0) return false;
    const end = this.table.addSegment(from === 0 ? added : Buffer.concat([SEGMENT_MAGIC, added]));
    this.#read.set(name, from === 0 ? end : from + end - SEGMENT_MAGIC.length);
    return true;
  }

  async #readPin(store: RecordStore, key: string, reading: RecordReading): Promise<void> {
    const document = await store.getDocument(key, reading);
    const pin = document === undefined ? undefined : parseDocument<Pin>(document.bytes, 'memo.pin/1');
    if (pin === undefined || key !== `pin-${pin.stepVersion}`) return;
    const known = this.pins.get(pin.stepVersion);
    if (known === undefined || known.generation <= pin.generation) this.pins.set(pin.stepVersion, pin);
  }

  /**
   * Adds a binding. With `flush`, resolves when it survives a crash; otherwise it is written within a second and by {@link close}, which also says
   * when that failed. `undefined` where there is nothing to wait for.
   */
  append(appended: Binding | BindingDraft, place: BindingPlace, flush: boolean): Promise<void> | undefined {
    const binding = this.#store === undefined ? undefined : writtenBinding(appended);
    this.table.addBinding(binding ?? appended, place);
    if (binding === undefined) return undefined;
    const head = {
      kind: ENTRY_KIND.binding,
      flags: flagsOf(binding),
      when: binding.when,
      duration: binding.duration,
      key: binding.stepVersion,
      pub: binding.pub,
      contentKey: binding.contentKey ?? EMPTY_HEAD.contentKey,
      site: place.site,
      run: place.runHex,
    };
    this.#buffered.add(head, JSON.stringify(binding));
    if (flush) return this.#flush(true);
    if (this.#buffered.length <= FLUSH_BYTES && performance.now() - this.#lastFlush <= FLUSH_AFTER_MS) return undefined;
    return this.#flush(false).catch((error: unknown) => {
      this.#failure ??= error instanceof Error ? error : new Error(String(error));
    });
  }

  /** Keeps the manifest of a code version, once. */
  addManifest(key: string, manifest: Json): void {
    if (this.#manifests.has(key) || this.table.manifest(key) !== undefined) return;
    this.#manifests.add(key);
    this.table.addManifest(key, manifest);
    if (this.#store === undefined) return;
    this.#buffered.add({ ...EMPTY_HEAD, kind: ENTRY_KIND.manifest, key }, JSON.stringify(manifest));
  }

  addUse(use: VersionSetUse): void {
    const key = versionSetKey(use.versions);
    const last = this.table.lastUse(key);
    if (use.versions.length === 0 || (last !== undefined && use.when - last < USE_RESOLUTION_MS)) return;
    this.table.noteUse(key, use.when);
    if (this.#store === undefined) this.uses.push(use);
    else this.#buffered.add(versionSetHead('use', use), last === undefined ? versionSetText(use) : '');
  }

  /** Notes step versions none of whose values are left. */
  notePruned(set: VersionSetUse): void {
    if (this.#store !== undefined) this.#buffered.add(versionSetHead('pruned', set), versionSetText(set));
  }

  /** Creates the commit mark of a step version, or gives the one that is there already. The first wins, for ever. */
  async commit(mine: Commit): Promise<Commit> {
    if (this.#store === undefined) {
      const first = this.#commits.get(mine.stepVersion) ?? mine;
      this.#commits.set(mine.stepVersion, first);
      return first;
    }
    const store = this.#store;
    return guarded('write', async () => {
      const key = `commit-${mine.stepVersion}`;
      if (await store.putDocument(key, Buffer.from(JSON.stringify(mine)), undefined)) return mine;
      const document = await store.getDocument(key);
      const theirs = document === undefined ? undefined : parseDocument<Commit>(document.bytes, 'memo.commit/1');
      if (theirs !== undefined) return theirs;
      // A mark that cannot be read commits nothing: it is replaced under its tag, so that one writer does it.
      if (await store.putDocument(key, Buffer.from(JSON.stringify(mine)), document?.tag)) return mine;
      return this.commit(mine);
    });
  }

  /**
   * Pins a step version to a generation, unless another writer was faster; gives the pin that counts.
   *
   * @param known the generation that was pinned when the computation began, if any.
   */
  async pin(stepVersion: string, pub: string, known: string | undefined): Promise<Pin> {
    const wanted = { schema: 'memo.pin/1', stepVersion, pub } as const;
    const counts = await guarded('write', () => this.#putPin(wanted, known));
    this.pins.set(stepVersion, counts);
    return counts;
  }

  async #putPin(wanted: Omit<Pin, 'generation'>, known: string | undefined): Promise<Pin> {
    const key = `pin-${wanted.stepVersion}`;
    const document = await this.#store?.getDocument(key);
    const stored = document === undefined ? undefined : parseDocument<Pin>(document.bytes, 'memo.pin/1');
    const current = this.#store === undefined ? this.pins.get(wanted.stepVersion) : stored;
    if (current !== undefined && current.pub !== known) return current;
    const next: Pin = { ...wanted, generation: (current?.generation ?? 1) + 1 };
    if (this.#store === undefined) return next;
    const bytes = Buffer.from(JSON.stringify(next));
    return (await this.#store.putDocument(key, bytes, document?.tag)) ? next : this.#putPin(wanted, known);
  }

  /** Resolves when everything that was appended survives a crash, and others can read it. */
  async flush(): Promise<void> {
    const isOpen = this.#hasUnflushed && this.#segment !== undefined;
    if (this.#store !== undefined && (this.#buffered.length > 0 || isOpen)) await this.#flush(true);
  }

  /**
   * Writes what is buffered and ends the segment of this run.
   *
   * @throws MemoError M5009 when something of this run could not be written.
   */
  async close(): Promise<void> {
    const store = this.#store;
    if (store === undefined) return;
    const failure = this.#failure;
    this.#failure = undefined;
    if (this.#segment !== undefined || this.#buffered.length > 0) await this.#endSegment(store);
    if (failure !== undefined) throw failure;
  }

  async #endSegment(store: RecordStore): Promise<void> {
    const flushed = this.#flush(true, 'end');
    // At once: another run of this process may append, and nothing may follow the end of a segment.
    const finished = this.#segment as string;
    this.#segment = undefined;
    this.#read.set(finished, Number.MAX_SAFE_INTEGER);
    await flushed;
    this.#buffered.trim();
    try {
      // Loaded here, because whoever only plans never ends a segment.
      const { compactSegments } = await import('./compaction.ts');
      await compactSegments(store, newSegmentName, { ended: finished, read: this.#read });
    } catch {
      // Tidying up: what it could not do is done at the end of a later run.
    }
  }

  #flush(durable: boolean, then: 'go on' | 'end' = 'go on'): Promise<void> {
    const store = this.#store as RecordStore;
    const entries = this.#buffered.take();
    this.#lastFlush = performance.now();
    const first = this.#segment === undefined;
    if (first) this.#index = new SegmentIndex();
    this.#segment ??= newSegmentName();
    const segment = this.#segment;
    this.#index.add(entries);
    const end = then === 'end' ? this.#index.ending() : [];
    const bytes = first || end.length > 0 ? Buffer.concat([first ? SEGMENT_MAGIC : NOTHING, entries, ...end]) : entries;
    this.#hasUnflushed = !durable;
    const write = this.#writing.then(() =>
      guarded('write', async () => {
        await store.append(segment, bytes, { flush: durable });
        this.#buffered.giveBack(entries);
      }),
    );
    this.#writing = write.catch(() => this.#abandon(segment));
    return write;
  }

  /** A segment may end anywhere in what could not be written, and nothing behind that would be read. */
  #abandon(segment: string): void {
    this.#read.set(segment, Number.MAX_SAFE_INTEGER);
    if (this.#segment === segment) this.#segment = undefined;
  }
}

/** Where the reading of a segment goes on. */
interface Continued {
  readonly store: RecordStore;
  readonly reading: RecordReading;
  readonly from: number;
}

const NOTHING: Uint8Array = new Uint8Array(0);

/** A name that no other writer takes; names sort by time. */
export function newSegmentName(): string {
  return `${Math.round(performance.timeOrigin + performance.now()).toString(36)}-${randomBytes(8).toString('hex')}`;
}

function parseDocument<T extends { readonly schema: string }>(bytes: Uint8Array, schema: T['schema']): T | undefined {
  try {
    const parsed = JSON.parse(Buffer.from(bytes).toString('utf8')) as T;
    return parsed.schema === schema ? parsed : undefined;
  } catch {
    return undefined;
  }
}

function sortedByName<T extends { readonly name: string }>(items: readonly T[]): readonly T[] {
  return [...items].sort((a, b) => (a.name < b.name ? -1 : 1));
}

async function guarded<T>(
  doing: 'read' | 'write' | 'compact',
  act: () => Promise<T>,
  { signal }: RecordReading = {},
): Promise<T> {
  try {
    return await act();
  } catch (cause) {
    if (MemoError.is(cause) || (signal?.aborted === true && cause === signal.reason)) throw cause;
    throw new MemoError('M5009', `Cannot ${doing} bindings: ${messageOf(cause)}`, {
      fix: 'Make the store (or .memo/records) readable and writable; bindings may be deleted, which costs re-runs only.',
      cause,
    });
  }
}
