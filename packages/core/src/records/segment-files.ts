import type { OpenedSegment } from '../io/record-store.ts';
import { ifPresent, type RecordFileSystem, recordsUnavailable } from './record-file-system.ts';

/** Segment files that are read in parts. They stay open, so that what another process removes can be read all the same. */
export class SegmentFiles {
  readonly #files: RecordFileSystem;
  readonly #byPath = new Map<string, SegmentFile>();
  readonly #all = new Set<SegmentFile>();

  constructor(files: RecordFileSystem) {
    this.#files = files;
  }

  /** `undefined` where there is no such file. */
  open(path: string): OpenedSegment | undefined {
    const file = this.#byPath.get(path) ?? new SegmentFile(this.#files, path);
    const bytes = file.size();
    if (bytes === undefined) return undefined;
    this.#byPath.set(path, file);
    this.#all.add(file);
    return { bytes, read: (into, position) => file.read(into, position) };
  }

  /** Says that a file is removed: what is opened under its path next is another one. */
  forget(path: string): void {
    this.#byPath.delete(path);
  }

  /** Closes all of them; what is read later is opened again. */
  close(): void {
    for (const file of this.#all) file.close();
  }
}

class SegmentFile {
  readonly #files: RecordFileSystem;
  readonly #path: string;
  #descriptor: number | undefined;

  constructor(files: RecordFileSystem, path: string) {
    this.#files = files;
    this.#path = path;
  }

  size(): number | undefined {
    const descriptor = this.#opened();
    return descriptor === undefined ? undefined : this.#files.fstatSync(descriptor).size;
  }

  read(into: Uint8Array, position: number): number {
    try {
      const descriptor = this.#opened();
      let filled = 0;
      while (descriptor !== undefined && filled < into.length) {
        const read = this.#files.readSync(descriptor, into, filled, into.length - filled, position + filled);
        if (read === 0) break;
        filled += read;
      }
      return filled;
    } catch (error) {
      throw recordsUnavailable('read', this.#path, error);
    }
  }

  close(): void {
    if (this.#descriptor !== undefined) this.#files.closeSync(this.#descriptor);
    this.#descriptor = undefined;
  }

  #opened(): number | undefined {
    this.#descriptor ??= ifPresent(() => this.#files.openSync(this.#path, 'r'));
    return this.#descriptor;
  }
}
