import type { Json } from '../definitions/version-strategy.ts';
import { isDigest } from '../hash/digest.ts';
import { BINDING_SCHEMA, type Binding } from './binding.ts';
import { OffsetTable } from './offset-table.ts';
import { runIdFromHex } from './run-id.ts';
import { ENTRY_FLAG, ENTRY_KIND, SegmentReader } from './segment-format.ts';

/** One binding in the table. The head is read at once, the document only on demand. */
export interface BindingEntry {
  readonly pub: string;
  /** Milliseconds since the epoch at which the values were computed. */
  readonly when: number;
  /** Milliseconds that the op took. */
  readonly duration: number;
  readonly hasAbsentOutputs: boolean;
  /** True for a binding that counts only where a pin names its `pub`. */
  readonly isLater: boolean;
  /** Id of the run that wrote it. */
  readonly run: string;
  /** The whole binding; `undefined` when its bytes are damaged or of a schema that this release does not know. */
  document(): Binding | undefined;
}

/**
 * All bindings of a record store in memory: the raw segments and open-addressing tables of offsets into them, so that opening
 * costs a scan of the heads and a look-up costs a probe.
 */
export class BindingTable {
  readonly #readers: SegmentReader[] = [];
  readonly #byVersion = new OffsetTable();
  readonly #bySite = new OffsetTable();
  readonly #manifests = new OffsetTable();
  readonly #looseManifests = new Map<string, Json>();
  /** The newest loose entry of each version; it leads to the older ones. */
  readonly #loose = new Map<string, LooseEntry>();
  readonly #looseSites = new Map<string, LooseEntry>();
  #looseCount = 0;

  /** Adds the entries of one segment; gives the length of its whole part. */
  addSegment(bytes: Uint8Array): number {
    const slot = this.#readers.length;
    const whole = new SegmentReader(bytes, (offset, reader) => {
      const kind = reader.kind(offset);
      if (kind === ENTRY_KIND.manifest) this.#manifests.add(reader.keyPrefix(offset), slot, offset);
      if (kind !== ENTRY_KIND.binding) return;
      this.#byVersion.add(reader.keyPrefix(offset), slot, offset);
      this.#bySite.add(reader.sitePrefix(offset), slot, offset);
    });
    this.#readers.push(whole);
    return whole.end;
  }

  /** Adds a binding that this process wrote. */
  addBinding(binding: Binding, site: string): void {
    const entry = new LooseEntry(binding, this.#looseCount++);
    entry.before = this.#loose.get(binding.stepVersion);
    entry.beforeAtSite = this.#looseSites.get(site);
    this.#loose.set(binding.stepVersion, entry);
    this.#looseSites.set(site, entry);
  }

  /** Adds a manifest that this process wrote. */
  addManifest(key: string, manifest: Json): void {
    this.#looseManifests.set(key, manifest);
  }

  /** Everything that is in the table now; what is added later is not seen. */
  snapshot(): BindingView {
    return new TableView(this, { stored: this.#byVersion.size, loose: this.#looseCount });
  }

  /** The table as it grows. */
  live(): BindingView {
    return new TableView(this, { stored: Number.POSITIVE_INFINITY, loose: Number.POSITIVE_INFINITY });
  }

  /** @internal See {@link BindingView.get}. */
  find(stepVersion: string, pub: string | undefined, limits: Limits): BindingEntry | undefined {
    let loose = this.#loose.get(stepVersion);
    while (loose !== undefined && (loose.ordinal >= limits.loose || !counts(loose, pub))) loose = loose.before;
    if (this.#byVersion.size === 0 || !isDigest(stepVersion)) return loose;
    KEY.write(stepVersion, 'hex');
    let best: StoredEntry | undefined;
    this.#byVersion.probe(KEY.readUInt32LE(0), (slot, offset, ordinal) => {
      const reader = this.#reader(slot);
      if (ordinal >= limits.stored || !reader.hasKey(offset, KEY)) return;
      const entry = new StoredEntry(reader, offset);
      if (counts(entry, pub) && (best === undefined || entry.when >= best.when)) best = entry;
    });
    return newer(loose, best);
  }

  /** @internal See {@link BindingView.latestAt}. */
  findAt(site: string, limits: Limits): BindingEntry | undefined {
    let loose = this.#looseSites.get(site);
    while (loose !== undefined && loose.ordinal >= limits.loose) loose = loose.beforeAtSite;
    if (this.#bySite.size === 0 || !SITE_DIGEST.test(site)) return loose;
    SITE.write(site, 'hex');
    let best: StoredEntry | undefined;
    this.#bySite.probe(SITE.readUInt32LE(0), (slot, offset, ordinal) => {
      const reader = this.#reader(slot);
      if (ordinal >= limits.stored || !reader.hasSite(offset, SITE)) return;
      if (best === undefined || reader.when(offset) >= best.when) best = new StoredEntry(reader, offset);
    });
    return newer(loose, best);
  }

  /** @internal See {@link BindingView.bindings}. */
  *all(limits: Limits): Generator<Binding> {
    for (const { slot, offset, ordinal } of this.#byVersion.entries()) {
      if (ordinal >= limits.stored) break;
      const binding = new StoredEntry(this.#reader(slot), offset).document();
      if (binding !== undefined) yield binding;
    }
    for (const newest of this.#loose.values())
      for (const entry of newest.oldestFirst()) if (entry.ordinal < limits.loose) yield entry.document();
  }

  /** The manifest that was stored under a key, if any. */
  manifest(key: string): Json | undefined {
    const loose = this.#looseManifests.get(key);
    if (loose !== undefined) return loose;
    if (!isDigest(key)) return undefined;
    KEY.write(key, 'hex');
    let found: Json | undefined;
    this.#manifests.probe(KEY.readUInt32LE(0), (slot, offset) => {
      const reader = this.#reader(slot);
      if (found === undefined && reader.hasKey(offset, KEY)) found = reader.payload(offset) as Json | undefined;
    });
    return found;
  }

  #reader(slot: number): SegmentReader {
    return this.#readers[slot] as SegmentReader;
  }
}

