import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { threadId } from 'node:worker_threads';
import { digestBytes } from './digest.ts';
import { jsonProperty, parseJson } from './json-form.ts';
import { type StoredSightings, sightingsFrom } from './stored-sightings.ts';

/** Answers to one set of questions, and what was seen on disk when they were found. */
export interface RememberedAnswers {
  /** Who answered, and under what circumstances: only the same ones may use them. */
  readonly asker: string;
  readonly seen: StoredSightings;
  /** By a digest of the question. */
  readonly answers: Readonly<Record<string, unknown>>;
  /** What answers have in common, by numbers. */
  readonly shared: readonly unknown[];
}

/** Sets of questions that are kept: one for each job that is asked about, and a few that nobody asks any more. */
const MOST_FILES = 24;

const MAX_BYTES = 64 * 1024 * 1024;

const FILE = /^answers-[0-9a-f]{32}\.json$/;

/**
 * Answers of earlier processes, a file for each set of questions: a digest of the rest, then JSON. Files are only replaced as a whole, so any
 * number of processes may read and write; one that is damaged is none.
 */
export class AnswerCache {
  readonly #directory: string;
  readonly #makes: boolean;

  /** `makes`: whether the directory is made where even the one that is two above it is missing. */
  constructor(directory: string, makes: boolean) {
    this.#directory = directory;
    this.#makes = makes;
  }

  get(name: string): RememberedAnswers | undefined {
    const bytes = this.#read(this.#pathOf(name));
    const end = bytes?.indexOf('\n') ?? -1;
    if (bytes === undefined || end === -1) return undefined;
    const json = bytes.subarray(end + 1);
    if (digestBytes(json) !== bytes.subarray(0, end).toString('latin1')) return undefined;
    const stored = parseJson(json)?.value;
    const [asker, answers, shared] = ['asker', 'answers', 'shared'].map((part) => jsonProperty(stored, part));
    const seen = sightingsFrom(jsonProperty(stored, 'seen'));
    const isWhole =
      typeof asker === 'string' && typeof answers === 'object' && answers !== null && Array.isArray(shared);
    if (!isWhole || seen === undefined) return undefined;
    return { asker, seen, answers: answers as Readonly<Record<string, unknown>>, shared };
  }

  put(name: string, remembered: RememberedAnswers): void {
    if (!this.#makes && !existsSync(dirname(dirname(this.#directory)))) return;
    const json = Buffer.from(JSON.stringify(remembered));
    try {
      mkdirSync(this.#directory, { recursive: true });
      replaceFile(this.#pathOf(name), Buffer.concat([Buffer.from(`${digestBytes(json)}\n`), json]));
      this.#dropOldest();
    } catch {
      // A cache that cannot be written saves nothing, and breaks nothing.
    }
  }

  #pathOf(name: string): string {
    return join(this.#directory, `answers-${name.slice(0, 32)}.json`);
  }

  #read(path: string): Buffer | undefined {
    try {
      const stats = statSync(path, { throwIfNoEntry: false });
      return stats?.isFile() === true && stats.size <= MAX_BYTES ? readFileSync(path) : undefined;
    } catch {
      return undefined;
    }
  }

  #dropOldest(): void {
    const names = readdirSync(this.#directory).filter((name) => FILE.test(name));
    if (names.length <= MOST_FILES) return;
    const timed = names.map((name) => ({ name, time: statSync(join(this.#directory, name)).mtimeMs }));
    timed.sort((left, right) => right.time - left.time);
    for (const { name } of timed.slice(MOST_FILES)) rmSync(join(this.#directory, name), { force: true });
  }
}

function replaceFile(path: string, bytes: Buffer): void {
  const temporary = `${path}.${process.pid}-${threadId}`;
  try {
    writeFileSync(temporary, bytes);
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}
