import { type Binding, formatAge, formatCount, formatDuration, oneLine } from '@memo/core/inspect';
import { type OpStats, type ResultUse, resultUses, storeStats } from '@memo/core/retention';
import { EXIT } from '../exit-code.ts';
import { usageError } from '../failures/usage-error.ts';
import { runName } from '../history/run-name.ts';
import { formatBytes } from '../terminal/format-bytes.ts';
import { tableLines } from '../terminal/table.ts';
import { cacheStore } from './cache-store.ts';
import { type Invocation, printJson } from './command.ts';

const DEFAULT_LIMIT = 50;
/** Who has just run a job twice would take the figures for wrong. */
const HITS_NOTE = 'runs of a job within an hour count as one hit';

/** `memo cache ls`: the results that are recorded. */
export async function cacheList(invocation: Invocation): Promise<number> {
  const { flags, out, around } = invocation;
  const { io } = await cacheStore(invocation);
  const before = flags.has('older')
    ? around.now() - durationOf(flags.text('older') as string)
    : Number.POSITIVE_INFINITY;
  const found = (await resultUses(io)).filter(
    ({ binding }) =>
      (!flags.has('job') || binding.job === flags.text('job')) &&
      (!flags.has('op') || binding.record.op.name === flags.text('op')) &&
      binding.when <= before,
  );
  const sorted = [...found].sort(ORDERS[flags.text('sort') ?? 'age']);
  const shown = sorted.slice(0, flags.number('limit') ?? DEFAULT_LIMIT);
  const orphans = found.filter(({ isStored }) => !isStored).length;
  if (flags.has('json')) {
    const entries = shown.map((use) => ({ ...briefly(use), outputs: use.binding.outputs }));
    printJson(out, { schema: 'memo.cache-list/1', total: found.length, orphans, entries });
    return EXIT.ok;
  }
  const rows = shown.map((use) => ({ cells: cellsOf(use, around.now()) }));
  out.print(tableLines({ head: ['step', 'op', 'run', 'age', 'took', 'size', 'hits'], rows }, out));
  if (found.length > 0) out.print(out.paint('dim', HITS_NOTE));
  if (shown.length < found.length) out.print(`… ${formatCount(found.length - shown.length)} more (--limit)`);
  if (orphans > 0)
    out.print(out.paint('dim', `gone: ${formatCount(orphans)} results are recorded whose values are not there`));
  return EXIT.ok;
}

/** `memo cache stat`: what the store holds, by op. */
export async function cacheStat(invocation: Invocation): Promise<number> {
  const { flags, out, around } = invocation;
  const { io, names } = await cacheStore(invocation);
  const stats = await storeStats(io);
  const rates = hitRates(await resultUses(io));
  const ops = stats.ops.map((op) => ({ ...op, hitRate: rates.get(opKey(op.namespace, op.op)) ?? 0 }));
  if (flags.has('json')) {
    printJson(out, { schema: 'memo.cache-stat/1', store: names, ...stats, ops });
    return EXIT.ok;
  }
  const { paint } = out;
  out.print(`${paint('bold', oneLine(names))}  ${formatBytes(stats.bytes)} in ${formatCount(stats.values)} values`);
  const rows = ops.map((op) => ({ cells: opCells(op) }));
  out.print(tableLines({ head: ['op', 'values', 'size', 'to compute again', 'hit rate'], rows }, out));
  if (ops.length > 0) out.print(paint('dim', HITS_NOTE));
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

function opCells({ op, values, bytes, costMs, hitRate }: OpStats & { readonly hitRate: number }): readonly string[] {
  const rate = `${Math.round(hitRate * 100)} %`;
  return [oneLine(op), formatCount(values), formatBytes(bytes), formatDuration(costMs), rate];
}

/** Of all uses of an op's results, the share that was not computed for it. */
function hitRates(uses: readonly ResultUse[]): ReadonlyMap<string, number> {
  const counts = new Map<string, { hits: number; all: number }>();
  for (const { binding, hits } of uses) {
    const key = opKey(binding.record.op.namespace, binding.record.op.name);
    const known = counts.get(key) ?? { hits: 0, all: 0 };
    counts.set(key, { hits: known.hits + hits, all: known.all + hits + (binding.of === undefined ? 1 : 0) });
  }
  return new Map([...counts].map(([key, { hits, all }]) => [key, all === 0 ? 0 : hits / all]));
}

function opKey(namespace: string, op: string): string {
  return JSON.stringify([namespace, op]);
}

function cellsOf(use: ResultUse, now: number): readonly string[] {
  const { step, op, run, when, durationMs, bytes, hits, stored } = briefly(use);
  return [
    oneLine(step),
    oneLine(op),
    runName(run),
    formatAge(now - when),
    formatDuration(durationMs),
    stored ? (bytes === undefined ? '' : formatBytes(bytes)) : 'gone',
    formatCount(hits),
  ];
}

function briefly({ binding, hits, isStored }: ResultUse) {
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
    hits,
    stored: isStored,
  };
}

function sizeOf({ outputs }: Binding): number | undefined {
  const sizes = Object.values(outputs).map((output) => (output === 'absent' ? 0 : output.bytes));
  return sizes.every((size) => size !== undefined) ? sizes.reduce((sum, size) => sum + size, 0) : undefined;
}

const ORDERS: Readonly<Record<string, (a: ResultUse, b: ResultUse) => number>> = {
  age: (a, b) => b.binding.when - a.binding.when,
  size: (a, b) => (sizeOf(b.binding) ?? 0) - (sizeOf(a.binding) ?? 0),
  time: (a, b) => b.binding.duration - a.binding.duration,
  hits: (a, b) => b.hits - a.hits,
};

const UNITS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/** Milliseconds of a time such as `30d`. @throws MemoError M1002. */
export function durationOf(text: string): number {
  const [, amount, unit] = /^(\d+(?:\.\d+)?)([smhdw])$/.exec(text) ?? [];
  if (amount === undefined || unit === undefined)
    throw usageError(`A time is 30m, 12h or 7d, not ${JSON.stringify(text)}.`);
  return Number(amount) * (UNITS[unit] as number);
}
