import type { RecordReading, RecordStore } from '../io/record-store.ts';
import { ENTRY_KIND } from '../records/segment-format.ts';
import { SegmentReader } from '../records/segment-reader.ts';
import { jobSite, listedVersions, type VersionSetUse, versionSetKey } from '../records/version-sets.ts';

/** A run that used a set of step versions. */
export interface UsedSet {
  /** Names the set. */
  readonly key: string;
  /** The run's id as 32 hexadecimal digits; of several runs within an hour that used the same set, the first. */
  readonly run: string;
  /** Names the job. */
  readonly site: string;
  readonly when: number;
}

/** What the records say of which step versions were used when, and which were pruned. */
export class UseHistory {
  readonly #sets = new Map<string, readonly string[]>();
  readonly #uses: UsedSet[] = [];
  readonly #lastUse = new Map<string, number>();
  readonly #prunedAt = new Map<string, number>();

  /** @throws MemoError M5009 when the records cannot be read; the reason of an aborted signal. */
  static async read(store: RecordStore, reading: RecordReading = {}): Promise<UseHistory> {
    const history = new UseHistory();
    const pruned: UsedSet[] = [];
    for (const { name } of await store.segments(reading)) {
      reading.signal?.throwIfAborted();
      new SegmentReader(await store.read(name, 0, reading), (offset, reader) => {
        const kind = reader.kind(offset);
        if (kind !== ENTRY_KIND.use && kind !== ENTRY_KIND.pruned) return;
        const key = reader.key(offset);
        const versions = listedVersions(reader.payload(offset));
        if (versions !== undefined) history.#sets.set(key, versions);
        const entry = { key, run: reader.run(offset), site: reader.site(offset), when: reader.when(offset) };
        (kind === ENTRY_KIND.use ? history.#uses : pruned).push(entry);
      });
    }
    history.#fold(pruned);
    return history;
  }

  /** Of what was noted in memory alone. */
  static of(uses: readonly VersionSetUse[]): UseHistory {
    const history = new UseHistory();
    for (const { job, run, when, versions } of uses) {
      const key = versionSetKey(versions);
      history.#sets.set(key, versions);
      history.#uses.push({ key, run, site: jobSite(job), when });
    }
    history.#fold([]);
    return history;
  }

  /** Newest first. */
  get uses(): readonly UsedSet[] {
    return this.#uses;
  }

  versionsOf(key: string): readonly string[] {
    return this.#sets.get(key) ?? [];
  }

  /** When a step version was used last, as far as that was noted; exact to an hour. */
  lastUse(stepVersion: string): number | undefined {
    return this.#lastUse.get(stepVersion);
  }

  /** Since when the values of a step version are gone, where a prune saw to it. */
  prunedAt(stepVersion: string): number | undefined {
    return this.#prunedAt.get(stepVersion);
  }

  #fold(pruned: readonly UsedSet[]): void {
    this.#uses.sort((a, b) => b.when - a.when);
    // The newest use of a set is all that its versions need.
    const newest = new Map<string, number>();
    for (const { key, when } of this.#uses) if (!newest.has(key)) newest.set(key, when);
    for (const [key, when] of newest) {
      for (const version of this.versionsOf(key)) {
        this.#lastUse.set(version, Math.max(when, this.#lastUse.get(version) ?? 0));
      }
    }
    for (const { key, when } of pruned) {
      for (const version of this.versionsOf(key)) {
        this.#prunedAt.set(version, Math.min(when, this.#prunedAt.get(version) ?? Number.POSITIVE_INFINITY));
      }
    }
  }
}
