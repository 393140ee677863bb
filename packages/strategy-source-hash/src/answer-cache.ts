import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { threadId } from 'node:worker_threads';
import { type Digest, digestBytes } from './digest.ts';
import { jsonProperty, parseJson } from './json-form.ts';
import { isDigest, isText } from './stored-facts.ts';
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
  /** By path, the source files that were read. */
  readonly sources: Readonly<Record<string, RememberedSource>>;
  /** Absent where answers have nothing to do with what symbols compute. */
  readonly slices?: RememberedSlices | undefined;
}

/** A source file that answers rest on. */
export interface RememberedSource {
  /** See `shapeOf`. */
  readonly shape: Digest;
  readonly withPlaces: boolean;
  /** See `GraphNode.setting`. */
  readonly setting: string;
}

/** The slices that answers were made from. */
export interface RememberedSlices {
  /** Digest of the archive, which is a file of its own. */
  readonly archive: Digest;
  /** The contents of their parts, in base64. */
  readonly contents: string;
}

/** Sets of questions that are kept: one for each job that is asked about, and a few that nobody asks any more. */
const MOST_FILES = 24;

const MAX_BYTES = 64 * 1024 * 1024;

const FILE = /^answers-([0-9a-f]{32})\.json$/;

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
    const [sources, slices] = ['sources', 'slices'].map((part) => jsonProperty(stored, part));
    const isWhole =
      typeof asker === 'string' && typeof answers === 'object' && answers !== null && Array.isArray(shared);
    if (!isWhole || seen === undefined || !isRecord(sources, isSource)) return undefined;
    if (slices !== undefined && !isSlices(slices)) return undefined;
    return { asker, seen, answers: answers as Readonly<Record<string, unknown>>, shared, sources, slices };
  }

  /** The archive of that digest that lies with some answers. */
  archive(name: string, digest: Digest): Buffer | undefined {
    const bytes = this.#read(this.#archiveOf(name));
    return bytes !== undefined && digestBytes(bytes) === digest ? bytes : undefined;
  }

  /** Without an archive the one that is there stays. */
  put(name: string, remembered: RememberedAnswers, archive?: Buffer): void {
    if (!this.#makes && !existsSync(dirname(dirname(this.#directory)))) return;
    const json = Buffer.from(JSON.stringify(remembered));
    try {
      mkdirSync(this.#directory, { recursive: true });
      if (archive !== undefined) replaceFile(this.#archiveOf(name), archive);
      replaceFile(this.#pathOf(name), Buffer.concat([Buffer.from(`${digestBytes(json)}\n`), json]));
      this.#dropOldest();
    } catch {
      // A cache that cannot be written saves nothing, and breaks nothing.
    }
  }

  #pathOf(name: string): string {
    return join(this.#directory, `answers-${name.slice(0, 32)}.json`);
  }

  #archiveOf(name: string): string {
    return join(this.#directory, `slices-${name.slice(0, 32)}.bin`);
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
      rmSync(join(this.#directory, name), { force: true });
      rmSync(join(this.#directory, name.replace(FILE, 'slices-$1.bin')), { force: true });
    }
  }
}

function isRecord<T>(value: unknown, isOne: (one: unknown) => one is T): value is Readonly<Record<string, T>> {
  return typeof value === 'object' && value !== null && Object.values(value).every(isOne);
}

function isSource(value: unknown): value is RememberedSource {
  return (
    isDigest(jsonProperty(value, 'shape')) &&
    typeof jsonProperty(value, 'withPlaces') === 'boolean' &&
    isText(jsonProperty(value, 'setting'))
  );
}

function isSlices(value: unknown): value is RememberedSlices {
  return isDigest(jsonProperty(value, 'archive')) && isText(jsonProperty(value, 'contents'));
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
