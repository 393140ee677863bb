import { closeSync, fstatSync, openSync, readdirSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { didYouMean, type MemoEvent, readJournal } from '@memo/core/inspect';
import { MemoError, projectDirectory } from '@memo/core/plugin';
import { runName } from './run-name.ts';

type Start = Extract<MemoEvent, { readonly type: 'run.start' }>;
type End = Extract<MemoEvent, { readonly type: 'run.end' }>;

/** One run of the past, as its journal tells. */
export interface PastRun {
  readonly id: string;
  readonly journal: string;
  readonly start: Start;
  /** `undefined` for a run that goes on, or was killed. */
  readonly end: End | undefined;
}

const RUN_ID = /^[0-9a-z]{26}$/;
const TAIL_BYTES = 64 * 1024;

/** Where the runs of a project are. */
export function runsDirectory(): string {
  return join(projectDirectory(), '.memo', 'runs');
}

/** The ids of all runs that have a journal, newest first. */
export function runIds(directory: string = runsDirectory()): readonly string[] {
  try {
    return readdirSync(directory)
      .filter((name) => RUN_ID.test(name))
      .sort()
      .reverse();
  } catch {
    return [];
  }
}

/** The runs of a project, newest first. Each costs the first and the last lines of its journal, whatever lies between. */
export async function* pastRuns(directory: string = runsDirectory()): AsyncGenerator<PastRun> {
  for (const id of runIds(directory)) {
    const run = await readRun(directory, id);
    if (run !== undefined) yield run;
  }
}

async function readRun(directory: string, id: string): Promise<PastRun | undefined> {
  const journal = join(directory, id, 'events.ndjson');
  try {
    for await (const event of readJournal(journal)) {
      return event.type === 'run.start' ? { id, journal, start: event, end: lastEvent(journal) } : undefined;
    }
  } catch (error) {
    if (!MemoError.is(error)) throw error;
  }
  return undefined;
}

/** The end of a run, which is the last line of a journal that is whole. */
function lastEvent(journal: string): End | undefined {
  const line = tailOf(journal).trimEnd().split('\n').at(-1) ?? '';
  try {
    const event = JSON.parse(line) as MemoEvent;
    return event.type === 'run.end' ? event : undefined;
  } catch {
    return undefined;
  }
}

function tailOf(file: string): string {
  const descriptor = openSync(file, 'r');
  try {
    const { size } = fstatSync(descriptor);
    const bytes = Buffer.alloc(Math.min(size, TAIL_BYTES));
    readSync(descriptor, bytes, 0, bytes.length, size - bytes.length);
    return bytes.toString('utf8');
  } finally {
    closeSync(descriptor);
  }
}

/**
 * The run of a name: `last`, `last-2`, a whole id, its end or its beginning.
 *
 * @throws MemoError M1006 when there is none, or several.
 */
export async function findRun(name: string, job?: string): Promise<PastRun> {
  const directory = runsDirectory();
  const back = /^last(?:-(\d+))?$/.exec(name);
  if (back !== null) return nthRun(Number(back[1] ?? 0), name, job);
  const wanted = name.toLowerCase();
  const ids = runIds(directory).filter((id) => id.endsWith(wanted) || id.startsWith(wanted));
  const [id, other] = ids;
  if (id !== undefined && other !== undefined)
    throw new MemoError('M1006', `Several runs are called "${name}": ${ids.slice(0, 5).map(runName).join(', ')}.`, {
      fix: 'Write more of the id.',
    });
  const run = id === undefined ? undefined : await readRun(directory, id);
  if (run !== undefined) return run;
  const known = runIds(directory).slice(0, 100).map(runName);
  throw new MemoError('M1006', `There is no run "${name}".${didYouMean(name, known)}`, {
    fix: 'memo runs lists them.',
    details: { run: name },
  });
}

/**
 * The run that a journal is of.
 *
 * @throws MemoError M1006 for a file that is none.
 */
export async function runOfJournal(journal: string): Promise<PastRun> {
  for await (const event of readJournal(journal)) {
    if (event.type === 'run.start') return { id: event.run, journal, start: event, end: lastEvent(journal) };
    break;
  }
  throw new MemoError('M1006', `${journal} is not the journal of a run.`, { details: { file: journal } });
}

async function nthRun(back: number, name: string, job: string | undefined): Promise<PastRun> {
  let left = back;
  for await (const run of pastRuns()) {
    if (job !== undefined && run.start.job !== job) continue;
    if (left-- === 0) return run;
  }
  throw new MemoError('M1006', `There is no run "${name}"${job === undefined ? '' : ` of job "${job}"`}.`, {
    fix: 'Make one: memo run.',
    details: { run: name },
  });
}

/** Commit and state of the sources that a run was made from: `4f2c91a (dirty)`. */
export function commitOf({ tags }: Start): string | undefined {
  const commit = tags['memo/commit'];
  if (commit === undefined) return undefined;
  return tags['memo/dirty'] === 'true' ? `${commit} (dirty)` : commit;
}
