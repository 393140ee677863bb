import { cutEnd, formatAge, formatCount, formatDuration, oneLine, padTo, widthOf } from '@memo/core/inspect';
import { EXIT } from '../exit-code.ts';
import { usageError } from '../failures/usage-error.ts';
import { DEFAULT_LIMIT } from '../forms/look-around.ts';
import { commitOf, type PastRun, pastRuns } from '../history/run-history.ts';
import { runName } from '../history/run-name.ts';
import { projectOf } from '../project/project.ts';
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
  else out.print(...(found.length === 0 ? ['no runs yet: memo run'] : table(found, out, around.now())));
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

function table(found: readonly PastRun[], { paint, columns }: Terminal, now: number): readonly string[] {
  const rows = found.map((run) => {
    const { id, start, end } = run;
    return {
      status: statusOf(run),
      cells: [
        runName(id),
        formatAge(now - start.t),
        oneLine(start.job),
        statusOf(run),
        end === undefined
          ? ''
          : `${formatCount(end.ran)} ran · ${formatCount(end.reused)} reused${end.failed > 0 ? ` · ${formatCount(end.failed)} failed` : ''}`,
        end === undefined ? '' : formatDuration(end.durationMs),
        end === undefined || end.savedMs < 1 ? '' : formatDuration(end.savedMs),
        oneLine(commitOf(start) ?? ''),
        oneLine(start.tags['memo/by'] ?? ''),
      ],
    };
  });
  const head = ['run', 'when', 'job', 'status', 'steps', 'time', 'saved', 'commit', 'by'];
  const widths = head.map((name, index) =>
    Math.max(widthOf(name), ...rows.map(({ cells }) => widthOf(cells[index] ?? ''))),
  );
  const line = (cells: readonly string[]): string =>
    cutEnd(
      cells
        .map((cell, index) => padTo(cell, widths[index] ?? 0))
        .join('  ')
        .trimEnd(),
      columns,
    );
  return [
    paint('dim', line(head)),
    ...rows.map(({ status, cells }) => {
      const text = line(cells);
      return status === 'failure' ? paint('red', text) : status === 'success' ? text : paint('yellow', text);
    }),
  ];
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
