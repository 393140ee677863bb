import type { Binding } from './binding.ts';
import type { SeededRandom } from './seeded-random.ts';

const OPERATORS = ['+', '-', '*', '===', '<', '&&', '??'] as const;

/** What programs are written with: literals, names and expressions. */
export class Pen {
  readonly random: SeededRandom;
  #names = 0;

  constructor(random: SeededRandom) {
    this.random = random;
  }

  /** A literal, another one each time. */
  readonly literal = (): string => {
    const kind = this.random.below(8);
    if (kind === 0) return `'s${this.random.below(99)}'`;
    if (kind === 1) return this.random.pick(['true', 'null', '1.5', '0', '-1']);
    return String(this.literalNumber());
  };

  readonly literalNumber = (): number => {
    return this.random.below(98) + 1;
  };

  /** A name that nothing else in the program has. */
  readonly fresh = (prefix: string): string => {
    this.#names += 1;
    return `${prefix}_${this.#names}`;
  };

  /** An expression over some of what is usable, and over `argument`. */
  expression(usable: readonly Binding[], argument: string): string {
    const { random } = this;
    if (usable.length === 0 || random.chance(0.1)) {
      return random.chance(0.5) ? this.literal() : `(${argument} ${random.pick(OPERATORS)} ${this.literal()})`;
    }
    const read = this.read(random.pick(usable), argument);
    const rest = random.below(5);
    if (rest === 0) return `(${read} ${random.pick(['+', '-', '*', '===', '<', '??'])} ${this.literal()})`;
    if (rest === 1) return `[${read}, ${this.expression(usable, argument)}].join()`;
    if (rest === 2) return `(${argument} > 1 ? ${read} : ${this.literal()})`;
    return read;
  }

  read({ reads, name }: Binding, argument: string): string {
    return this.random.pick(reads)(name, this.random.chance(0.3) ? this.literal() : argument);
  }

  /** A statement that changes something usable. */
  change(usable: readonly Binding[]): string {
    const targets = usable.filter(({ writes }) => writes.length > 0);
    if (targets.length === 0) return 'void 0;';
    const { writes, name } = this.random.pick(targets);
    return this.random.pick(writes)(name, this.expression(usable, this.literal()));
  }
}
