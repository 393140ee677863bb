import type { Json } from '../definitions/version-strategy.ts';
import type { DigestColumn } from '../hash/digest-column.ts';
import type { OpenedSegment } from '../io/record-store.ts';
import type { StepVersionRecord } from '../versions/step-version-record.ts';
import type { Binding } from './binding.ts';
import type { BindingDraft } from './binding-draft.ts';
import { type BindingEntry, ContestedEntry, StoredEntry } from './binding-entry.ts';
import type { BindingPlace } from './binding-place.ts';
import { boundOnce } from './bound-once.ts';
import { ContentIndex } from './content-index.ts';
import { type EntryReader, Heads } from './entry-reader.ts';
import { HeadTable, NONE } from './head-table.ts';
import { copyHeads, type HeadVisitor, readHeads } from './opened-segment.ts';
import { ENTRY_FLAG, ENTRY_KIND, HEAD_BYTES } from './segment-format.ts';
import { type LooseEntry, WrittenBindings } from './written-bindings.ts';

/** All bindings of a record store: heads of entries in memory, and tables that find them. Opening costs a scan of the heads, a look-up a probe. */
export class BindingTable {
  readonly #stored = new Heads();
  readonly #byVersion = new HeadTable(this.#stored, 'key');
  /** Made up when it is first asked for: plans in which nothing changed never do. */
  readonly #bySite = new HeadTable(this.#stored, 'site');
  readonly #manifests = new HeadTable(this.#stored, 'key');
  readonly #looseManifests = new Map<string, Json>();
  readonly #written = new WrittenBindings();
  readonly #uses = new Map<string, number>();
  #content: ContentIndex | undefined;
  /** True once there is a binding by which nothing was computed. */
  hasAliases: boolean = false;
  /** True once a binding that was read was made later than the one that counts. */
  #hasLater = false;

  /** Adds the entries of one segment, given whole; gives the length of its whole part. */
  addSegment(bytes: Uint8Array): number {
    return copyHeads(bytes, this.#heads);
  }

  /** Adds the entries of a segment from a position on, and leaves their payloads in it; gives where its whole part ends. */
  addOpened(segment: OpenedSegment, from: number): number {
    return readHeads(segment, from, this.#heads);
  }

  /** Most heads are those of plain bindings, which are put into the table as they lie. */
  readonly #heads: HeadVisitor = {
    expect: (count) => this.#byVersion.reserve(this.#byVersion.size + count),
    visit: (reader, count) => {
      const first = this.#stored.add(reader);
      const end = first + count;
      for (let head = first; head < end; head++) {
        const begin = head;
        head = this.#stored.endOfPlain(begin, end);
        if (head > begin) this.#byVersion.addRun(begin, head - begin);
        if (head < end) this.#addEntry(head, (head - first) * HEAD_BYTES, reader);
      }
    },
  };

  #addEntry(head: number, offset: number, reader: EntryReader): void {
    const kind = reader.kind(offset);
    if (kind === ENTRY_KIND.manifest) this.#manifests.add(head);
    if (kind === ENTRY_KIND.use) this.noteUse(reader.key(offset), reader.when(offset));
    if (kind !== ENTRY_KIND.binding) return;
    if ((reader.flags(offset) & ENTRY_FLAG.alias) !== 0) this.hasAliases = true;
    if ((reader.flags(offset) & ENTRY_FLAG.later) !== 0) this.#hasLater = true;
    this.#byVersion.add(head);
  }

  /** Adds a binding that this process wrote. */
  addBinding(binding: Binding | BindingDraft, place: BindingPlace): void {
    this.#written.add(binding, place);
    if (binding.of !== undefined) this.hasAliases = true;
  }

  /** Adds a manifest that this process wrote. */
  addManifest(key: string, manifest: Json): void {
    this.#looseManifests.set(key, manifest);
  }

  /** Notes that a set of step versions was used. */
  noteUse(key: string, when: number): void {
    this.#uses.set(key, Math.max(when, this.#uses.get(key) ?? 0));
  }

  /** When a set of step versions was used last, as far as that was noted. */
  lastUse(key: string): number | undefined {
    return this.#uses.get(key);
  }

  /** How many bindings are in the table. */
  get size(): number {
    return this.#byVersion.size + this.#written.size;
  }

