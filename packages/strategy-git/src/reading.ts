import { readFileSync } from 'node:fs';
import { lookAsLoaded, readAsLoaded, readLoadedFile } from '@memo/strategy-source-hash';
import type { FileContent, KnownContent, Reading } from './file-state.ts';
import type { KnownIds } from './known-ids.ts';
import type { ObjectFormat } from './object-id.ts';

/** Code, whose closure says that it is what was loaded, as long as it looks as it did then. */
export class CodeReading implements Reading {
  readonly unread = 'unknown';
  readonly #ids: KnownIds | undefined;

  constructor(ids: KnownIds | undefined) {
    this.#ids = ids;
  }

  knownId(path: string, format: ObjectFormat): string | undefined {
    const look = this.#ids && lookAsLoaded(path);
    return look === undefined ? undefined : this.#ids?.of(path, look, format);
  }

  known(path: string): KnownContent | undefined {
    const read = readAsLoaded(path);
    if (read === undefined) return undefined;
    const { bytes, look } = read;
    return { bytes, keepId: (id) => look !== undefined && this.#ids?.add(path, look, id) };
  }

  read(path: string): FileContent | undefined {
    try {
      return { bytes: readFileSync(path), loaded: 'unknown' };
    } catch {
      // It vanished: its closure is asked for again, and says so.
      return undefined;
    }
  }
}

/** What counts beside code, under the rule of loaded code. */
export const dataReading: Reading = {
  knownId: () => undefined,
  known: () => undefined,
  read: (path) => {
    const file = readLoadedFile(path);
    return file && { bytes: file.bytes, loaded: file.edited ? 'other' : 'same' };
  },
  unread: 'same',
};
