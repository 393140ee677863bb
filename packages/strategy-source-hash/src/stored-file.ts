import { parseJson } from './json-form.ts';
import type { KeptFile, KeptUnit } from './kept-program.ts';

/** What is kept of a file beside how it leads to others. */
type Description = Pick<KeptFile, 'kind' | 'setting' | 'exports' | 'asked' | 'units' | 'ops'>;

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
  #text: Uint8Array | undefined;
  #description: Description | undefined;

  /** Its numbers, see {@link StoredFile.waysOf}, are the first ones of `ways`. */
  constructor(path: string, text: Uint8Array, ways: Int32Array) {
    this.path = path;
    this.#text = text;
    this.#ways = ways;
    this.traits = ways[0] ?? 0;
    this.#evaluatedAt = TARGETS_AT + 1 + (ways[TARGETS_AT] ?? 0);
    this.#eagerAt = this.#evaluatedAt + 1 + (ways[this.#evaluatedAt] ?? 0);
    this.numbers = this.#eagerAt + 1 + (ways[this.#eagerAt] ?? 0);
  }

  static textOf({ kind, setting, exports, asked, units, ops }: KeptFile): string {
    const description: Description = { kind, setting, exports, asked, units, ops };
    return JSON.stringify(description);
  }

  static waysOf({ traits, targets, evaluated, eager }: KeptFile): readonly number[] {
    return [traits, ...[targets, evaluated, eager].flatMap((list) => [list.length, ...list])];
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

  get ops(): readonly KeptUnit[] {
    return this.#known.ops;
  }
}
