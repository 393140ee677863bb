import { DigestWords } from './digest-words.ts';
import type { Heads } from './entry-reader.ts';
import { type HeadTable, START } from './head-table.ts';

const AT_ONCE = 1_024;
const NO_DIGEST = '0'.repeat(64);

/** Where bindings are looked for: those with smaller numbers than `end` count. */
export interface BoundBefore {
  readonly heads: Heads;
  readonly byVersion: HeadTable;
  readonly end: number;
}

/**
 * For each step version 1 where it is certain that just one of its bindings counts. All that are looked for are read in few calls, and nothing is
 * made of what is found: one by one a look-up costs twice as much.
 */
export function boundOnce(versions: readonly (string | undefined)[], where: BoundBefore): Uint8Array {
  const once = new Uint8Array(versions.length);
  for (let from = 0; from < versions.length; from += AT_ONCE) {
    const batch = versions.slice(from, from + AT_ONCE);
    if (!WANTED.readAll(textOf(batch))) continue;
    for (let at = 0; at < batch.length; at++) {
      WANTED.at = at * WANTED.length;
      if (batch[at] !== undefined && isBoundOnce(where)) once[from + at] = 1;
    }
  }
  return once;
}

const WANTED = new DigestWords(NO_DIGEST.length / 8, AT_ONCE);

/** The digests of a batch in one text; what is none would shift the others. */
function textOf(batch: readonly (string | undefined)[]): string {
  let text = '';
  for (const version of batch) text += version?.length === NO_DIGEST.length ? version : NO_DIGEST;
  return text;
}

function isBoundOnce({ heads, byVersion, end }: BoundBefore): boolean {
  let found = 0;
  for (let place = byVersion.next(WANTED, START); place !== -1; place = byVersion.next(WANTED, place)) {
    const head = byVersion.head(place);
    if (head >= end) continue;
    if (heads.isLater(head)) return false;
    found++;
  }
  return found === 1;
}
