import { didYouMean } from '@memo/core/text';
import { type Flags, GLOBAL_FLAGS } from '../arguments/flags.ts';
import { parseArguments } from '../arguments/parse-arguments.ts';
import { usageError } from '../failures/usage-error.ts';
import type { CommandForm } from './command-form.ts';
import { ALIASES, FORMS } from './every-form.ts';

/** A command line, by the form of its command. */
export interface CommandLine {
  /** The command and its form; `undefined` where none is named. */
  readonly name: string | undefined;
  readonly form: CommandForm | undefined;
  readonly flags: Flags;
  /** What was given beside flags. */
  readonly names: readonly string[];
}

const VERSION_FLAG = { kind: 'switch', short: 'V', says: 'print the version' } as const;

/**
 * Reads what follows `memo`.
 *
 * @throws MemoError M1002 for a command or a flag that does not exist.
 */
export function readCommandLine(words: readonly string[]): CommandLine {
  const { name, rest } = commandOf(words);
  const form = name === undefined ? undefined : FORMS[name];
  const table = form === undefined ? { version: VERSION_FLAG } : form.flags;
  const { flags, positionals } = parseArguments(rest, { ...GLOBAL_FLAGS, ...table });
  return { name, form, flags, names: positionals };
}

function commandOf(words: readonly string[]): { readonly name: string | undefined; readonly rest: readonly string[] } {
  const at = words.findIndex((word, index) => !word.startsWith('-') && !takesNext(words[index - 1]));
  const word = at === -1 ? undefined : (words[at] as string);
  if (word === undefined) return { name: undefined, rest: words };
  const rest = [...words.slice(0, at), ...words.slice(at + 1)];
  const name = Object.hasOwn(ALIASES, word) ? (ALIASES[word] as string) : word;
  if (name === 'help') {
    const asked = rest.find((other) => !other.startsWith('-'));
    return asked === undefined ? { name: undefined, rest: ['--help'] } : commandOf([...rest, '--help']);
  }
  if (Object.hasOwn(FORMS, name)) return { name, rest };
  const known = [...Object.keys(FORMS), ...Object.keys(ALIASES)];
  throw usageError(`There is no command ${JSON.stringify(word)}.${didYouMean(word, known)}`, 'memo --help');
}

/** True for a global flag whose value is the next word: `memo -C dir run`. */
function takesNext(word: string | undefined): boolean {
  if (word === undefined || !word.startsWith('-') || word.includes('=')) return false;
  return Object.entries(GLOBAL_FLAGS).some(
    ([name, flag]) => flag.value !== undefined && (word === `--${name}` || word === `-${flag.short}`),
  );
}
