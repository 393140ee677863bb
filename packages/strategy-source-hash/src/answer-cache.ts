import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writevSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { threadId } from 'node:worker_threads';
import { AnswerDetails, type RememberedSlices } from './answer-details.ts';
import type { ReadBytes } from './archive-layer.ts';
import { type Digest, digestBytes, digestList, digestOfAll } from './digest.ts';
import { jsonProperty, parseJson } from './json-form.ts';
import { SliceArchive, type Written } from './slice-archive.ts';
import { isText } from './stored-facts.ts';
import { type StoredSightings, sightingsFrom } from './stored-sightings.ts';

/** Answers to one set of questions, and what was seen on disk when they were found. */
export interface RememberedAnswers {
  /** Who answered, and under what circumstances: only the same ones may use them. */
  readonly asker: string;
  /** Stands for all questions in their order. */
  readonly question: Digest;
  readonly seen: StoredSightings;
  /** In the order of the questions. */
  readonly answers: readonly unknown[];
  /** What answers have in common, by numbers. */
  readonly shared: readonly unknown[];
  /** What only edits and other questions need, read when it is asked for; `undefined` when it is damaged. */
  details(): AnswerDetails | undefined;
}

/** Sets of questions that are kept: one for each job that is asked about, and a few that nobody asks any more. */
const MOST_FILES = 24;

const MAX_BYTES = 64 * 1024 * 1024;

const FILE = /^answers-([0-9a-f]{32})\.json$/;

/** A name begins with that of its group. */
const GROUP_DIGITS = 16;

/** Names answers to a set of questions, of which a group is asked much the same. */
export function answersName(group: readonly string[], questions: Digest): string {
  return digestList(group).slice(0, GROUP_DIGITS) + digestList([...group, questions]);
}

/** What lies beside a file of answers. */
const BESIDE = ['details-$1.bin', 'slices-$1.bin', 'edits-$1.bin'];

