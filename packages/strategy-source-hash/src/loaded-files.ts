import { lstatSync, type Stats, statSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import type { Digest } from './digest.ts';
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

/**
 * How far file times may lag behind the clock: Linux stamps with its last tick (1–10 ms; 7 ms measured), Windows with one of
 * up to 16 ms.
 */
const STAMP_LAG_MS = 20;
/** File systems that stamp whole seconds (FAT: even ones) may lag by that much more. */
const COARSE_STAMP_LAG_MS = 2_000;
/** Two clocks that are read one after the other differ by up to a few milliseconds. */
const CLOCK_NOISE_MS = 5;

/**
 * Files under the loaded-code rule: the content on disk stands for what this process loaded only if the file was not changed
 * since before the process could read it, or still has the content that it had when that was last verified.
 */
export class LoadedFiles implements SourceFiles {
  read(path: string, aspect?: Aspect): ReadFile | undefined {
    const read = readSteadily(path);
    if (read === undefined) return undefined;
    const { bytes, stats } = read;
    const key = keyOf(path, aspect);
    const known = knownFiles().get(key);
    const digest = contentDigest(bytes, aspect);
    const edited = known === undefined ? changedAt(stats) >= loadingBegan(stats) : known.digest !== digest;
    if (!edited) knownFiles().set(key, { digest, look: lookOf(stats), isRacy: isRacy(stats) });
    return { path, bytes, digest, edited };
  }

  looksUnchanged(path: string, aspect?: Aspect): boolean {
    const known = knownFiles().get(keyOf(path, aspect));
    if (known === undefined || known.isRacy) return false;
    const stats = statSync(path, { throwIfNoEntry: false });
    return stats !== undefined && known.look === lookOf(stats);
  }

  isNewLink(path: string): boolean {
    const stats = lstatSync(path, { throwIfNoEntry: false });
    return stats?.isSymbolicLink() === true && stats.ctimeMs >= loadingBegan(stats);
  }

  hasChangedEntries(directory: string): boolean {
    const stats = statSync(directory, { throwIfNoEntry: false });
    return stats === undefined || stats.ctimeMs >= loadingBegan(stats);
  }
}

/**
 * No file that this thread loaded and that was edited afterwards has an earlier stamp. `timeOrigin` is the start of the
 * process, in workers too; this thread's own life begins at `environment`, and it loads modules from `bootstrapComplete` on.
 * A clock that was set back since then gives stamps that are too early by as much.
 */
function loadingBegan(stats: Stats): number {
  const { timeOrigin, nodeTiming } = performance;
  const { environment, bootstrapComplete } = nodeTiming;
  const firstLoad = Math.max(bootstrapComplete, environment);
  const began = timeOrigin + Math.max(0, Math.min(environment, firstLoad - STAMP_LAG_MS));
  const setBack = Math.max(0, timeOrigin + performance.now() - Date.now() - CLOCK_NOISE_MS);
  return began - setBack - (isCoarse(stats) ? COARSE_STAMP_LAG_MS : 0);
}

/**
 * When the content last changed. The change time cannot be set by programs; the modification time can, and counts only
 * where it is the later of the two and not in the future.
 */
function changedAt(stats: Stats): number {
  return stats.mtimeMs <= Date.now() ? Math.max(stats.ctimeMs, stats.mtimeMs) : stats.ctimeMs;
}

function isRacy(stats: Stats): boolean {
  return Date.now() - changedAt(stats) < 2 * (isCoarse(stats) ? COARSE_STAMP_LAG_MS : STAMP_LAG_MS);
}

function isCoarse(stats: Stats): boolean {
  return stats.ctimeMs % 1_000 === 0;
}

function keyOf(path: string, aspect: Aspect | undefined): string {
  return aspect === undefined ? path : `${aspect.name}\0${path}`;
}

function knownFiles(): Map<string, KnownFile> {
  const registry = globalThis as { [REGISTRY]?: Map<string, KnownFile> };
  registry[REGISTRY] ??= new Map();
  return registry[REGISTRY];
}
