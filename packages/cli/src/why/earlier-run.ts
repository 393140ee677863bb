import { join } from 'node:path';
import { readJournal } from '@memo/core/inspect';
import { MemoError } from '@memo/core/plugin';
import { commitOf, runsDirectory } from '../history/run-history.ts';

/** What the journal of an earlier run tells of its sources. */
export interface EarlierRun {
  /** The commit that held exactly what ran; `undefined` where files differed from it. */
  readonly commit: string | undefined;
  /** The same for people: `77ab03e (dirty)`. */
  readonly commitText: string | undefined;
}

/** Reads the beginning of a journal; `undefined` where it is gone. */
export async function earlierRun(id: string): Promise<EarlierRun | undefined> {
  // The id comes from a store: it must not lead out of the directory.
  if (!/^[0-9a-z]+$/.test(id)) return undefined;
  try {
    for await (const event of readJournal(join(runsDirectory(), id, 'events.ndjson'))) {
      if (event.type !== 'run.start') return undefined;
      const isClean = event.tags['memo/dirty'] !== 'true';
      return { commit: isClean ? event.tags['memo/commit'] : undefined, commitText: commitOf(event) };
    }
  } catch (error) {
    if (!MemoError.is(error)) throw error;
  }
  return undefined;
}
