import * as nodeFileSystem from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { OpenedSegment, RecordDocument, RecordStore, SegmentInfo } from '../io/record-store.ts';
import { FileDocuments } from './file-documents.ts';
import {
  ifPresent,
  type RecordFileSystem,
  readFrom,
  recordFileName,
  recordsUnavailable,
  syncDirectory,
  writeWhole,
} from './record-file-system.ts';
import { SegmentFiles } from './segment-files.ts';

export interface FileRecordStoreOptions {
  /**
   * `batch` and `each`: what is flushed reaches the disk (one `fdatasync`, 0.2–5 ms, shared by flushes that wait for each
   * other). `none`: it reaches the operating system only, and survives a crash of the process but not of the machine.
   * Default `batch`.
   */
  readonly durability?: 'batch' | 'each' | 'none';
  /** Replaces `node:fs`, for tests. */
  readonly fileSystem?: RecordFileSystem;
}

/** A record store that keeps files open until it is disposed. */
export type FileRecordStore = RecordStore & Required<Pick<RecordStore, 'open'>> & { dispose(): Promise<void> };

/**
 * Keeps records in a directory, which is created by the first write: segments as `segments/<name>.seg`, documents as
 * numbered generations `documents/<key>/<n>`. Any number of processes may share the directory; documents are compared
 * and swapped between all of them without locks, so a killed process never blocks another one.
 *
 * `read` of a segment that is gone (compacted by another process) gives no bytes; what was opened before can still be read.
 *
 * @throws MemoError M5009 from every method when the directory cannot be read or written.
 */
export function fileRecordStore(directory: string, options: FileRecordStoreOptions = {}): FileRecordStore {
  // The process may go elsewhere, and only a whole name is longer than those of all directories above.
  return new FileSegmentsAndDocuments(resolve(directory), options);
}

interface OpenSegment {
  readonly descriptor: number;
  bytes: number;
  /** Directories whose new names are not on the disk yet. */
  unsynced: readonly string[];
  running: Promise<void> | undefined;
  next: Promise<void> | undefined;
  /** Why no more can be appended, once half of an append could not be cut off. */
  broken: Error | undefined;
}

class FileSegmentsAndDocuments implements RecordStore {
  readonly #directory: string;
  readonly #durable: boolean;
  readonly #files: RecordFileSystem;
  readonly #documents: FileDocuments;
  readonly #open = new Map<string, OpenSegment>();
  readonly #reading: SegmentFiles;

  constructor(directory: string, options: FileRecordStoreOptions) {
    this.#directory = join(directory, 'segments');
    this.#durable = options.durability !== 'none';
    this.#files = options.fileSystem ?? nodeFileSystem;
    this.#reading = new SegmentFiles(this.#files);
    this.#documents = new FileDocuments(join(directory, 'documents'), this.#files, this.#durable);
  }

