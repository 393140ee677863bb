import { DIGEST_BYTES, type DigestColumn } from '../hash/digest-column.ts';

const WORDS = DIGEST_BYTES / Int32Array.BYTES_PER_ELEMENT;

/** Which steps have each version, while versions change. */
export class VersionIndex {
  readonly #steps = new Map<string, Set<number>>();

  constructor(versions: DigestColumn) {
    for (let step = 0; step < versions.size; step++) this.#add(step, versions.get(step));
  }

  /** The steps that have a version. */
  stepsWith(version: string): ReadonlySet<number> {
    return this.#steps.get(version) ?? NO_STEPS;
  }

  /** Says that a step has another version than before. */
  move(step: number, before: string | undefined, after: string | undefined): void {
    if (before === after) return;
    const shared = before === undefined ? undefined : this.#steps.get(before);
    if (shared?.delete(step) === true && shared.size === 0) this.#steps.delete(before as string);
    this.#add(step, after);
  }

  #add(step: number, version: string | undefined): void {
    if (version === undefined) return;
    const shared = this.#steps.get(version);
    if (shared === undefined) this.#steps.set(version, new Set([step]));
    else shared.add(step);
  }
}

const NO_STEPS: ReadonlySet<number> = new Set();

/** Which steps of a plan have one version: they are one computation, whoever of them runs. Found when somebody asks. */
export class VersionTwins {
  readonly #versions: DigestColumn;
  /** Of each step, the next one with its version, in a ring; made when somebody asks. */
  #next: Int32Array | undefined;

  /** @param versions of the steps; they must not change any more */
  constructor(versions: DigestColumn) {
    this.#versions = versions;
  }

  /** A step, and all others that have its version. */
  *of(step: number): Generator<number> {
    yield step;
    this.#next ??= rings(this.#versions);
    const next = this.#next;
    for (let twin = next[step] as number; twin !== step; twin = next[twin] as number) yield twin;
  }
}

function rings(versions: DigestColumn): Int32Array {
  const { buffer, byteOffset, byteLength } = versions.bytes;
  const words = new Int32Array(buffer, byteOffset, byteLength / Int32Array.BYTES_PER_ELEMENT);
  const next = Int32Array.from({ length: versions.size }, (_, step) => step);
  const places = new Int32Array(2 ** Math.ceil(Math.log2(2 * versions.size + 1))).fill(-1);
  for (let step = 0; step < next.length; step++) {
    if (!versions.has(step)) continue;
    let place = (words[step * WORDS] as number) & (places.length - 1);
    while (places[place] !== -1 && !areEqual(words, places[place] as number, step))
      place = (place + 1) & (places.length - 1);
    const first = places[place] as number;
    if (first === -1) places[place] = step;
    else [next[step], next[first]] = [next[first] as number, step];
  }
  return next;
}

function areEqual(words: Int32Array, one: number, other: number): boolean {
  for (let word = 0; word < WORDS; word++) if (words[one * WORDS + word] !== words[other * WORDS + word]) return false;
  return true;
}
