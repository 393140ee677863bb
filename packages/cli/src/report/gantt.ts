import { cutMiddle, formatDuration, oneLine } from '@memo/core/inspect';
import { xmlText } from '../graph/svg-graph.ts';
import type { EndedStep } from '../progress/run-state.ts';

/** A step with the time in which it ran. */
export interface TimedStep extends EndedStep {
  /** Milliseconds since the run began. */
  readonly begun: number;
}

const ROW = 22;
const NAMES = 190;
const CHART = 720;
const TICKS = 5;

/** When each step ran: a bar each, on one axis of time, as SVG. */
export function ganttChart(steps: readonly Pick<TimedStep, 'step' | 'begun' | 'durationMs' | 'status'>[]): string {
  const end = steps.reduce((latest, { begun, durationMs }) => Math.max(latest, begun + durationMs), 1);
  const x = (ms: number): number => NAMES + (CHART * ms) / end;
  const height = ROW * steps.length + 30;
  const ticks = Array.from({ length: TICKS + 1 }, (_, index) => (end * index) / TICKS);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${NAMES + CHART + 70} ${height}" width="${NAMES + CHART + 70}" height="${height}" role="img" aria-label="When each step ran" font-family="system-ui,sans-serif" font-size="12">`,
    ...ticks.map(
      (ms) =>
        `<line x1="${round(x(ms))}" x2="${round(x(ms))}" y1="0" y2="${height - 24}" stroke="#a1a1aa" stroke-opacity=".35"/><text class="axis" x="${round(x(ms))}" y="${height - 8}" text-anchor="middle">${xmlText(formatDuration(ms))}</text>`,
    ),
    ...steps.map(({ step, begun, durationMs, status }, index) => {
      const y = index * ROW;
      const width = Math.max(2, (CHART * durationMs) / end);
      const fill = status === 'failed' ? '#ef4444' : '#22c55e';
      return `<g><title>${xmlText(`${step}: ${formatDuration(durationMs)}, begun after ${formatDuration(begun)}`)}</title><text class="name" x="${NAMES - 8}" y="${y + 15}" text-anchor="end">${xmlText(cutMiddle(oneLine(step), 28))}</text><rect x="${round(x(begun))}" y="${y + 4}" width="${round(width)}" height="${ROW - 8}" rx="3" fill="${fill}"/></g>`;
    }),
    '</svg>',
  ].join('\n');
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
