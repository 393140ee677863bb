import {
  type Binding,
  cutMiddle,
  formatAge,
  formatCount,
  formatDuration,
  oneLine,
  padTo,
  widthOf,
} from '@memo/core/inspect';
import { type OpStats, storeStats } from '@memo/core/retention';
import { EXIT } from '../exit-code.ts';
import { usageError } from '../failures/usage-error.ts';
import { runName } from '../history/run-name.ts';
import { formatBytes } from '../terminal/format-bytes.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { cacheStore } from './cache-store.ts';
import { type Invocation, printJson } from './command.ts';

const DEFAULT_LIMIT = 50;

/** `memo cache ls`: the results that are recorded. */
export async function cacheList(invocation: Invocation): Promise<number> {
  const { flags, out, around } = invocation;
  const { inspected } = await cacheStore(invocation);
  const before = flags.has('older')
    ? around.now() - durationOf(flags.text('older') as string)
    : Number.POSITIVE_INFINITY;
  const found: Binding[] = [];
  for await (const binding of inspected.bindings()) {
    if (flags.has('job') && binding.job !== flags.text('job')) continue;
    if (flags.has('op') && binding.record.op.name !== flags.text('op')) continue;
    if (binding.when <= before) found.push(binding);
  }
  found.sort(ORDERS[flags.text('sort') ?? 'age']);
  const shown = found.slice(0, flags.number('limit') ?? DEFAULT_LIMIT);
  if (flags.has('json')) {
    const entries = shown.map((binding) => ({ ...briefly(binding), outputs: binding.outputs }));
    printJson(out, { schema: 'memo.cache-list/1', total: found.length, entries });
    return EXIT.ok;
  }
  out.print(
    ...table(
      ['step', 'op', 'run', 'age', 'took', 'size'],
      shown.map((binding) => cellsOf(binding, around.now())),
      out,
    ),
  );
  if (shown.length < found.length) out.print(`… ${formatCount(found.length - shown.length)} more (--limit)`);
  return EXIT.ok;
}

/** `memo cache stat`: what the store holds, by op. */
export async function cacheStat(invocation: Invocation): Promise<number> {
  const { flags, out, around } = invocation;
  const { io, names } = await cacheStore(invocation);
  const stats = await storeStats(io);
  if (flags.has('json')) {
    printJson(out, { schema: 'memo.cache-stat/1', store: names, ...stats });
    return EXIT.ok;
  }
  const { paint } = out;
  out.print(`${paint('bold', oneLine(names))}  ${formatBytes(stats.bytes)} in ${formatCount(stats.values)} values`);
  out.print(...table(['op', 'values', 'size', 'to compute again'], stats.ops.map(opCells), out));
  if (stats.ofRuns.values > 0)
    out.print(`of single runs: ${formatBytes(stats.ofRuns.bytes)} in ${formatCount(stats.ofRuns.values)} values`);
  if (stats.unbound.values > 0)
    out.print(`without a record: ${formatBytes(stats.unbound.bytes)} in ${formatCount(stats.unbound.values)} values`);
  out.print(`records: ${formatCount(stats.bindings)} results in ${formatBytes(stats.records.bytes)}`);
  if (stats.lastUsed !== undefined)
    out.print(
      `last used between ${formatAge(around.now() - stats.lastUsed.oldest)} and ${formatAge(around.now() - stats.lastUsed.newest)}`,
    );
  return EXIT.ok;
}

function opCells({ op, values, bytes, costMs }: OpStats): readonly string[] {
  return [cutMiddle(oneLine(op), 36), formatCount(values), formatBytes(bytes), formatDuration(costMs)];
}

function cellsOf(binding: Binding, now: number): readonly string[] {
  const { step, op, run, when, durationMs, bytes } = briefly(binding);
  return [
    cutMiddle(oneLine(step), 36),
    cutMiddle(oneLine(op), 24),
    runName(run),
    formatAge(now - when),
    formatDuration(durationMs),
    bytes === undefined ? '' : formatBytes(bytes),
  ];
}

function briefly(binding: Binding) {
  const { job, step, record, stepVersion, run, when, duration, by } = binding;
  return {
    job,
    step,
    op: record.op.name,
    version: stepVersion,
    run,
    when,
    durationMs: duration,
    by,
    bytes: sizeOf(binding),
  };
}

function sizeOf({ outputs }: Binding): number | undefined {
  const sizes = Object.values(outputs).map((output) => (output === 'absent' ? 0 : output.bytes));
  return sizes.every((size) => size !== undefined) ? sizes.reduce((sum, size) => sum + size, 0) : undefined;
}

const ORDERS: Readonly<Record<string, (a: Binding, b: Binding) => number>> = {
  age: (a, b) => b.when - a.when,
  size: (a, b) => (sizeOf(b) ?? 0) - (sizeOf(a) ?? 0),
  time: (a, b) => b.duration - a.duration,
};

function table(head: readonly string[], rows: readonly (readonly string[])[], { paint }: Terminal): readonly string[] {
  const widths = head.map((name, index) =>
    Math.max(widthOf(name), ...rows.map((cells) => widthOf(cells[index] ?? ''))),
  );
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, index) => padTo(cell, widths[index] ?? 0))
      .join('  ')
      .trimEnd();
  return rows.length === 0 ? [] : [paint('dim', line(head)), ...rows.map(line)];
}

const UNITS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/** Milliseconds of a time such as `30d`. @throws MemoError M1002. */
export function durationOf(text: string): number {
  const [, amount, unit] = /^(\d+(?:\.\d+)?)([smhdw])$/.exec(text) ?? [];
  if (amount === undefined || unit === undefined)
    throw usageError(`A time is 30m, 12h or 7d, not ${JSON.stringify(text)}.`);
  return Number(amount) * (UNITS[unit] as number);
}
