import { formatCount, formatDuration } from '../plan/format-duration.ts';
import { oneLine } from '../plan/line-text.ts';
import type { PrunedValue, PrunePlan, PruneReason } from './prune-plan.ts';

const MOST_VALUES = 20;
const WHY: Readonly<Record<PruneReason, string>> = {
  unused: 'not used',
  superseded: 'replaced by a later result',
  'over-size': 'beyond the size limit',
  'run-over': 'of a run that is over',
};

/** A plan for people: each value with the reason, the largest first, then the sums. */
export function pruneText(plan: Omit<PrunePlan, 'toString'>): string {
  const shown = [...plan.values].sort((a, b) => b.bytes - a.bytes).slice(0, MOST_VALUES);
  const lines = shown.map((value) => lineOf(value, plan.at));
  if (plan.values.length > shown.length) lines.push(`… ${formatCount(plan.values.length - shown.length)} more`);
  lines.push(
    `deletes ${formatCount(plan.values.length)} values, ${formatBytes(plan.freedBytes)}; keeps ${formatBytes(plan.keptBytes)}`,
  );
  if (plan.forgotten.length > 0) lines.push(`forgets ${formatCount(plan.forgotten.length)} steps`);
  for (const [reason, { values, bytes }] of Object.entries(plan.kept)) {
    lines.push(`  kept, ${reason}: ${formatCount(values)} values, ${formatBytes(bytes)}`);
  }
  for (const run of plan.unknownRuns) lines.push(`nothing is known of run ${oneLine(run)}`);
  return lines.join('\n');
}

function lineOf({ step, output, identifier, bytes, reason, lastUsed, costMs }: PrunedValue, at: number): string {
  const name = step === undefined ? identifier.join('/') : `${step}.${output}`;
  const since = reason === 'unused' ? ` for ${formatDuration(at - lastUsed)}` : '';
  const cost = costMs === undefined ? '' : `, ${formatDuration(costMs)} to compute`;
  return oneLine(`${name}  ${formatBytes(bytes)}  ${WHY[reason]}${since}${cost}`);
}

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB'] as const;

/** A size for people, in powers of 1,000: `999 B`, `1.2 kB`, `34 MB`. */
export function formatBytes(bytes: number): string {
  let [size, unit] = [bytes, 0];
  while (size >= 999.5 && unit < UNITS.length - 1) {
    size /= 1_000;
    unit++;
  }
  const digits = unit === 0 || size >= 9.95 ? 0 : 1;
  return `${size.toFixed(digits)} ${UNITS[unit]}`;
}