/**
 * Answers of earlier processes, a file for each set of questions: its own digest, and JSON. Beside it lie its details and slices, whose digests it
 * has, so that those of other answers are none. Files are only replaced as a whole, so any number of processes may read and write; one that is
 * damaged is none.
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
    const text = this.#read(this.#pathOf(name));
    const head = text && wholeJson(text);
    const [asker, question, answers, shared, digest] = ['asker', 'question', 'answers', 'shared', 'details'].map(
      (part) => jsonProperty(head, part),
    );
    const seen = sightingsFrom(jsonProperty(head, 'seen'));
    const isWhole = isText(asker) && isText(question) && Array.isArray(answers) && Array.isArray(shared);
    if (!isWhole || seen === undefined || !isText(digest)) return undefined;
    const details = once(() => {
      const bytes = this.#readWhole(this.#detailsOf(name), digest);
      const found = bytes && AnswerDetails.from(bytes);
      return found?.isAbout(seen) === true ? found : undefined;
    });
    return { asker, question, seen, answers, shared, details };
  }

  /** The name of the newest other answers to questions of the same group; `undefined` where there are none. */
  near(name: string): string | undefined {
    try {
      const others = readdirSync(this.#directory).flatMap((file) => FILE.exec(file)?.[1] ?? []);
      const group = others.filter((other) => other.startsWith(name.slice(0, GROUP_DIGITS)) && !name.startsWith(other));
      const timed = group.map((other) => ({ other, time: statSync(this.#pathOf(other)).mtimeMs }));
      return timed.sort((left, right) => right.time - left.time)[0]?.other;
    } catch {
      return undefined;
    }
  }

  /** The archive that lies with some answers, where it has the digests that these know. */
  archive(name: string, slices: RememberedSlices): SliceArchive | undefined {
    const [base, edits] = [readerOf(this.#slicesOf(name)), readerOf(this.#editsOf(name))];
    return SliceArchive.from({ base, edits }, slices);
  }

  /** Without layers those that are there stay. */
  put(name: string, remembered: RememberedAnswers, { base, edits }: Written = {}): void {
    if (!this.#makes && !existsSync(dirname(dirname(this.#directory)))) return;
    const { details, ...head } = remembered;
    const rest = details()?.written() ?? [];
    const text = Buffer.from(JSON.stringify({ ...head, details: digestOfAll(rest) }));
    try {
      mkdirSync(this.#directory, { recursive: true });
      if (base !== undefined) {
        replaceFile(this.#slicesOf(name), base.bytes);
        rmSync(this.#editsOf(name), { force: true });
      }
      if (edits !== undefined) replaceFile(this.#editsOf(name), edits.bytes);
      replaceFile(this.#detailsOf(name), rest);
      replaceFile(this.#pathOf(name), [Buffer.from(`${digestBytes(text)}\n`), text]);
      this.#dropOldest();
    } catch {
      // A cache that cannot be written saves nothing, and breaks nothing.
    }
  }

  #pathOf(name: string): string {
    return join(this.#directory, `answers-${name.slice(0, 32)}.json`);
  }

  #detailsOf(name: string): string {
    return join(this.#directory, `details-${name.slice(0, 32)}.bin`);
  }

  #slicesOf(name: string): string {
    return join(this.#directory, `slices-${name.slice(0, 32)}.bin`);
  }

  #editsOf(name: string): string {
    return join(this.#directory, `edits-${name.slice(0, 32)}.bin`);
  }

  #readWhole(path: string, digest: Digest): Buffer | undefined {
    const bytes = this.#read(path);
    return bytes !== undefined && digestBytes(bytes) === digest ? bytes : undefined;
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
    for (const { name } of timed.slice(MOST_FILES)) {
      for (const file of [name, ...BESIDE.map((other) => name.replace(FILE, other))])
        rmSync(join(this.#directory, file), { force: true });
    }
  }
}

/** Many at once, without a copy of all. */
function writeParts(path: string, parts: readonly Uint8Array[]): void {
  const file = openSync(path, 'w');
  try {
    for (let at = 0; at < parts.length; at += MOST_AT_ONCE) writeAll(file, parts.slice(at, at + MOST_AT_ONCE));
  } finally {
    closeSync(file);
  }
}

/** A system writes at most 1,024 in one call. */
const MOST_AT_ONCE = 512;

function writeAll(file: number, parts: readonly Uint8Array[]): void {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const written = writevSync(file, parts);
  // A disk that is full may take some of it.
  if (written !== length) throw new RangeError(`${written} of ${length} bytes were written`);
}

/** The length of a digest, and of the end of its line. */
const FIRST_LINE = 64 + 1;

/** The JSON in the line after its own digest; `undefined` when it is another. */
function wholeJson(text: Buffer): unknown {
  const json = text.subarray(FIRST_LINE);
  return text.toString('latin1', 0, FIRST_LINE) === `${digestBytes(json)}\n` ? parseJson(json)?.value : undefined;
}

/** What was read of a file is kept only until it is known what it says. */
export function once<T>(read: () => T): () => T {
  let open: (() => T) | undefined = read;
  let value: T | undefined;
  return () => {
    if (open !== undefined) value = open();
    open = undefined;
    return value as T;
  };
}

/** Reads some of the bytes of a file as it is then. */
function readerOf(path: string): ReadBytes {
  return (start, length) => {
    if (length > MAX_BYTES) return undefined;
    let file: number | undefined;
    try {
      file = openSync(path, 'r');
      const bytes = Buffer.allocUnsafeSlow(length);
      return readSync(file, bytes, 0, length, start) === length ? bytes : undefined;
    } catch {
      return undefined;
    } finally {
      if (file !== undefined) closeSync(file);
    }
  };
}

function replaceFile(path: string, parts: readonly Uint8Array[]): void {
  const temporary = `${path}.${process.pid}-${threadId}`;
  try {
    writeParts(temporary, parts);
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}
