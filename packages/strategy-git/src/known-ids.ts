import { hash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { threadId } from 'node:worker_threads';
import { projectDirectory } from '@memo/core/plugin';
import type { ObjectFormat } from './object-id.ts';

/** Changes when ids mean something else: then older files are not read any more. */
const FORM = 1;

const MOST_BYTES = 64 * 1024 * 1024;

/** More files than that are kept only where this process asked for them. */
const MOST_FILES = 100_000;

interface KnownId {
  readonly look: string;
  readonly id: string;
}

/**
 * The ids of files, for as long as these look as they did when they were read: size, times and inode. Kept from process to process in one file, which is only
 * replaced as a whole; one that is damaged is none.
 */
export class KnownIds {
  readonly #file: string;
  readonly #makes: boolean;
  #stored: Map<string, KnownId> | undefined;
  readonly #used = new Map<string, KnownId>();
  #hasNew = false;

  /** `makes`: whether the directory is made where even the one that is two above it is missing. */
  constructor(directory: string, makes: boolean) {
    this.#file = join(directory, `git-ids.${FORM}.json`);
    this.#makes = makes;
  }

  /** The id of a file that has this look; `undefined` when it is not known. */
  of(path: string, look: string, format: ObjectFormat): string | undefined {
    this.#stored ??= this.#read();
    const known = this.#used.get(path) ?? this.#stored.get(path);
    if (known?.look !== look || known.id.length !== ID_LENGTHS[format]) return undefined;
    this.#used.set(path, known);
    return known.id;
  }

  add(path: string, look: string, id: string): void {
    this.#used.set(path, { look, id });
    this.#hasNew = true;
  }

  /** Writes what is new. */
  flush(): void {
    if (!this.#hasNew) return;
    const directory = dirname(this.#file);
    if (!this.#makes && !existsSync(dirname(dirname(directory)))) return;
    this.#hasNew = false;
    const stored = this.#stored ?? new Map<string, KnownId>();
    const entries = [...(stored.size > MOST_FILES ? [] : stored), ...this.#used];
    try {
      mkdirSync(directory, { recursive: true });
      replaceFile(this.#file, textOf(new Map(entries)));
    } catch {
      // Ids that cannot be kept are found again.
    }
  }

  #read(): Map<string, KnownId> {
    try {
      const size = statSync(this.#file, { throwIfNoEntry: false })?.size;
      return size === undefined || size > MOST_BYTES ? new Map() : knownIn(readFileSync(this.#file, 'latin1'));
    } catch {
      return new Map();
    }
  }
}

const ID_LENGTHS: Readonly<Record<ObjectFormat, number>> = { sha1: 40, sha256: 64 };

/** Those of this process, by directory. */
const known = new Map<string, KnownIds>();

/** The ids that lie in the cache that an option of the strategy means. */
export function knownIds(cache: false | string | undefined): KnownIds | undefined {
  if (cache === false) return undefined;
  const directory = cache === undefined ? join(projectDirectory(), '.memo', 'cache', 'git') : resolve(cache);
  const ids = known.get(directory) ?? new KnownIds(directory, cache !== undefined);
  known.set(directory, ids);
  return ids;
}

/** A digest of the rest, then JSON without characters beyond ASCII. */
function textOf(entries: ReadonlyMap<string, KnownId>): string {
  const lists = [
    [...entries.keys()],
    ...(['look', 'id'] as const).map((part) => [...entries.values()].map((one) => one[part])),
  ];
  const json = JSON.stringify(lists).replace(/[\u0080-\uffff]/g, escaped);
  return `${hash('sha256', json)}\n${json}`;
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

function knownIn(text: string): Map<string, KnownId> {
  const end = text.indexOf('\n');
  const json = text.slice(end + 1);
  if (hash('sha256', json) !== text.slice(0, end)) return new Map();
  const [paths, looks, ids] = JSON.parse(json) as readonly [readonly string[], readonly string[], readonly string[]];
  return new Map(paths.map((path, at) => [path, { look: looks[at] ?? '', id: ids[at] ?? '' }]));
}

function replaceFile(path: string, text: string): void {
  const temporary = `${path}.${process.pid}-${threadId}`;
  try {
    writeFileSync(temporary, text);
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}
