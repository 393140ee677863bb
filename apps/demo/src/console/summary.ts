import { duration, size } from './amounts.ts';
import type { Paint } from './paint.ts';

/** What a run came to. */
export interface Outcome {
  job: string;
  executed: number;
  reused: number;
  skipped: number;
  durationMs: number;
  /** What the re-used steps took when they ran. */
  savedMs: number;
  /** Whether nothing had been computed before. */
  first: boolean;
  /** `undefined` when results are kept in memory. */
  store: { path: string; bytes?: number; files?: number } | undefined;
  report: { path: string; bytes: number };
}

/** The last lines of a run that succeeded. */
export function summaryLines(outcome: Outcome, paint: Paint): string {
  const { job, executed, reused, skipped, durationMs, savedMs, store, report } = outcome;
  const { bold, dim, green, blue } = paint;
  const counts = [`${executed} ran`, `${reused} reused`, ...(skipped > 0 ? [`${skipped} skipped`] : [])].join(' · ');
  const lines = [
    '',
    `${bold(job)}  ${green('ok')} in ${bold(duration(durationMs))}  ${counts}${executed === 0 ? `  ${bold(blue('FULL MEMO'))}` : ''}`,
  ];
  if (savedMs > 0) lines.push(`${dim('saved')}    ${duration(savedMs)} of computing`);
  lines.push(
    store === undefined
      ? `${dim('store')}    in memory: gone when this process ends`
      : `${dim('store')}    ${store.bytes === undefined ? '' : `${size(store.bytes)} in ${store.files} files  `}${dim(store.path)}`,
    `${dim('report')}   ${report.path}  ${dim(size(report.bytes))}`,
  );
  if (outcome.first && store !== undefined) {
    lines.push('', 'First run: nothing to reuse yet. Run it again, or change something and see what runs.');
  }
  return `${lines.join('\n')}\n`;
}