  append(segment: string, bytes: Uint8Array, options: { readonly flush?: boolean } = {}): void | Promise<void> {
    const path = this.#pathOf(segment);
    return this.#guard('append to', path, () => {
      const open = this.#open.get(segment) ?? this.#openForAppend(segment, path);
      this.#appendWhole(open, bytes);
      return options.flush === true && this.#durable ? this.#flush(open, path) : undefined;
    });
  }

  segments(): readonly SegmentInfo[] {
    return this.#guard('list', this.#directory, () => {
      const found: SegmentInfo[] = [];
      for (const name of this.#listDirectory()) {
        const segment = segmentOfFile(name);
        if (segment === undefined) continue;
        const stats = ifPresent(() => this.#files.lstatSync(join(this.#directory, name)));
        if (stats?.isFile()) found.push({ name: segment, bytes: stats.size });
      }
      return found;
    });
  }

  read(segment: string, offset: number): Uint8Array {
    const path = this.#pathOf(segment);
    return this.#guard('read', path, () => ifPresent(() => readFrom(this.#files, path, offset)) ?? new Uint8Array());
  }

  open(segment: string): OpenedSegment | undefined {
    const path = this.#pathOf(segment);
    return this.#guard('open', path, () => this.#reading.open(path));
  }

  async remove(segment: string): Promise<void> {
    const path = this.#pathOf(segment);
    await this.#close(segment);
    this.#reading.forget(path);
    this.#guard('remove', path, () => ifPresent(() => this.#files.unlinkSync(path)));
  }

  getDocument(key: string): RecordDocument | undefined {
    return this.#guard('read', this.#documents.pathOf(key), () => this.#documents.get(key));
  }

  putDocument(key: string, bytes: Uint8Array, expected: string | undefined): boolean {
    return this.#guard('write', this.#documents.pathOf(key), () => this.#documents.put(key, bytes, expected));
  }

  removeDocument(key: string, expected: string): boolean {
    return this.#guard('remove', this.#documents.pathOf(key), () => this.#documents.remove(key, expected));
  }

  documents(prefix: string): readonly string[] {
    return this.#guard('list', this.#documents.directory, () => this.#documents.keys(prefix));
  }

  async dispose(): Promise<void> {
    await Promise.all([...this.#open.keys()].map((segment) => this.#close(segment)));
    this.#reading.close();
  }

  #openForAppend(segment: string, path: string): OpenSegment {
    const unsynced: string[] = [this.#directory];
    let descriptor = ifPresent(() => this.#files.openSync(path, 'a'));
    if (descriptor === undefined) {
      const first = this.#files.mkdirSync(this.#directory, { recursive: true });
      for (let made = this.#directory; first !== undefined && made.length >= first.length; made = dirname(made)) {
        unsynced.push(dirname(made));
      }
      descriptor = this.#files.openSync(path, 'a');
    }
    const bytes = this.#files.fstatSync(descriptor).size;
    const open: OpenSegment = { descriptor, bytes, unsynced, running: undefined, next: undefined, broken: undefined };
    this.#open.set(segment, open);
    return open;
  }

  // A segment never keeps half of an append: a reader would take the rest of the segment for a torn tail.
  #appendWhole(open: OpenSegment, bytes: Uint8Array): void {
    if (open.broken !== undefined) throw open.broken;
    try {
      writeWhole(this.#files, open.descriptor, bytes);
      open.bytes += bytes.length;
    } catch (error) {
      try {
        this.#files.ftruncateSync(open.descriptor, open.bytes);
      } catch {
        open.broken = error instanceof Error ? error : new Error(String(error));
      }
      throw error;
    }
  }

  // Flushes that arrive while one is running share the next one, which covers the bytes of them all.
  #flush(open: OpenSegment, path: string): Promise<void> {
    if (open.running === undefined && open.next === undefined) return this.#sync(open, path);
    open.next ??= (open.running ?? Promise.resolve()).then(ignore, ignore).then(() => {
      open.next = undefined;
      return this.#sync(open, path);
    });
    return open.next;
  }

  #sync(open: OpenSegment, path: string): Promise<void> {
    open.running = new Promise<void>((resolve, reject) => {
      this.#files.fdatasync(open.descriptor, (error) => (error === null ? resolve() : reject(error)));
    })
      .then(() => {
        for (const directory of open.unsynced) syncDirectory(this.#files, directory);
        open.unsynced = [];
      })
      .catch((error: unknown) => {
        throw recordsUnavailable('flush', path, error);
      })
      .finally(() => {
        open.running = undefined;
      });
    return open.running;
  }

  async #close(segment: string): Promise<void> {
    const open = this.#open.get(segment);
    if (open === undefined) return;
    this.#open.delete(segment);
    await Promise.allSettled([open.running, open.next]);
    this.#files.closeSync(open.descriptor);
  }

  #listDirectory(): readonly string[] {
    return ifPresent(() => this.#files.readdirSync(this.#directory)) ?? [];
  }

  #pathOf(segment: string): string {
    return join(this.#directory, `${recordFileName('segment', segment)}.seg`);
  }

  #guard<T>(verb: string, path: string, act: () => T): T {
    try {
      return act();
    } catch (error) {
      throw recordsUnavailable(verb, path, error);
    }
  }
}

function segmentOfFile(file: string): string | undefined {
  const match = /^([a-z0-9-]{1,100})~?\.seg$/.exec(file);
  return match?.[1];
}

function ignore(): void {}
