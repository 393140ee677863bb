import type { DigestColumn } from '../hash/digest-column.ts';
import { DIGEST_WORDS, DigestWords, type Words } from './digest-words.ts';
import type { Heads } from './entry-reader.ts';
import { type HeadTable, NONE, SEVERAL } from './head-table.ts';

/** Where bindings are looked for: those with smaller numbers than `end` count. */
export interface BoundBefore {
  readonly heads: Heads;
  readonly byVersion: HeadTable;
  readonly end: number;
  /** False where no head is that of a binding that was made later than the one that counts. */
  readonly hasLater: boolean;
}

/**
 * For each step version 1 where it is certain that just one of its bindings counts. They are looked for where they lie, and nothing is made of
 * what is found: one by one a look-up costs twice as much.
 */
export function boundOnce(versions: DigestColumn, where: BoundBefore): Uint8Array {
  const { buffer, byteOffset, byteLength } = versions.bytes;
  const words = new Int32Array(buffer, byteOffset, byteLength / 4);
  const once = where.byVersion.counts(words, where.end);
  if (!versions.isFull) for (let at = 0; at < once.length; at++) if (!versions.has(at)) once[at] = 0;
  const wanted = new DigestWords(DIGEST_WORDS, words);
  const look = (at: number): void => {
    wanted.at = at * DIGEST_WORDS;
    once[at] = isBoundOnce(wanted, where) ? 1 : 0;
  };
  if (where.hasLater) for (const [at, count] of once.entries()) if (count > 0) look(at);
  for (let at = once.indexOf(SEVERAL); at !== -1; at = once.indexOf(SEVERAL, at + 1)) look(at);
  return once;
}

function isBoundOnce(wanted: Words, { heads, byVersion, end, hasLater }: BoundBefore): boolean {
  let found = 0;
  for (let head = byVersion.newest(wanted); head !== NONE; head = byVersion.older(head)) {
    if (head >= end) continue;
    if (hasLater && heads.isLater(head)) return false;
    found++;
  }
  return found === 1;
}
