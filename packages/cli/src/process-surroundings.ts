import { watch } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { messageOf } from '@memo/core/text';
import { EXIT } from './exit-code.ts';
import type { Output, Surroundings } from './surroundings.ts';

/** The surroundings of a real process. */
export interface ProcessSurroundings extends Surroundings {
  /** Waits until what was written has left the process. */
  flushed(): Promise<void>;
}

/** The terminal, the clock and the signals of this process: what the `memo` command itself hands to {@link main}. */
export function processSurroundings(): ProcessSurroundings {
  process.stdout.on('error', leaveUnread);
  process.stderr.on('error', leaveQuietly);
  return {
    stdout: outputOf(process.stdout),
    stderr: outputOf(process.stderr),
    env: process.env,
    cwd: process.cwd(),
    now: () => Date.now(),
    elapsed: () => performance.now(),
    every: (ms, act) => {
      const timer = setInterval(act, ms).unref();
      return () => clearInterval(timer);
    },
    after: (ms, act) => {
      const timer = setTimeout(act, ms);
      return () => clearTimeout(timer);
    },
    watch: (directory, act) => {
      const watcher = watch(directory, { recursive: true }, (_event, name) => {
        if (name !== null) act(join(directory, name));
      });
      // A directory that vanishes while it is looked at is no reason to stop.
      watcher.on('error', () => undefined);
      return () => watcher.close();
    },
    again,
    onInterrupt: (act) => {
      const onInt = (): void => act('SIGINT');
      const onTerm = (): void => act('SIGTERM');
      process.on('SIGINT', onInt).on('SIGTERM', onTerm);
      return () => process.off('SIGINT', onInt).off('SIGTERM', onTerm);
    },
    onKey,
    onResize: (act) => {
      process.stderr.on('resize', act);
      process.on('SIGCONT', act);
      return () => {
        process.stderr.off('resize', act);
        process.off('SIGCONT', act);
      };
    },
    onOutput,
    exit: (code) => process.exit(code),
    ask,
    load: async (file) => (await import('./project/load-module.ts')).loadModule(file),
    flushed: async () => {
      await Promise.all([process.stdout, process.stderr].map((stream) => drained(stream)));
      if (process.stdout.errored !== null) leaveUnread(process.stdout.errored);
    },
  };
}

/** A stream of this process. */
export function outputOf(stream: NodeJS.WriteStream): Output {
  // Bound now: while a run is shown, what the user's code writes is taken elsewhere.
  const write = stream.write.bind(stream);
  return {
    write: (text) => {
      if (!stream.destroyed) write(text);
    },
    isTTY: stream.isTTY === true,
    get columns() {
      return stream.columns > 0 ? stream.columns : 80;
    },
    get rows() {
      return stream.rows > 0 ? stream.rows : 24;
    },
  };
}

async function again(words: readonly string[]): Promise<number> {
  const { spawn } = await import('node:child_process');
  const [program = ''] = process.argv.slice(1);
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [...process.execArgv, program, ...words], { stdio: 'inherit' });
    child.on('error', () => resolve(EXIT.bug));
    child.on('exit', (code) => resolve(code ?? EXIT.interrupted));
  });
}

const CTRL_C = '\u0003';
const CTRL_Z = '\u001a';

/** Takes keys one by one; what the terminal would make of Ctrl-C and Ctrl-Z is done for it, to the whole group as it does. */
function onKey(act: (key: string) => void): (() => void) | undefined {
  const { stdin } = process;
  if (!stdin.isTTY || !process.stderr.isTTY) return undefined;
  const group = process.platform === 'win32' ? process.pid : 0;
  const pressed = (bytes: Buffer): void => {
    const key = bytes.toString('utf8');
    if (key === CTRL_C) process.kill(group, 'SIGINT');
    else if (key === CTRL_Z) {
      stdin.setRawMode(false);
      process.kill(group, 'SIGTSTP');
    } else act(key);
  };
  const takeAgain = (): void => {
    stdin.setRawMode(true);
  };
  stdin.setRawMode(true);
  stdin.on('data', pressed).resume();
  process.on('SIGCONT', takeAgain);
  return () => {
    process.off('SIGCONT', takeAgain);
    stdin.off('data', pressed).pause();
    stdin.setRawMode(false);
  };
}

function onOutput(act: (text: string) => void): () => void {
  const streams = [process.stdout, process.stderr];
  const originals = streams.map((stream) => stream.write);
  const taken = (chunk: Uint8Array | string, ...rest: unknown[]): boolean => {
    act(typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('utf8'));
    const done = rest.at(-1);
    if (typeof done === 'function') process.nextTick(done as () => void);
    return true;
  };
  for (const stream of streams) stream.write = taken as typeof stream.write;
  return () => {
    for (const [index, stream] of streams.entries()) stream.write = originals[index] as typeof stream.write;
  };
}

/**
 * Ends the process when its answer cannot be written: in silence where who reads from a pipe stopped reading (`memo plan | head`), which is no
 * failure, and with a message where an answer that was asked for is not there, as on a full disk.
 */
export function leaveUnread(error: unknown): never {
  if ((error as NodeJS.ErrnoException).code === 'EPIPE') process.exit(EXIT.ok);
  process.stderr.write(`error  The answer cannot be written: ${messageOf(error)}\n`);
  process.exit(EXIT.failed);
}

/** Who reads progress may stop reading it: that is no failure. Where it cannot be written at all, the answer counts. */
function leaveQuietly(error: NodeJS.ErrnoException): void {
  if (error.code === 'EPIPE') process.exit(0);
}

function drained(stream: NodeJS.WriteStream): Promise<void> {
  return stream.destroyed || stream.writableLength === 0
    ? Promise.resolve()
    : new Promise((resolve) => stream.write('', () => resolve()));
}

async function ask(question: string): Promise<string | undefined> {
  if (!process.stdin.isTTY || !process.stderr.isTTY) return undefined;
  const { createInterface } = await import('node:readline/promises');
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await lines.question(question);
  } finally {
    lines.close();
  }
}
