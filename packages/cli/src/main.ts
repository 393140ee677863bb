import { resolve } from 'node:path';
import { didYouMean, MemoError } from '@memo/core/text';
import { Flags, GLOBAL_FLAGS } from './arguments/flags.ts';
import { parseArguments } from './arguments/parse-arguments.ts';
import { ALIASES, type Command } from './commands/command.ts';
import { COMMANDS } from './commands/command-table.ts';
import { EXIT, exitCodeOf } from './exit-code.ts';
import { usageError } from './failures/usage-error.ts';
import type { Surroundings } from './surroundings.ts';
import { type Terminal, terminalsOf } from './terminal/terminal.ts';

/**
 * Answers one command line.
 *
 * @param words what follows `memo`
 * @returns the exit code; see {@link EXIT}. Nothing is thrown.
 */
export async function main(words: readonly string[], around: Surroundings): Promise<number> {
  let flags = flagsAtAGlance(words);
  try {
    const { name, rest } = commandOf(words);
    if (name === undefined) return await withoutCommand(rest, around);
    const command = await (COMMANDS[name] as (typeof COMMANDS)[string]).load();
    const parsed = parseArguments(rest, { ...GLOBAL_FLAGS, ...command.flags });
    flags = parsed.flags;
    const { out, err } = terminalsOf(around, flags);
    if (flags.has('help')) return await printHelp(name, command, out);
    checkForm(name, flags);
    checkNames(name, command, parsed.positionals);
    const directory = resolve(around.cwd, flags.text('directory') ?? '.');
    return await command.run({ flags, names: parsed.positionals, around, directory, out, err, commands: COMMANDS });
  } catch (error) {
    return await failed(error, flags, around);
  }
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
  if (Object.hasOwn(COMMANDS, name)) return { name, rest };
  const known = [...Object.keys(COMMANDS), ...Object.keys(ALIASES)];
  throw usageError(`There is no command ${JSON.stringify(word)}.${didYouMean(word, known)}`, 'memo --help');
}

/** True for a global flag whose value is the next word: `memo -C dir run`. */
function takesNext(word: string | undefined): boolean {
  if (word === undefined || !word.startsWith('-') || word.includes('=')) return false;
  return Object.entries(GLOBAL_FLAGS).some(
    ([name, flag]) => flag.value !== undefined && (word === `--${name}` || word === `-${flag.short}`),
  );
}

async function withoutCommand(rest: readonly string[], around: Surroundings): Promise<number> {
  const { flags } = parseArguments(rest, { ...GLOBAL_FLAGS, version: VERSION_FLAG });
  const { out, err } = terminalsOf(around, flags);
  if (flags.has('version')) {
    const { versionLine } = await import('./package-version.ts');
    out.print(versionLine());
    return EXIT.ok;
  }
  if (flags.has('help')) {
    const { overview } = await import('./arguments/help.ts');
    out.print(...overview(out));
    return EXIT.ok;
  }
  checkForm(undefined, flags);
  const { projectStatus } = await import('./commands/project-status.ts');
  const directory = resolve(around.cwd, flags.text('directory') ?? '.');
  return projectStatus({ flags, names: [], around, directory, out, err, commands: COMMANDS });
}

const VERSION_FLAG = { kind: 'switch', short: 'V', says: 'print the version' } as const;

async function printHelp(name: string, command: Command, out: Terminal): Promise<number> {
  const { commandHelp } = await import('./arguments/help.ts');
  out.print(...commandHelp(name, command, out));
  return EXIT.ok;
}

function checkNames(name: string, { names: [least, most], takes }: Command, given: readonly string[]): void {
  if (given.length < least) throw usageError(`memo ${name} needs a name: memo ${name} ${takes}`, `memo ${name} --help`);
  if (given.length > most)
    throw usageError(`memo ${name} does not take ${JSON.stringify(given[most])}.`, `memo ${name} --help`);
}

/** Their answer is text for a person or a shell, and nothing else. */
const WITHOUT_DOCUMENT: readonly (string | undefined)[] = ['dev', 'completions'];

/** @throws MemoError M1002 for a form of answer that a command does not have: what asks for one must not be given another. */
function checkForm(name: string | undefined, flags: Flags): void {
  if (flags.has('ndjson') && name !== 'run')
    throw usageError('--ndjson prints the events of a run, as memo run has them.', 'memo run --ndjson');
  if (flags.has('ndjson') && flags.has('json'))
    throw usageError('--json prints one document and --ndjson every event: give one of them.');
  if (flags.has('json') && WITHOUT_DOCUMENT.includes(name)) throw usageError(`memo ${name} prints no JSON document.`);
}

/** What says how an error is printed, before the command line could be read. */
function flagsAtAGlance(words: readonly string[]): Flags {
  const known = ['json', 'no-color', 'ascii'].filter((name) => words.includes(`--${name}`));
  return new Flags(new Map(known.map((name) => [name, ['']])));
}

async function failed(error: unknown, flags: Flags, around: Surroundings): Promise<number> {
  const { out, err } = terminalsOf(around, flags);
  const code = exitCodeOf(error);
  const { errorLines, errorDocument } = await import('./failures/error-text.ts');
  const report = MemoError.is(error) ? undefined : await writeBugReport(error);
  if (flags.has('json')) out.write(`${JSON.stringify(errorDocument(error))}\n`);
  err.print(...errorLines(error, { terminal: err, verbose: flags.count('verbose') > 1, report }));
  return code;
}

async function writeBugReport(error: unknown): Promise<string | undefined> {
  const { bugReport } = await import('./failures/bug-report.ts');
  return bugReport(error);
}
