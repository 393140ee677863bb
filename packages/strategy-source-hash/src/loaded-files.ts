import { lstatSync, type Stats, statSync } from 'node:fs';
import type { Digest } from './digest.ts';
import { type Clock, processClock, STAMP_LAG_MS } from './process-clock.ts';
import { type Aspect, contentDigest, lookOf, type ReadFile, readSteadily, type SourceFiles } from './source-files.ts';

/** What this process knows of a file: the digest of what it loaded, and how the file looked when that was last verified. */
interface KnownFile {
  readonly digest: Digest;
  readonly look: string;
  /** True when the file was written so recently that another write might leave no trace in its times. */
  readonly isRacy: boolean;
}

/** Under a registered symbol, so that several copies of this package in one process agree. */
const REGISTRY = Symbol.for('@memo/strategy-source-hash/loaded-files@1');

const DISTRUSTED = Symbol.for('@memo/strategy-source-hash/distrusted-files@1');

/** File systems that stamp whole seconds (FAT: even ones) may lag behind the clock by that much more. */
const COARSE_STAMP_LAG_MS = 2_000;

/**
 * Files under the loaded-code rule: the content on disk stands for what this process loaded only if the file was not changed
 * since before the process could read it, or still has the content that it had when that was last verified.
 */
export class LoadedFiles implements SourceFiles {
  readonly #clock: Clock;

  constructor(clock: Clock = processClock) {
    this.#clock = clock;
  }

  read(path: string, aspect?: Aspect): ReadFile | undefined {
    const read = readSteadily(path);
    if (read === undefined) return undefined;
    const { bytes, stats } = read;
    const key = keyOf(path, aspect);
    const known = knownFiles().get(key);
    const digest = contentDigest(bytes, aspect);
    const differs = known === undefined ? this.#isNew(this.#changedAt(stats), stats) : known.digest !== digest;
    const edited = differs || distrustedFiles().has(path);
    if (!edited) knownFiles().set(key, { digest, look: lookOf(stats), isRacy: this.#isRacy(stats) });
    return { path, bytes, digest, edited };
  }

  looksUnchanged(path: string, aspect?: Aspect): boolean {
    const known = knownFiles().get(keyOf(path, aspect));
    if (known === undefined || known.isRacy || distrustedFiles().has(path)) return false;
    const stats = statSync(path, { throwIfNoEntry: false });
    return stats !== undefined && known.look === lookOf(stats);
  }

  distrust(path: string): void {
    distrustedFiles().add(path);
  }

  isNewLink(path: string): boolean {
    const stats = lstatSync(path, { throwIfNoEntry: false });
    return stats?.isSymbolicLink() === true && this.#isNew(stats.ctimeMs, stats);
  }

  hasChangedEntries(directory: string): boolean {
    const stats = statSync(directory, { throwIfNoEntry: false });
    return stats === undefined || this.#isNew(stats.ctimeMs, stats);
  }

  #isNew(time: number, stats: Stats): boolean {
    return time >= this.#clock.loadingBegan() - coarseness(stats);
  }

  #isRacy(stats: Stats): boolean {
    return this.#clock.now() - this.#changedAt(stats) < 2 * (STAMP_LAG_MS + coarseness(stats));
  }

  /**
   * When the content last changed. The change time cannot be set by programs; the modification time can, and counts only
   * where it is the later of the two and not in the future.
   */
  #changedAt(stats: Stats): number {
    return stats.mtimeMs <= this.#clock.now() ? Math.max(stats.ctimeMs, stats.mtimeMs) : stats.ctimeMs;
  }
}

function coarseness(stats: Stats): number {
  return stats.ctimeMs % 1_000 === 0 ? COARSE_STAMP_LAG_MS : 0;
}

function keyOf(path: string, aspect: Aspect | undefined): string {
  return aspect === undefined ? path : `${aspect.name}\0${path}`;
}

function distrustedFiles(): Set<string> {
  const registry = globalThis as { [DISTRUSTED]?: Set<string> };
  registry[DISTRUSTED] ??= new Set();
  return registry[DISTRUSTED];
}

function knownFiles(): Map<string, KnownFile> {
  const registry = globalThis as { [REGISTRY]?: Map<string, KnownFile> };
  registry[REGISTRY] ??= new Map();
  return registry[REGISTRY];
}
