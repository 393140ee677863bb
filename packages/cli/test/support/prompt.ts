import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type AnyJob, defineConfig, type ProjectSpec } from '@memo/core';
import { fs } from '@memo/io-fs';
import { afterEach } from 'vitest';
import { main, type Surroundings } from '../../src/index.ts';

/** What a command answered. */
export interface Answer {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export interface PromptOptions {
  readonly columns?: number;
  readonly tty?: boolean;
  readonly env?: Record<string, string>;
  readonly answers?: readonly string[];
}

/** A project in a directory of its own, and a prompt in it. */
export class Prompt {
  readonly directory: string;
  /** Loaded in place of the config file. */
  config: unknown;
  /** Calls the handlers of Ctrl-C. */
  interrupt: (signal?: 'SIGINT' | 'SIGTERM') => void = () => undefined;
  /** What reached the standard error so far. */
  err = '';
  /** Called for each piece of the standard output. */
  onOut: (text: string) => void = () => undefined;
  /** Called for each piece of the standard error. */
  onErr: (text: string) => void = () => undefined;
  exited: number | undefined;
  /** Says that a file was saved. */
  save: (path: string) => void = () => undefined;
  /** Stands for another process. */
  onAgain: (words: readonly string[]) => Promise<number> = async () => 0;
  now: number | undefined;

  constructor(directory: string) {
    this.directory = directory;
  }

  jobs(jobs: readonly AnyJob[], spec: Partial<Omit<ProjectSpec<never>, 'jobs'>> = {}): this {
    this.config = { default: defineConfig({ io: fs(join(this.directory, '.memo', 'store')), ...spec, jobs }) };
    return this;
  }

  file(path: string, text: string): this {
    mkdirSync(dirname(join(this.directory, path)), { recursive: true });
    writeFileSync(join(this.directory, path), text);
    return this;
  }

  /** Answers a command line. */
  async memo(line: string | readonly string[], options: PromptOptions = {}): Promise<Answer> {
    const words = typeof line === 'string' ? line.split(' ').filter((word) => word !== '') : line;
    let out = '';
    this.err = '';
    const answers = [...(options.answers ?? [])];
    const around = this.#surroundings(
      options,
      (text) => {
        out += text;
        this.onOut(text);
      },
      answers,
    );
    const before = process.cwd();
    try {
      const code = await main(words, around);
      return { code, out, err: this.err };
    } finally {
      process.chdir(before);
    }
  }

  #surroundings(options: PromptOptions, print: (text: string) => void, answers: string[]): Surroundings {
    const { columns = 100, tty = false, env = {} } = options;
    const handlers = new Set<(signal: 'SIGINT' | 'SIGTERM') => void>();
    this.interrupt = (signal = 'SIGINT') => {
      for (const act of handlers) act(signal);
    };
    const output = (write: (text: string) => void) => ({ write, isTTY: tty, columns, rows: 24 });
    return {
      stdout: output(print),
      stderr: output((text) => {
        this.err += text;
        this.onErr(text);
      }),
      env: { ...(tty ? {} : { COLUMNS: String(columns) }), ...env },
      cwd: this.directory,
      now: () => this.now ?? Date.now(),
      elapsed: () => performance.now(),
      every: () => () => undefined,
      after: (_, act) => {
        act();
        return () => undefined;
      },
      watch: (_, act) => {
        this.save = (path) => act(join(this.directory, path));
        return () => undefined;
      },
      again: (words) => this.onAgain(words),
      onInterrupt: (act) => {
        handlers.add(act);
        return () => handlers.delete(act);
      },
      onKey: () => undefined,
      onResize: () => () => undefined,
      onOutput: () => () => undefined,
      exit: (code) => {
        this.exited = code;
      },
      ask: async () => answers.shift(),
      load: async () => {
        if (this.config instanceof Error) throw this.config;
        return this.config as Record<string, unknown>;
      },
    };
  }
}

const made: string[] = [];

afterEach(() => {
  for (const directory of made.splice(0)) rmSync(directory, { recursive: true, force: true });
});

/** A prompt in an empty project. */
export function prompt(): Prompt {
  const directory = realpathSync(mkdtempSync(join(tmpdir(), 'memo-cli-')));
  made.push(directory);
  return new Prompt(directory)
    .file('memo.config.ts', '')
    .file('package.json', '{ "name": "project", "type": "module" }');
}

/** The same text for every run: ids, versions, times and paths are replaced, and what is said only of times is left out. */
export function steady(text: string, directory?: string): string {
  return (directory === undefined ? text : text.replaceAll(directory, '<project>'))
    .replace(/\b(run|show|memo diff [0-9a-z]{6}) [0-9a-z]{6}\b/g, '$1 ······')
    .replace(/\bmemo diff [0-9a-z]{6}\b/g, 'memo diff ······')
    .replace(/[0-9a-f]{8}…/g, '········…')
    .replace(/\b\d+ (?:s|min) ago\b/g, 'just now')
    .replace(/<1 ms|\b\d+(?:\.\d)? (?:ms|s)\b/g, '0 ms')
    .replace(/ {2,}(planned in 0 ms)/g, '  $1')
    .replace(/(0 ms) {2,}/g, '$1  ')
    .replace(/ +saved ~0 ms(?: of compute.*)?/g, '')
    .replace(/ · saves 0 ms(?: or more)?| · est\. 0 ms(?: to 0 ms)?| {2,}est\. 0 ms/g, '')
    .replace(/ +$/gm, '')
    .replace(/\n\n(?=$)/, '\n');
}
