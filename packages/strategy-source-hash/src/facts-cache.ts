import { hash } from 'node:crypto';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { threadId } from 'node:worker_threads';
import { digestText } from './digest.ts';

/** Changes when what is stored about a text does, though digests stay: then older files are not read any more. */
export const FACTS_FORM = 23;

const MAX_BYTES = 16 * 1024 * 1024;

/** As much as is held back to be written in one go, in characters. */
const MAX_HELD = 1024 * 1024;

export interface FactsCacheOptions {
  readonly directory: string;
  /** What the file is called, before the algorithm. Default: `facts`. */
  readonly name?: string;
  readonly algorithm: string;
  /** Whether the directory is made where even the one that is two above it is missing. */
  readonly makes: boolean;
  /** A file that would grow over this is written anew, with what the process used. Default: 16 MiB. */
  readonly maxBytes?: number;
}

const CHECK_DIGITS = 32;
const KEY_DIGITS = 64;

/**
 * What was found out about texts, by a digest of the text and of who looked at it: nothing else enters, so an entry is true for
 * ever, wherever it comes from. One file of lines that is only appended to, by any number of processes. Lines that are damaged are
 * skipped, and a file that cannot be read or written is done without.
 */
export class FactsCache {
  readonly path: string;
  readonly #makes: boolean;
  readonly #maxBytes: number;
  #lines: Map<string, string> | undefined;
  readonly #used = new Set<string>();
  readonly #added = new Map<string, string>();
  #held = 0;
  /** False once what is held back cannot be appended. */
  #mayAppend = true;
  /** Keys of lines that were written, and not read since. */
  readonly #written = new Set<string>();

  constructor({ directory, name = 'facts', algorithm, makes, maxBytes = MAX_BYTES }: FactsCacheOptions) {
    this.path = join(directory, `${name}-${algorithm.replaceAll(/[^a-z0-9]+/gi, '-')}.${FACTS_FORM}.jsonl`);
    this.#makes = makes;
    this.#maxBytes = maxBytes;
  }

  /** What is stored under a key: JSON that the caller has to check. */
  get(key: string): unknown {
    const hashed = digestText(key);
    if (this.#written.has(hashed)) this.#readAgain();
    const line = this.#added.get(hashed) ?? this.#read().get(hashed);
    const json = line?.slice(CHECK_DIGITS + KEY_DIGITS + 2);
    if (line === undefined || json === undefined || lineOf(hashed, json) !== line) return undefined;
    this.#used.add(hashed);
    return parsed(json);
  }

  put(key: string, value: unknown): void {
    this.putJson(key, JSON.stringify(value));
  }

  /** The same for a value that is JSON already. */
  putJson(key: string, json: string): void {
    const hashed = digestText(key);
    this.#added.set(hashed, lineOf(hashed, json));
    this.#held += json.length;
    if (this.#held <= MAX_HELD || !this.#mayAppend) return;
    // Writing the file anew is left to the end, so that it is done once.
    this.#mayAppend = this.#mayWrite() && this.#sizeNow() + this.#held <= this.#maxBytes;
    if (this.#mayAppend) this.flush();
  }

  /** Writes what was added, in one go. What can be read again is not kept. */
  flush(): void {
    if (this.#added.size === 0 || !this.#mayWrite()) return;
    try {
      mkdirSync(dirname(this.path), { recursive: true });
      const text = textOf(this.#added.values());
      if (this.#sizeNow() + text.length > this.#maxBytes) this.#rewrite();
      // The line break before it ends a line that a crashed process left open.
      else appendFileSync(this.path, `\n${text}`);
    } catch {
      // A cache that cannot be written saves nothing, and breaks nothing.
    }
    for (const key of this.#added.keys()) {
      this.#used.add(key);
      this.#written.add(key);
    }
    this.#added.clear();
    this.#held = 0;
    this.#mayAppend = true;
  }

  #mayWrite(): boolean {
    return this.#makes || existsSync(dirname(dirname(dirname(this.path))));
  }

  #sizeNow(): number {
    return statSync(this.path, { throwIfNoEntry: false })?.size ?? 0;
  }

  #rewrite(): void {
    const temporary = `${this.path}.${process.pid}-${threadId}`;
    try {
      this.#readAgain();
      const kept = [...this.#read()].filter(([key]) => this.#used.has(key));
      writeFileSync(temporary, textOf(new Map([...kept, ...this.#added]).values()));
      renameSync(temporary, this.path);
    } catch (error) {
      rmSync(temporary, { force: true });
      throw error;
    }
  }

  #readAgain(): void {
    this.#written.clear();
    this.#lines = undefined;
  }

  #read(): Map<string, string> {
    if (this.#lines !== undefined) return this.#lines;
    this.#lines = new Map();
    for (const line of this.#text().split('\n')) {
      const key = line.slice(CHECK_DIGITS + 1, CHECK_DIGITS + 1 + KEY_DIGITS);
      if (key.length === KEY_DIGITS) this.#lines.set(key, line);
    }
    return this.#lines;
  }

  #text(): string {
    try {
      const stats = statSync(this.path, { throwIfNoEntry: false });
      return stats?.isFile() === true && stats.size <= 2 * this.#maxBytes ? readFileSync(this.path, 'utf8') : '';
    } catch {
      return '';
    }
  }
}

function lineOf(key: string, json: string): string {
  const check = hash('sha256', `${key} ${json}`, 'hex').slice(0, CHECK_DIGITS);
  return `${check} ${key} ${json}`;
}

function textOf(lines: Iterable<string>): string {
  return [...lines, ''].join('\n');
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json) as unknown;
  } catch {
    return undefined;
  }
}
