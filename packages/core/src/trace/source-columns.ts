import { isScalar } from '../hash/key-encoding.ts';
import { type Scalar, scalarText } from '../hash/scalar-text.ts';
import { isLongScalar, type LiteralSource, scalarValue, shortKey } from './config-value.ts';
import type { InputSource, OutputSource } from './input-source.ts';
import { Neighbours, sortedWithoutRepeats } from './neighbours.ts';

/** What stands at a position of a column: an output `result` of a step, another output, a literal, a list whose items follow. */
export const SOURCE = { result: 0, output: 1, literal: 2, list: 3 } as const;

const KIND_BITS = 2;
const KIND = 2 ** KIND_BITS - 1;
const FIRST = 64;
const NO_INTEGER = -1;

/**
 * What the inputs of all steps read, one behind the other in one column of numbers. A large plan reads much, and nearly all of it is an output of
 * another step or a number: objects for these are made when somebody asks for them.
 */
export class SourceColumns {
  #codes = new Int32Array(FIRST);
  /** Where what a step reads begins; where the last step ends. */
  #begins = new Int32Array(FIRST);
  #steps = 0;
  #length = 0;
  /** Scalars as they are, unless their texts are long; everything else as the source that it is. */
  readonly #literals: unknown[];
  readonly #outputs: string[];

  /** @param like whose literals and names of outputs these share */
  constructor(like?: SourceColumns) {
    this.#literals = like === undefined ? [] : like.#literals;
    this.#outputs = like === undefined ? [] : like.#outputs;
  }

  /** Begins the next step. What was read for one that was never ended is dropped. */
  begin(): void {
    this.#length = this.#begins[this.#steps] as number;
  }

