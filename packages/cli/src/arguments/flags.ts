/** How a flag is given. `maybe`: alone, or with `=value`. `list`: may be repeated. */
export type FlagKind = 'switch' | 'text' | 'number' | 'list' | 'maybe';

/** One flag of a command. */
export interface Flag {
  readonly kind: FlagKind;
  readonly short?: string;
  /** What the value is, for help: `<n>`. */
  readonly value?: string;
  readonly says: string;
  /** The values that it takes, where they are few. */
  readonly oneOf?: readonly string[];
}

export type FlagTable = Readonly<Record<string, Flag>>;

/** Flags that every command takes. */
export const GLOBAL_FLAGS: FlagTable = {
  directory: { kind: 'text', short: 'C', value: '<dir>', says: 'work as if called in this directory' },
  config: { kind: 'text', value: '<file>', says: 'use this config instead of the nearest memo.config.*' },
  env: { kind: 'text', value: '<name>', says: 'set MEMO_ENV before the config is loaded' },
  json: { kind: 'switch', says: 'print one JSON document' },
  ndjson: { kind: 'switch', says: 'print the events of a run, one JSON document a line' },
  progress: {
    kind: 'text',
    value: '<how>',
    says: 'auto, tty, plain, quiet or none',
    oneOf: ['auto', 'tty', 'plain', 'quiet', 'none'],
  },
  'no-color': { kind: 'switch', says: 'no colours (also NO_COLOR); FORCE_COLOR=1 asks for them' },
  ascii: { kind: 'switch', says: 'no characters beyond ASCII' },
  verbose: { kind: 'list', short: 'v', says: 'say more; twice: stack traces too' },
  quiet: { kind: 'switch', short: 'q', says: 'no progress' },
  help: { kind: 'switch', short: 'h', says: 'what this command takes' },
};

/** Flags of the commands that plan a job. */
export const JOB_FLAGS: FlagTable = {
  set: { kind: 'list', value: '<path=value>', says: "set a value of the job's config; JSON5, or a plain text" },
  'config-file': { kind: 'text', value: '<file>', says: "read the job's config from JSON, JSON5 or YAML" },
};

/** The flags of one command line, by name. */
export class Flags {
  readonly #values: ReadonlyMap<string, readonly string[]>;

  constructor(values: ReadonlyMap<string, readonly string[]>) {
    this.#values = values;
  }

  has(name: string): boolean {
    return this.#values.has(name);
  }

  /** How often a flag was given. */
  count(name: string): number {
    return this.#values.get(name)?.length ?? 0;
  }

  /** The value of a flag; the last one where it was repeated. */
  text(name: string): string | undefined {
    return this.#values.get(name)?.at(-1);
  }

  list(name: string): readonly string[] {
    return this.#values.get(name) ?? [];
  }

  number(name: string): number | undefined {
    const text = this.text(name);
    return text === undefined ? undefined : Number(text);
  }
}
