import { resolve } from 'node:path';
import { MemoError } from '@memo/core/text';
import { Flags } from './arguments/flags.ts';
import type { Answer } from './commands/command.ts';
import { ANSWERS } from './commands/command-table.ts';
import { EXIT, exitCodeOf } from './exit-code.ts';
import { usageError } from './failures/usage-error.ts';
import { type CommandLine, readCommandLine } from './forms/command-line.ts';
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
    const line = readCommandLine(words);
    flags = line.flags;
    const { out, err } = terminalsOf(around, flags);
    if (flags.has('help') || flags.has('version')) return await printHelp(line, out);
    checkForm(line.name, flags);
    checkNames(line);
    const answer = await answerOf(line.name);
    const directory = resolve(around.cwd, flags.text('directory') ?? '.');
    return await answer({ flags, names: line.names, around, directory, out, err });
  } catch (error) {
    return await failed(error, flags, around);
  }
}

async function printHelp(line: CommandLine, out: Terminal): Promise<number> {
  const { helpLines } = await import('./forms/help.ts');
  out.printToCopy(helpLines(line, out));
  return EXIT.ok;
}

async function answerOf(name: string | undefined): Promise<Answer> {
  const load = name === undefined ? undefined : ANSWERS[name];
  return load === undefined ? (await import('./commands/project-status.ts')).projectStatus : load();
}

function checkNames({ name, form, names: given }: CommandLine): void {
  if (form === undefined) return;
  const [least, most] = form.names;
  if (given.length < least)
    throw usageError(`memo ${name} needs a name: memo ${name} ${form.takes}`, `memo ${name} --help`);
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
  if (flags.has('json')) {
    const { jsonText } = await import('./commands/command.ts');
    out.write(`${jsonText(errorDocument(error))}\n`);
  }
  err.print(errorLines(error, { terminal: err, verbose: flags.count('verbose') > 1, report }));
  return code;
}

async function writeBugReport(error: unknown): Promise<string | undefined> {
  const { bugReport } = await import('./failures/bug-report.ts');
  return bugReport(error);
}
