import { formatAge, formatCount, formatDuration, oneLine } from '@memo/core/inspect';
import { EXIT } from '../exit-code.ts';
import { usageError } from '../failures/usage-error.ts';
import { DEFAULT_LIMIT } from '../forms/look-around.ts';
import { commitOf, type PastRun, pastRuns } from '../history/run-history.ts';
import { runName } from '../history/run-name.ts';
import { projectOf } from '../project/project.ts';
import { tableLines } from '../terminal/table.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { type Invocation, printJson } from './command.ts';

export async function answer(invocation: Invocation): Promise<number> {
  const { flags, out, around } = invocation;
  projectOf(invocation);
  const limit = flags.number('limit') ?? DEFAULT_LIMIT;
  const since = flags.has('since') ? sinceOf(flags.text('since') as string, around.now()) : Number.NEGATIVE_INFINITY;
  const found: PastRun[] = [];
  for await (const run of pastRuns()) {
    if (run.start.t < since || found.length >= limit) break;
    if (flags.has('job') && run.start.job !== flags.text('job')) continue;
    if (flags.has('status') && statusOf(run) !== flags.text('status')) continue;
    found.push(run);
  }
  if (flags.has('json')) printJson(out, { schema: 'memo.runs/1', runs: found.map(documentOf) });
  else out.print(found.length === 0 ? ['no runs yet: memo run'] : table(found, out, around.now()));
  return EXIT.ok;
}

const UNITS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

function sinceOf(text: string, now: number): number {
  const [, amount, unit] = /^(\d+(?:\.\d+)?)([mhdw])$/.exec(text) ?? [];
  if (amount !== undefined && unit !== undefined) return now - Number(amount) * (UNITS[unit] as number);
  const date = Date.parse(text);
  if (Number.isNaN(date)) throw usageError(`--since takes 30m, 12h, 7d or a date, not ${JSON.stringify(text)}.`);
  return date;
}

/** How a run ended; one without an end goes on, or was killed. */
export function statusOf({ end }: PastRun): string {
  return end?.status ?? 'unfinished';
}

const HEAD = ['run', 'when', 'job', 'status', 'steps', 'time', 'saved', 'commit', 'by'];

function table(found: readonly PastRun[], terminal: Terminal, now: number): readonly string[] {
  const rows = found.map((run) => ({ cells: cellsOf(run, now), paint: painterOf(statusOf(run), terminal) }));
  return tableLines({ head: HEAD, rows }, terminal);
}

function cellsOf(run: PastRun, now: number): readonly string[] {
  const { id, start, end } = run;
  const failed = end === undefined || end.failed === 0 ? '' : ` · ${formatCount(end.failed)} failed`;
  return [
    runName(id),
    formatAge(now - start.t),
    oneLine(start.job),
    statusOf(run),
    end === undefined ? '' : `${formatCount(end.ran)} ran · ${formatCount(end.reused)} reused${failed}`,
    end === undefined ? '' : formatDuration(end.durationMs),
    end === undefined || end.savedMs < 1 ? '' : formatDuration(end.savedMs),
    oneLine(commitOf(start) ?? ''),
    oneLine(start.tags['memo/by'] ?? ''),
  ];
}

function painterOf(status: string, { paint }: Terminal): (text: string) => string {
  if (status === 'success') return (text) => text;
  return (text) => paint(status === 'failure' ? 'red' : 'yellow', text);
}

function documentOf(run: PastRun): object {
  const { id, start, end, journal } = run;
  return {
    run: id,
    job: start.job,
    at: start.t,
    status: statusOf(run),
    steps: start.steps,
    ...(end === undefined ? {} : { ran: end.ran, reused: end.reused, skipped: end.skipped, failed: end.failed }),
    ...(end === undefined ? {} : { durationMs: end.durationMs, savedMs: end.savedMs }),
    tags: start.tags,
    journal,
  };
}
