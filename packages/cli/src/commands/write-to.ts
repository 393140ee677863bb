import { writeFileSync } from 'node:fs';
import { messageOf } from '@memo/core/plugin';
import { usageError } from '../failures/usage-error.ts';

/** Writes a file that the user named. @throws MemoError M1002 for a path that cannot be written. */
export function writeTo(path: string, text: string | Uint8Array): void {
  try {
    writeFileSync(path, text);
  } catch (error) {
    throw usageError(`Cannot write ${path}: ${messageOf(error)}`);
  }
}