  /** Ends the step, and what it reads. */
  end(): void {
    if (++this.#steps === this.#begins.length) this.#begins = grown(this.#begins);
    this.#begins[this.#steps] = this.#length;
  }

  addOutput(step: number, output: string): void {
    if (output === 'result') {
      this.#add(SOURCE.result, step);
      return;
    }
    let number = this.#outputs.indexOf(output);
    if (number === -1) number = this.#outputs.push(output) - 1;
    this.#add(SOURCE.output, step);
    this.#add(SOURCE.output, number);
  }

  addScalar(value: Scalar): void {
    this.#add(SOURCE.literal, this.#literals.push(isLongScalar(value) ? scalarValue(value) : value) - 1);
  }

  addLiteral(source: LiteralSource): void {
    this.#add(SOURCE.literal, this.#literals.push(source) - 1);
  }

  /** Begins a list; gives what {@link endList} takes. */
  beginList(): number {
    this.#add(SOURCE.list, 0);
    return this.#length - 1;
  }

  endList(list: number, count: number): void {
    this.#codes[list] = (count << KIND_BITS) | SOURCE.list;
  }

  #add(kind: number, value: number): void {
    if (this.#length === this.#codes.length) this.#codes = grown(this.#codes);
    this.#codes[this.#length++] = (value << KIND_BITS) | kind;
  }

  /** Where what a step reads begins. */
  first(step: number): number {
    return this.#begins[step] as number;
  }

  /** Where it ends. */
  last(step: number): number {
    return this.#begins[step + 1] as number;
  }

  /** What stands at a position, of {@link SOURCE}. */
  kind(at: number): number {
    return (this.#codes[at] as number) & KIND;
  }

  /** The position behind what stands at one; behind a list its items follow. */
  next(at: number): number {
    return this.kind(at) === SOURCE.output ? at + 2 : at + 1;
  }

  /** The position behind all of what stands at one, the items of a list included. */
  behind(at: number): number {
    const items = this.kind(at) === SOURCE.list ? this.value(at) : 0;
    let end = this.next(at);
    for (let item = 0; item < items; item++) end = this.next(end);
    return end;
  }

  /** The step that has the output at a position, or how many items the list there has. */
  value(at: number): number {
    return (this.#codes[at] as number) >>> KIND_BITS;
  }

  /** The name of the output at a position. */
  output(at: number): string {
    return this.kind(at) === SOURCE.result ? 'result' : (this.#outputs[this.value(at + 1)] as string);
  }

  /** The literal at a position where it is a number from 0 up to a largest one; -1 for every other. */
  integer(at: number, largest: number): number {
    const held = this.#literals[this.value(at)];
    const isCounting = typeof held === 'number' && held >= 0 && held <= largest && (held | 0) === held;
    return isCounting && !Object.is(held, -0) ? held : NO_INTEGER;
  }

  /** What the literal at a position enters versions as. */
  key(at: number): string {
    const held = this.#literals[this.value(at)];
    return isScalar(held) ? shortKey(scalarText(held)) : (held as LiteralSource).literal.key;
  }

  /** The value of the literal at a position, a copy of its own. */
  fresh(at: number): unknown {
    const held = this.#literals[this.value(at)];
    return isScalar(held) ? held : (held as LiteralSource).literal.fresh();
  }

  /** What each input of a step reads. */
  of(step: number): readonly InputSource[] {
    const sources: InputSource[] = [];
    for (let at = this.first(step); at < this.last(step); ) {
      const count = this.kind(at) === SOURCE.list ? this.value(at) : undefined;
      if (count === undefined) {
        sources.push(this.#single(at));
        at = this.next(at);
        continue;
      }
      const items: (OutputSource | LiteralSource)[] = [];
      for (at++; items.length < count; at = this.next(at)) items.push(this.#single(at));
      sources.push({ kind: 'list', items });
    }
    return sources;
  }

  #single(at: number): OutputSource | LiteralSource {
    if (this.kind(at) !== SOURCE.literal) return { kind: 'output', step: this.value(at), output: this.output(at) };
    const held = this.#literals[this.value(at)];
    return scalarValue(held) ?? (held as LiteralSource);
  }

  /** For each step those whose outputs it reads. */
  neighbours(): Neighbours {
    const begins = new Int32Array(this.#steps + 1);
    const steps = new Int32Array(this.#length);
    let length = 0;
    let at = 0;
    for (let step = 0; step < this.#steps; step++) {
      const begin = length;
      const end = this.#begins[step + 1] as number;
      let isAscending = true;
      for (; at < end; at++) {
        const code = this.#codes[at] as number;
        const kind = code & KIND;
        if (kind > SOURCE.output) continue;
        const other = code >>> KIND_BITS;
        isAscending &&= length === begin || (steps[length - 1] as number) < other;
        steps[length++] = other;
        // The name of the output follows.
        if (kind === SOURCE.output) at++;
      }
      if (!isAscending) length = sortedWithoutRepeats(steps, begin, length);
      begins[step + 1] = length;
    }
    return new Neighbours(begins, steps.slice(0, length));
  }

  /** Adds each step whose output a step reads, with repeats. */
  addSteps(step: number, to: { add(other: number): void }): void {
    const last = this.#begins[step + 1] as number;
    for (let at = this.#begins[step] as number; at < last; at++) {
      const code = this.#codes[at] as number;
      const kind = code & KIND;
      if (kind > SOURCE.output) continue;
      to.add(code >>> KIND_BITS);
      // The name of the output follows.
      if (kind === SOURCE.output) at++;
    }
  }

  /** The same sources when the steps have other numbers. `order` lists the old numbers in the new order, `at` gives the new one of an old one. */
  renumbered(order: readonly number[], at: (step: number) => number): SourceColumns {
    const moved = new SourceColumns(this);
    for (const step of order) {
      moved.begin();
      for (let from = this.first(step); from < this.last(step); from++) {
        const kind = this.kind(from);
        const isStep = kind === SOURCE.result || kind === SOURCE.output;
        moved.#add(kind, isStep ? at(this.value(from)) : this.value(from));
        if (kind === SOURCE.output) moved.#add(kind, this.value(++from));
      }
      moved.end();
    }
    return moved;
  }
}

/** The same numbers with room for as many more. */
export function grown(numbers: Int32Array): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(2 * numbers.length);
  larger.set(numbers);
  return larger;
}
