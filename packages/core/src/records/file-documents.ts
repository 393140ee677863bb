import { createHash, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { MemoError } from '../errors/memo-error.ts';
import type { RecordDocument } from '../io/record-store.ts';
import {
  ifPresent,
  type RecordFileSystem,
  readFrom,
  recordFileName,
  syncDirectory,
  systemCode,
  writeWhole,
} from './record-file-system.ts';

/**
 * Documents as numbered generations, `<key>/<n>`; the highest one counts. A swap creates generation n + 1 under a name
 * that only one process can create, so there are no locks, and a killed process leaves at most a temporary file.
 *
 * Old generations are deleted one minute after they were superseded. A writer that was stopped for longer can then
 * create a name that was used before; it notices because the next generation names another predecessor.
 */
export class FileDocuments {
  readonly directory: string;
  readonly #files: RecordFileSystem;
  readonly #durable: boolean;
  #linksWork = true;

  constructor(directory: string, files: RecordFileSystem, durable: boolean) {
    this.directory = directory;
    this.#files = files;
    this.#durable = durable;
  }

  pathOf(key: string): string {
    return join(this.directory, recordFileName('document', key));
  }

  keys(prefix: string): readonly string[] {
    const names = ifPresent(() => this.#files.readdirSync(this.directory)) ?? [];
    const keys = names.map((name) => /^([a-z0-9-]{1,100})~?$/.exec(name)?.[1]);
    return keys.filter((key) => key?.startsWith(prefix) && this.get(key) !== undefined) as string[];
  }

  get(key: string): RecordDocument | undefined {
    const current = this.#newest(this.pathOf(key));
    return isThere(current) ? { bytes: current.bytes, tag: tagOf(current) } : undefined;
  }

  put(key: string, bytes: Uint8Array, expected: string | undefined): boolean {
    return this.#swap(key, expected, { bytes, isDeletion: false });
  }

  /** A removal is a generation too, so that it is compared and swapped as a write is; it stays, without content. */
  remove(key: string, expected: string): boolean {
    return this.#swap(key, expected, { bytes: new Uint8Array(), isDeletion: true });
  }

  #swap(key: string, expected: string | undefined, wanted: Pick<Generation, 'bytes' | 'isDeletion'>): boolean {
    const directory = this.pathOf(key);
    const current = this.#newest(directory);
    if ((isThere(current) ? tagOf(current) : undefined) !== expected) return false;
    const next: Generation = {
      number: (current?.number ?? 0) + 1,
      id: randomBytes(16).toString('hex'),
      predecessor: current?.id ?? NOTHING,
      ...wanted,
    };
    if (current === undefined) this.#makeDirectory(directory);
    if (!this.#create(directory, next)) return false;
    const won = this.#isInTheChain(directory, next);
    if (won && this.#durable) syncDirectory(this.#files, directory);
    this.#deleteSuperseded(directory);
    return won;
  }

  #newest(directory: string): Generation | undefined {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const newest = this.#generations(directory).at(-1);
      if (newest === undefined) return undefined;
      const generation = this.#read(directory, newest);
      // Deleted meanwhile, so there is a newer one.
      if (generation !== undefined) return generation;
    }
    throw new MemoError('M5009', `The document at ${directory} changes faster than it can be read`);
  }

  #generations(directory: string): readonly number[] {
    const names = ifPresent(() => this.#files.readdirSync(directory)) ?? [];
    const numbers = names.filter((name) => /^[1-9][0-9]{0,14}$/.test(name)).map(Number);
    return numbers.sort((a, b) => a - b);
  }

  #read(directory: string, number: number): Generation | undefined {
    const path = join(directory, String(number));
    const stored = ifPresent(() => this.#readFileOrInner(path));
    return stored === undefined ? undefined : parseGeneration(path, number, stored);
  }

  #readFileOrInner(path: string): Uint8Array {
    const inner = this.#files.lstatSync(path).isDirectory();
    return readFrom(this.#files, inner ? join(path, INNER) : path, 0);
  }

  #makeDirectory(directory: string): void {
    const first = this.#files.mkdirSync(directory, { recursive: true });
    if (first !== undefined && this.#durable) {
      syncDirectory(this.#files, this.directory);
      syncDirectory(this.#files, join(this.directory, '..'));
    }
  }

  /** Creates the name of a generation with its whole content; `false` when the name is taken. */
  #create(directory: string, generation: Generation): boolean {
    const target = join(directory, String(generation.number));
    const temporary = join(directory, `${TEMPORARY}${generation.id}`);
    const content = formatGeneration(generation);
    try {
      if (this.#linksWork) {
        this.#writeTemporary(temporary, content);
        const linked = this.#link(temporary, target);
        if (linked !== 'unsupported') return linked === 'created';
        this.#linksWork = false;
        this.#files.unlinkSync(temporary);
      }
      this.#files.mkdirSync(temporary, { recursive: false });
      this.#writeTemporary(join(temporary, INNER), content);
      return this.#renameDirectory(temporary, target);
    } finally {
      this.#files.rmSync(temporary, { recursive: true, force: true });
    }
  }

  #writeTemporary(path: string, content: Uint8Array): void {
    const descriptor = this.#files.openSync(path, 'wx');
    try {
      writeWhole(this.#files, descriptor, content);
      if (this.#durable) this.#files.fsyncSync(descriptor);
    } finally {
      this.#files.closeSync(descriptor);
    }
  }

  #link(temporary: string, target: string): 'created' | 'taken' | 'unsupported' {
    try {
      this.#files.linkSync(temporary, target);
      return 'created';
    } catch (error) {
      const code = systemCode(error) ?? '';
      if (code === 'EEXIST') return 'taken';
      if (NO_LINKS.has(code)) return 'unsupported';
      throw error;
    }
  }

  // Where there are no links: a directory never replaces one that holds a file, on any platform.
  #renameDirectory(temporary: string, target: string): boolean {
    try {
      this.#files.renameSync(temporary, target);
      return true;
    } catch (error) {
      if (ifPresent(() => this.#files.lstatSync(target)) !== undefined) return false;
      throw error;
    }
  }

  #isInTheChain(directory: string, mine: Generation): boolean {
    if (this.#generations(directory).at(-1) === mine.number) return true;
    const next = this.#read(directory, mine.number + 1);
    if (next !== undefined) return next.predecessor === mine.id;
    throw new MemoError('M5009', `Cannot tell whether the document at ${directory} was written`, {
      because: 'this process was stopped for more than a minute while it wrote, and others wrote meanwhile',
      fix: 'read the document again',
      details: { path: directory },
    });
  }

  // Ages are differences of times that the file system gave, so that clocks of machines do not matter.
  #deleteSuperseded(directory: string): void {
    try {
      const numbers = this.#generations(directory);
      const changed = numbers.map((number) => this.#files.lstatSync(join(directory, String(number))).mtimeMs);
      const now = changed.at(-1) ?? 0;
      numbers.forEach((number, index) => {
        const supersededAt = changed[index + 1];
        if (supersededAt === undefined || now - supersededAt < GRACE_MS) return;
        this.#files.rmSync(join(directory, String(number)), { recursive: true, force: true });
      });
      this.#deleteTemporary(directory, now);
    } catch {
      // Another process tidies up at the same time, or the next swap does.
    }
  }

  #deleteTemporary(directory: string, now: number): void {
    for (const name of this.#files.readdirSync(directory)) {
      if (!name.startsWith(TEMPORARY)) continue;
      const path = join(directory, name);
      if (now - this.#files.lstatSync(path).mtimeMs < ABANDONED_MS) continue;
      this.#files.rmSync(path, { recursive: true, force: true });
    }
  }
}

interface Generation {
  readonly number: number;
  /** Names this generation; unique even where a number is used again. */
  readonly id: string;
  /** The id of the generation that this one replaced. */
  readonly predecessor: string;
  readonly bytes: Uint8Array;
  /** True for the generation that says that the document was removed. */
  readonly isDeletion: boolean;
}

function isThere(generation: Generation | undefined): generation is Generation {
  return generation !== undefined && !generation.isDeletion;
}

const NOTHING = '0'.repeat(32);
const INNER = 'document';
const TEMPORARY = 'tmp-';
const ATTEMPTS = 100;
const GRACE_MS = 60_000;
const ABANDONED_MS = 3_600_000;
const NO_LINKS: ReadonlySet<string> = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK', 'EISDIR']);
const HEADER = /^memo-(document|deletion) 1 ([0-9a-f]{32}) ([0-9a-f]{32})\n$/;
const HEADER_BYTES = 'memo-document 1 '.length + 32 + 1 + 32 + 1;

function formatGeneration(generation: Generation): Uint8Array {
  const kind = generation.isDeletion ? 'deletion' : 'document';
  return Buffer.concat([
    Buffer.from(`memo-${kind} 1 ${generation.id} ${generation.predecessor}\n`, 'latin1'),
    generation.bytes,
  ]);
}

function parseGeneration(path: string, number: number, stored: Uint8Array): Generation {
  const header = Buffer.from(stored.subarray(0, HEADER_BYTES)).toString('latin1');
  const [, kind, id, predecessor] = HEADER.exec(header) ?? [];
  if (id === undefined || predecessor === undefined) {
    throw new MemoError('M5009', `Not a document of a record store: ${path}`, {
      because: 'the file was changed, or is not ours',
      fix: `delete ${path}`,
      details: { path },
    });
  }
  return { number, id, predecessor, bytes: stored.subarray(HEADER_BYTES), isDeletion: kind === 'deletion' };
}

function tagOf(generation: Generation): string {
  return `${generation.number}-${createHash('sha256').update(generation.bytes).digest('hex')}`;
}
