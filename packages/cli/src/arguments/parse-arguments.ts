import { didYouMean } from '@memo/core/text';
import { usageError } from '../failures/usage-error.ts';
import { type Flag, Flags, type FlagTable } from './flags.ts';

/** A command line, taken apart. */
export interface ParsedArguments {
  readonly flags: Flags;
  readonly positionals: readonly string[];
}

/**
 * Takes a command line apart: `--flag value`, `--flag=value`, `-f value`, `-fvalue`, `-vv`; what follows `--` are names.
 *
 * @throws MemoError M1002 for what no flag of the table is.
 */
export function parseArguments(words: readonly string[], table: FlagTable): ParsedArguments {
  const parser = new ArgumentParser(words, table);
  return parser.parse();
}

class ArgumentParser {
  readonly #words: readonly string[];
  readonly #table: FlagTable;
  readonly #values = new Map<string, string[]>();
  readonly #positionals: string[] = [];
  #at = 0;

  constructor(words: readonly string[], table: FlagTable) {
    this.#words = words;
    this.#table = table;
  }

  parse(): ParsedArguments {
    for (; this.#at < this.#words.length; this.#at++) {
      const word = this.#words[this.#at] as string;
      if (word === '--') {
        this.#positionals.push(...this.#words.slice(this.#at + 1));
        break;
      }
      if (word.startsWith('--')) this.#long(word);
      else if (/^-[A-Za-z]/.test(word)) this.#short(word);
      else this.#positionals.push(word);
    }
    return { flags: new Flags(this.#values), positionals: this.#positionals };
  }

  #long(word: string): void {
    const equals = word.indexOf('=');
    const name = word.slice(2, equals === -1 ? undefined : equals);
    const flag = Object.hasOwn(this.#table, name) ? this.#table[name] : undefined;
    if (flag === undefined)
      throw usageError(`There is no flag --${name}.${this.#meant(name)}`, 'Add --help to see which there are.');
    this.#add(name, flag, equals === -1 ? undefined : word.slice(equals + 1));
  }

  #short(word: string): void {
    for (let at = 1; at < word.length; at++) {
      const letter = word[at] as string;
      const [name, flag] = Object.entries(this.#table).find(([, { short }]) => short === letter) ?? [];
      if (name === undefined || flag === undefined)
        throw usageError(`There is no flag -${letter}.`, 'Add --help to see which there are.');
      const takesValue = flag.kind !== 'switch' && flag.value !== undefined;
      const rest = word.slice(at + 1).replace(/^=/, '');
      this.#add(name, flag, takesValue && rest !== '' ? rest : undefined);
      if (takesValue) return;
    }
  }

  #add(name: string, flag: Flag, given: string | undefined): void {
    const values = this.#values.get(name) ?? [];
    values.push(this.#valueOf(name, flag, given));
    this.#values.set(name, values);
  }

  #valueOf(name: string, flag: Flag, given: string | undefined): string {
    if (flag.kind === 'switch' || flag.value === undefined) {
      if (given !== undefined) throw usageError(`--${name} takes no value.`);
      return '';
    }
    const next = this.#words[this.#at + 1];
    if (given === undefined && flag.kind !== 'maybe') {
      if (next === undefined || (next.startsWith('-') && !/^-\d/.test(next) && next !== '-'))
        throw usageError(`--${name} needs a value: --${name} ${flag.value}.`);
      this.#at++;
    }
    const value = given ?? (flag.kind === 'maybe' ? '' : (next as string));
    if (flag.kind === 'number' && !/^-?\d+(?:\.\d+)?$/.test(value))
      throw usageError(`--${name} takes a number, not ${JSON.stringify(value)}.`);
    if (flag.oneOf !== undefined && !flag.oneOf.includes(value))
      throw usageError(
        `--${name} is one of ${flag.oneOf.join(', ')}; not ${JSON.stringify(value)}.${didYouMean(value, flag.oneOf)}`,
      );
    return value;
  }

  #meant(name: string): string {
    return didYouMean(name, Object.keys(this.#table)).replace('"', '--').replace('"', '');
  }
}
