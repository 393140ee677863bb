import { type Dirent, lstatSync, statSync } from 'node:fs';
import type { Digest } from './digest.ts';
import { FileAge } from './file-age.ts';
import type { Resolution } from './resolution.ts';
import type { Sightings } from './sightings.ts';
import {
  type Aspect,
  contentDigest,
  type FileKind,
  FilesOnDisk,
  type Leads,
  lookOf,
  type ReadFile,
  readOnce,
  readSteadily,
} from './source-files.ts';

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

/**
 * Files under the loaded-code rule: the content on disk stands for what this process loaded only if the file was not changed
 * since before the process could read it, or still has the content that it had when that was last verified.
 */
export class LoadedFiles extends FilesOnDisk {
  readonly #age: FileAge;
  /** Notes all looks, where it is given. */
  readonly #sightings: Sightings | undefined;

  constructor(age: FileAge = new FileAge(), sightings?: Sightings) {
    super();
    this.#age = age;
    this.#sightings = sightings;
  }

  override kindOf(path: string): FileKind | undefined {
    return this.#sightings === undefined ? super.kindOf(path) : this.#sightings.kindOf(path);
  }

  override realPath(path: string): string {
    return this.#sightings?.realPath(path) ?? super.realPath(path);
  }

  override entriesOf(directory: string): readonly Dirent[] {
    return this.#sightings?.entriesOf(directory) ?? super.entriesOf(directory);
  }

  override noteResolution(resolution: Resolution, isExplained: () => boolean): void {
    if (this.#sightings !== undefined && !isExplained()) this.#sightings.resolved(resolution);
  }

  override read(path: string, aspect?: Aspect): ReadFile | undefined {
    if (this.#sightings !== undefined && this.#sightings.kindOf(path) !== 'file') return undefined;
    const read = readSteadily(path);
    if (read === undefined) return undefined;
    const { bytes, stats } = read;
    const key = keyOf(path, aspect);
    const known = knownFiles().get(key);
    const digest = contentDigest(bytes, aspect);
    const differs = known === undefined ? this.#age.isNew(stats) : known.digest !== digest;
    const edited = differs || distrustedFiles().has(path);
    if (!edited) this.#verified(path, key, { digest, look: lookOf(stats), isRacy: this.#age.isRacy(stats) });
    this.#sightings?.read(path, stats, { bytes, aspect: aspect?.name ?? '', digest });
    return { path, bytes, digest, edited };
  }

  #verified(path: string, key: string, known: KnownFile): void {
    knownFiles().set(key, known);
    if (known.isRacy) verifiedLooks().delete(path);
    else verifiedLooks().set(path, known.look);
  }

  override looksUnchanged(path: string, aspect?: Aspect): boolean {
    const known = knownFiles().get(keyOf(path, aspect));
    if (known === undefined || known.isRacy || distrustedFiles().has(path)) return false;
    const stats = statSync(path, { throwIfNoEntry: false });
    if (stats === undefined || known.look !== lookOf(stats)) return false;
    verifiedLooks().set(path, known.look);
    return true;
  }

  override distrust(path: string): void {
    distrustedFiles().add(path);
  }

  override hasLedElsewhere(path: string, { name, digest }: Leads): boolean {
    const known = knownFiles().get(`${name}\0${path}`);
    return known !== undefined && known.digest !== digest;
  }

  override noteLeads(path: string, { name, digest }: Leads): void {
    const key = `${name}\0${path}`;
    if (!knownFiles().has(key)) knownFiles().set(key, { digest, look: '', isRacy: true });
    this.#sightings?.led(path, { name, digest });
  }

  override isNewLink(path: string): boolean {
    const stats = lstatSync(path, { throwIfNoEntry: false });
    return stats?.isSymbolicLink() === true && this.#age.isNewEntry(stats);
  }

  override hasChangedEntries(directory: string): boolean {
    this.#sightings?.settled(directory);
    const stats = statSync(directory, { throwIfNoEntry: false });
    return stats === undefined || this.#age.isNewEntry(stats);
  }
}

/** True when an edit of some file was seen that counts until the process ends. */
export function distrustsAny(): boolean {
  return distrustedFiles().size > 0;
}

/** Takes what an earlier process read for what this one loaded: it looks as it did, and is older than this process. */
export function adoptFile(
  path: string,
  look: string,
  contents: Iterable<readonly [aspect: string, digest: Digest]>,
): void {
  for (const [aspect, digest] of contents) {
    const key = aspect === '' ? path : `${aspect}\0${path}`;
    if (!knownFiles().has(key)) knownFiles().set(key, { digest, look, isRacy: false });
  }
}

/** Takes files for verified that look as they did when an earlier process read what this one loaded. They are added when somebody asks. */
export function adoptLooks(add: (looks: Map<string, string>) => void): void {
  adoptedLooks.push(add);
  if (adoptedLooks.length > MOST_ADOPTED) verifiedLooks();
}

const MOST_ADOPTED = 8;

/**
 * The bytes of a file that looks as it did when it was last found to be what this process loaded; `undefined` for any other, and where its
 * look could miss a change.
 */
export function bytesAsLoaded(path: string, age: FileAge = new FileAge()): BytesAsLoaded | undefined {
  const look = lookAsLoaded(path);
  const read = look === undefined ? undefined : readOnce(path);
  if (read === undefined || lookOf(read.stats) !== look) return undefined;
  return { bytes: read.bytes, look: age.isRacy(read.stats) ? undefined : look };
}

/** The bytes of a file as this process loaded it. */
export interface BytesAsLoaded {
  readonly bytes: Uint8Array;
  /** Stands for these bytes as long as the file has this look; `undefined` when it was written so recently that a look may miss a change. */
  readonly look: string | undefined;
}

/** How a file looked when it was last found to be what this process loaded; `undefined` when that may miss a change, or was before {@link forgetLooks}. */
export function lookAsLoaded(path: string): string | undefined {
  const look = verifiedLooks().get(path);
  return look === undefined || distrustedFiles().has(path) ? undefined : look;
}

/** Before all files are looked at again. */
export function forgetLooks(): void {
  adoptedLooks.length = 0;
  verified.clear();
}

/** By path, whatever aspect of the file was verified. */
function verifiedLooks(): Map<string, string> {
  for (const add of adoptedLooks) add(verified);
  adoptedLooks.length = 0;
  return verified;
}

const verified = new Map<string, string>();

/** Looks that nobody has asked for, newest last. */
const adoptedLooks: ((looks: Map<string, string>) => void)[] = [];

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