const KEY = Buffer.alloc(32);
const SITE = Buffer.alloc(16);
const SITE_DIGEST = /^[0-9a-f]{32}$/;

/** A reading of the table. */
export interface BindingView {
  /** The binding of a step version, or of its generation `pub` where one is given. The newest, where there are several. */
  get(stepVersion: string, pub?: string): BindingEntry | undefined;
  /** The newest binding of a step of a job; `site` is the digest of job, step and op, 32 hexadecimal digits. */
  latestAt(site: string): BindingEntry | undefined;
  /** Every binding, oldest segment first; damaged ones left out. */
  bindings(): Iterable<Binding>;
}

interface Limits {
  readonly stored: number;
  readonly loose: number;
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

  latestAt(site: string): BindingEntry | undefined {
    return this.#table.findAt(site, this.#limits);
  }

  bindings(): Iterable<Binding> {
    return this.#table.all(this.#limits);
  }
}

/** A binding counts under its version if it was not made later, or if its generation is asked for. */
function counts(entry: BindingEntry, pub: string | undefined): boolean {
  return pub === undefined ? !entry.isLater : entry.pub === pub;
}

/** What another process wrote may be newer than what this one did. */
function newer(loose: LooseEntry | undefined, stored: StoredEntry | undefined): BindingEntry | undefined {
  if (loose === undefined || stored === undefined) return loose ?? stored;
  return stored.when > loose.when ? stored : loose;
}

class StoredEntry implements BindingEntry {
  readonly #reader: SegmentReader;
  readonly #offset: number;

  constructor(reader: SegmentReader, offset: number) {
    this.#reader = reader;
    this.#offset = offset;
  }

  get pub(): string {
    return this.#reader.pub(this.#offset);
  }

  get when(): number {
    return this.#reader.when(this.#offset);
  }

  get duration(): number {
    return this.#reader.duration(this.#offset);
  }

  get run(): string {
    return runIdFromHex(this.#reader.run(this.#offset));
  }

  get hasAbsentOutputs(): boolean {
    return (this.#reader.flags(this.#offset) & ENTRY_FLAG.hasAbsentOutputs) !== 0;
  }

  get isLater(): boolean {
    return (this.#reader.flags(this.#offset) & ENTRY_FLAG.later) !== 0;
  }

  document(): Binding | undefined {
    const payload = this.#reader.payload(this.#offset) as Partial<Binding> | undefined;
    const whole = payload?.schema === BINDING_SCHEMA && payload.stepVersion === this.#reader.key(this.#offset);
    return whole ? (payload as Binding) : undefined;
  }
}

class LooseEntry implements BindingEntry {
  readonly ordinal: number;
  /** The next older entry of the same version. */
  before: LooseEntry | undefined;
  /** The next older entry of the same site. */
  beforeAtSite: LooseEntry | undefined;
  readonly #binding: Binding;

  constructor(binding: Binding, ordinal: number) {
    this.#binding = binding;
    this.ordinal = ordinal;
  }

  get pub(): string {
    return this.#binding.pub;
  }

  get when(): number {
    return this.#binding.when;
  }

  get duration(): number {
    return this.#binding.duration;
  }

  get run(): string {
    return this.#binding.run;
  }

  get hasAbsentOutputs(): boolean {
    return Object.values(this.#binding.outputs).includes('absent');
  }

  get isLater(): boolean {
    return this.#binding.later === true;
  }

  document(): Binding {
    return this.#binding;
  }

  /** This entry and those of the same version that are older. */
  oldestFirst(): readonly LooseEntry[] {
    const entries: LooseEntry[] = [this];
    for (let entry = this.before; entry !== undefined; entry = entry.before) entries.push(entry);
    return entries.reverse();
  }
}