  /** Everything that is in the table now; what is added later is not seen. */
  snapshot(): BindingView {
    return new TableView(this, { stored: this.#stored.end, loose: this.#written.size });
  }

  /** The table as it grows. */
  live(): BindingView {
    return new TableView(this, { stored: Number.POSITIVE_INFINITY, loose: Number.POSITIVE_INFINITY });
  }

  /** @internal See {@link BindingView.get}. */
  find(stepVersion: string, pub: string | undefined, limits: Limits): BindingEntry | undefined {
    const table = this.#byVersion;
    const newest = table.size === 0 ? NONE : table.find(stepVersion);
    // Most versions have one binding, and nothing was written yet: asking an empty map costs as much as half of the rest, a look at flags waits for memory.
    const isOnly = pub === undefined && !this.#hasLater && newest < limits.stored && table.older(newest) === NONE;
    const stored =
      newest !== NONE && isOnly ? new StoredEntry(this.#stored, newest) : this.#findAmong(newest, pub, limits.stored);
    return this.#written.size === 0 ? stored : this.#findLoose(stepVersion, pub, { limits, stored });
  }

  #findAmong(newest: number, pub: string | undefined, end: number): BindingEntry | undefined {
    let best: BindingEntry | undefined;
    for (let head = newest; head !== NONE; head = this.#byVersion.older(head)) {
      if (head >= end || (pub === undefined && this.#hasLater && this.#stored.isLater(head))) continue;
      const entry = new StoredEntry(this.#stored, head);
      if (pub === undefined || entry.pub === pub) best = best === undefined ? entry : preferred(entry, best);
    }
    return best;
  }

  #findLoose(stepVersion: string, pub: string | undefined, { limits, stored }: FoundStored): BindingEntry | undefined {
    let best: BindingEntry | undefined;
    for (let loose = this.#written.newestOf(stepVersion); loose !== undefined; loose = loose.before)
      if (loose.ordinal < limits.loose && counts(loose, pub))
        best = best === undefined ? loose : preferred(loose, best);
    return best === undefined || stored === undefined ? (best ?? stored) : preferred(best, stored);
  }

  /** @internal See {@link BindingView.boundOnce}. */
  boundOnce(versions: DigestColumn, { stored: end }: Limits): Uint8Array {
    if (this.#written.size > 0) return new Uint8Array(versions.size);
    return boundOnce(versions, { heads: this.#stored, byVersion: this.#byVersion, end, hasLater: this.#hasLater });
  }

  /** @internal See {@link BindingView.latestAt}. */
  findAt(site: string, limits: Limits): BindingEntry | undefined {
    let loose = this.#written.newestAt(site);
    while (loose !== undefined && loose.ordinal >= limits.loose) loose = loose.beforeAtSite;
    if (this.#byVersion.size === 0) return loose;
    this.#indexSites();
    let best: StoredEntry | undefined;
    const table = this.#bySite;
    for (let head = table.find(site); head !== NONE; head = table.older(head)) {
      if (head >= limits.stored) continue;
      const entry = new StoredEntry(this.#stored, head);
      if (best === undefined || entry.when > best.when) best = entry;
    }
    return newer(loose, best);
  }

  /** The bindings with a content key, newest first. */
  withContent(contentKey: string): readonly BindingEntry[] {
    return this.#contentIndex().find(contentKey);
  }

  /** True when a step was ever bound that ran this code of this op. */
  knowsCode(op: StepVersionRecord['op']): boolean {
    return this.#contentIndex().knowsCode(op);
  }

  /** Made up when it is first asked for: most plans never do. */
  #contentIndex(): ContentIndex {
    this.#content ??= new ContentIndex(this.#stored, this.#written);
    this.#content.read(this.#byVersion);
    return this.#content;
  }

  /** @internal See {@link BindingView.entries}. */
  *entries(limits: Limits): Generator<BindingEntry> {
    const table = this.#byVersion;
    for (let ordinal = 0; ordinal < table.size && table.added(ordinal) < limits.stored; ordinal++)
      yield new StoredEntry(this.#stored, table.added(ordinal));
    const written = this.#written.entries();
    for (let at = 0; at < Math.min(written.length, limits.loose); at++) yield written[at] as LooseEntry;
  }

  /** The manifest that was stored under a key, if any. */
  manifest(key: string): Json | undefined {
    const loose = this.#looseManifests.get(key);
    if (loose !== undefined) return loose;
    const table = this.#manifests;
    for (let head = table.find(key); head !== NONE; head = table.older(head)) {
      const found = this.#stored.reader(head).payload(this.#stored.offset(head));
      if (found !== undefined) return found as Json;
    }
    return undefined;
  }

  /** As many as the table by version has. */
  #indexSites(): void {
    this.#bySite.addFrom(this.#byVersion, this.#bySite.size);
  }
}

/** A reading of the table. */
export interface BindingView {
  /** The binding of a step version, or of its generation `pub` where one is given. The newest, where there are several. */
  get(stepVersion: string, pub?: string): BindingEntry | undefined;
  /** For each step version 1 only where it is certain that just one binding of it counts. Cheaper than finding it; 0 says nothing. */
  boundOnce(versions: DigestColumn): Uint8Array;
  /** The newest binding of a step of a job; `site` is the digest of job, step and op, 32 hexadecimal digits. */
  latestAt(site: string): BindingEntry | undefined;
  /** Every binding, oldest segment first; damaged ones left out. */
  bindings(): Iterable<Binding>;
  /** The same, damaged ones too: nothing is read of them but their heads. */
  entries(): Iterable<BindingEntry>;
  /** The bindings with a content key, newest first; those that were added later too. */
  withContent(contentKey: string): readonly BindingEntry[];
  /** True when a step was ever bound that ran this code of this op. */
  knowsCode(op: StepVersionRecord['op']): boolean;
  /** False while there is no binding by which nothing was computed. */
  readonly hasAliases: boolean;
  /** True while nothing was ever bound. */
  readonly isEmpty: boolean;
}

interface Limits {
  readonly stored: number;
  readonly loose: number;
}

interface FoundStored {
  readonly limits: Limits;
  readonly stored: BindingEntry | undefined;
}

class TableView implements BindingView {
  readonly #table: BindingTable;
  readonly #limits: Limits;

  constructor(table: BindingTable, limits: Limits) {
    this.#table = table;
    this.#limits = limits;
  }

  get(stepVersion: string, pub?: string): BindingEntry | undefined {
    return this.#table.find(stepVersion, pub, this.#limits);
  }

  boundOnce(versions: DigestColumn): Uint8Array {
    return this.#table.boundOnce(versions, this.#limits);
  }

  withContent(contentKey: string): readonly BindingEntry[] {
    return this.#table.withContent(contentKey);
  }

  knowsCode(op: StepVersionRecord['op']): boolean {
    return this.#table.knowsCode(op);
  }

  get isEmpty(): boolean {
    return this.#table.size === 0;
  }

  get hasAliases(): boolean {
    return this.#table.hasAliases;
  }

  latestAt(site: string): BindingEntry | undefined {
    return this.#table.findAt(site, this.#limits);
  }

  entries(): Iterable<BindingEntry> {
    return this.#table.entries(this.#limits);
  }

  *bindings(): Generator<Binding> {
    for (const entry of this.entries()) {
      const binding = entry.read();
      if (binding !== undefined) yield binding;
    }
  }
}

/** A binding counts under its version if it was not made later, or if its generation is asked for. */
function counts(entry: BindingEntry, pub: string | undefined): boolean {
  return pub === undefined ? !entry.isLater : entry.pub === pub;
}

/**
 * Of two bindings of one version the newer one, but never an alias where something was computed. Contested where they name different
 * executions: each of two writers has bound its own before it saw the other's.
 */
function preferred(first: BindingEntry, second: BindingEntry): BindingEntry {
  const isSecond = first.isAlias === second.isAlias ? second.when >= first.when : first.isAlias;
  const best = isSecond ? second : first;
  const isContested = first.isContested || second.isContested || first.pub !== second.pub;
  return isContested && !best.isContested ? new ContestedEntry(best) : best;
}

/** What another process wrote may be newer than what this one did. */
function newer(loose: LooseEntry | undefined, stored: StoredEntry | undefined): BindingEntry | undefined {
  if (loose === undefined || stored === undefined) return loose ?? stored;
  return stored.when > loose.when ? stored : loose;
}
