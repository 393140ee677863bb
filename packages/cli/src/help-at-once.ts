import { fstatSync, writeSync } from 'node:fs';
import process from 'node:process';
import { type CommandLine, readCommandLine } from './forms/command-line.ts';
import { helpLines } from './forms/help.ts';
import { leaveUnread, outputOf } from './process-surroundings.ts';
import type { Surroundings } from './surroundings.ts';
import { terminalOf } from './terminal/terminal.ts';

/**
 * Answers a command line that asks for help or for the version, before anything else of memo is loaded: this is built as one CommonJS file, which
 * costs next to nothing beside starting Node.
 *
 * @param words what follows `memo`
 * @returns false where they ask for something else, or are wrong, which is for `main` to answer.
 */
export function helpAtOnce(words: readonly string[], around: () => HelpSurroundings = ofThisProcess): boolean {
  const line = understood(words);
  if (line === undefined || !(line.flags.has('help') || line.flags.has('version'))) return false;
  const { stdout, env } = around();
  const terminal = terminalOf(stdout, env, line.flags);
  terminal.printToCopy(helpLines(line, terminal));
  return true;
}

type HelpSurroundings = Pick<Surroundings, 'stdout' | 'env'>;

function understood(words: readonly string[]): CommandLine | undefined {
  try {
    return readCommandLine(words);
  } catch {
    return undefined;
  }
}

const STDOUT = 1;

/** Without the stream where it can be: only a terminal needs it, to know how wide it is. */
function ofThisProcess(): HelpSurroundings {
  const { env } = process;
  if (!fstatSync(STDOUT).isCharacterDevice()) return { env, stdout: { isTTY: false, columns: 80, rows: 24, write } };
  return { env, stdout: outputOf(process.stdout.on('error', leaveUnread)) };
}

function write(text: string | Uint8Array): void {
  let left: Uint8Array = Buffer.from(text);
  try {
    while (left.length > 0) left = left.subarray(writeSync(STDOUT, left));
  } catch (error) {
    // A pipe that takes no more at the moment is waited for by the stream.
    if ((error as NodeJS.ErrnoException).code === 'EAGAIN') process.stdout.on('error', leaveUnread).write(left);
    else leaveUnread(error);
  }
}
