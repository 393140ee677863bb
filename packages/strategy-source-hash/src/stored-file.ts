import { parseJson } from './json-form.ts';
import type { KeptFile, KeptUnit } from './kept-program.ts';

/** What is kept of a file beside how it leads to others. */
type Description = Pick<KeptFile, 'kind' | 'setting' | 'exports' | 'asked' | 'units' | 'inner'>;

/** Where the first list begins. */
const TARGETS_AT = 1;

/** A file as it was stored: its description is read when somebody asks for it, which concerns few of them. */
export class StoredFile implements KeptFile {
  readonly path: string;
  readonly traits: number;
  /** How many numbers it has among those that were given. */
  readonly numbers: number;
  readonly #ways: Int32Array;
  readonly #evaluatedAt: number;
  readonly #eagerAt: number;
  readonly #askingAt: number;
  #text: Uint8Array | undefined;
  #description: Description | undefined;

  /** Its numbers are the first ones of `ways`: what is known of it, and four lists, each after its length. */
  constructor(path: string, text: Uint8Array, ways: Int32Array) {
    this.path = path;
    this.#text = text;
    this.#ways = ways;
    this.traits = ways[0] ?? 0;
    this.#evaluatedAt = TARGETS_AT + 1 + (ways[TARGETS_AT] ?? 0);
    this.#eagerAt = this.#evaluatedAt + 1 + (ways[this.#evaluatedAt] ?? 0);
    this.#askingAt = this.#eagerAt + 1 + (ways[this.#eagerAt] ?? 0);
    this.numbers = this.#askingAt + 1 + (ways[this.#askingAt] ?? 0);
  }

  /** The same file as it would be stored, which takes less than what it is described by. */
  static of(file: KeptFile): StoredFile {
    if (file instanceof StoredFile) return file;
    const { traits, targets, evaluated, eager, asking } = file;
    const ways = [traits, ...[targets, evaluated, eager, asking].flatMap((list) => [list.length, ...list])];
    return new StoredFile(file.path, textOf(file), Int32Array.from(ways));
  }

  /** Its description as it is stored. */
  get text(): Uint8Array {
    return this.#text ?? textOf(this);
  }

  get ways(): Int32Array {
    return this.#ways.subarray(0, this.numbers);
  }

  get targets(): readonly number[] {
    return this.#listAt(TARGETS_AT);
  }

  get evaluated(): readonly number[] {
    return this.#listAt(this.#evaluatedAt);
  }

  get eager(): readonly number[] {
    return this.#listAt(this.#eagerAt);
  }

  get asking(): readonly number[] {
    return this.#listAt(this.#askingAt);
  }

  #listAt(at: number): readonly number[] {
    return Array.from(this.#ways.subarray(at + 1, at + 1 + (this.#ways[at] ?? 0)));
  }

  get #known(): Description {
    this.#description ??= parseJson(this.#text ?? new Uint8Array(0))?.value as Description;
    this.#text = undefined;
    return this.#description;
  }

  get kind(): KeptFile['kind'] {
    return this.#known.kind;
  }

  get setting(): string {
    return this.#known.setting;
  }

  get exports(): KeptFile['exports'] {
    return this.#known.exports;
  }

  get asked(): readonly string[] {
    return this.#known.asked;
  }

  get units(): readonly KeptUnit[] {
    return this.#known.units;
  }

  get inner(): readonly KeptUnit[] {
    return this.#known.inner;
  }
}

function textOf({ kind, setting, exports, asked, units, inner }: KeptFile): Uint8Array {
  const description: Description = { kind, setting, exports, asked, units, inner };
  return Buffer.from(JSON.stringify(description));
}
