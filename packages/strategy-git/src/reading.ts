import { readFileSync } from 'node:fs';
import { readAsLoaded, readLoadedFile } from '@memo/strategy-source-hash';
import type { FileContent, Reading } from './file-state.ts';

/** Code, whose closure says that it is what was loaded, as long as it looks as it did then. */
export const codeReading: Reading = { known: readAsLoaded, read: readOnDisk, unread: 'unknown' };

/** What counts beside code, under the rule of loaded code. */
export const dataReading: Reading = { known: () => undefined, read: readData, unread: 'same' };

function readOnDisk(path: string): FileContent | undefined {
  try {
    return { bytes: readFileSync(path), loaded: 'unknown' };
  } catch {
    // It vanished: its closure is asked for again, and says so.
    return undefined;
  }
}

function readData(path: string): FileContent | undefined {
  const file = readLoadedFile(path);
  return file && { bytes: file.bytes, loaded: file.edited ? 'other' : 'same' };
}
