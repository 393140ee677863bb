import { op } from '@memo/core';
import type { TopLevelSpec } from 'vega-lite';
import type { Chart } from '../charts/chart.ts';
import { latenessColor } from '../charts/lateness-scale.ts';
import type { Renderer } from '../charts/renderer.ts';
import type { Theme } from '../charts/theme.ts';
import { dayInWords, percent } from '../charts/words.ts';
import { renderer } from '../resources/renderer.ts';
import { MONTHS } from '../tables/calendar.ts';
import type { DaySummary, Summary } from '../tables/summary.ts';

/** How each day went. */
export const chartDays = op('chartDays', {
  description: 'How each day went',
  uses: { renderer },
  run: ({ summary }: { summary: Summary }, { use }) => drawDays(summary, use.renderer),
});

const NAMED_DAYS = 4;
/** Named days are so far apart, in milliseconds, that their names do not run into each other. */
const APART = 15 * 86_400_000;
/** Days with fewer flights than this are too uncertain to be named. */
const FEWEST = 30;

/** How each day went. */
export async function drawDays(summary: Summary, renderer: Renderer): Promise<Chart> {
  const worst = worstDays(summary.days);
  return {
    name: 'days',
    title: 'Day by day',
    finding: describeDays(summary, worst),
    svg: await renderer.draw('days', daysSpec(summary.days, worst, renderer.theme)),
  };
}

function worstDays(days: readonly DaySummary[]): DaySummary[] {
  const named: DaySummary[] = [];
  const judged = days.filter(({ rows }) => rows >= FEWEST).sort((a, b) => b.late - a.late);
  for (const day of judged) {
    const near = named.some((other) => Math.abs(Date.parse(other.day) - Date.parse(day.day)) < APART);
    if (!near && named.length < NAMED_DAYS) named.push(day);
  }
  return named;
}

function describeDays({ days, late }: Summary, [worst]: readonly DaySummary[]): string {
  if (worst === undefined) return 'Too few flights to tell.';
  const calm = days.filter((day) => day.late < late).length;
  return (
    `The worst day was ${dayInWords(worst.day)}, when ${percent(worst.late)} of the flights were late. ` +
    `On ${calm} of ${days.length} days it was fewer than the average of ${percent(late)}.`
  );
}

export function daysSpec(days: readonly DaySummary[], worst: readonly DaySummary[], theme: Theme): TopLevelSpec {
  const month = `${JSON.stringify(MONTHS)}[utcmonth(datum.value)]`;
  const x = { field: 'day', type: 'temporal' as const, scale: { type: 'utc' as const } };
  return {
    width: 720,
    height: 180,
    encoding: {
      x: { ...x, axis: { title: null, grid: false, tickCount: 'month', labelExpr: month, labelAlign: 'left' } },
      y: { field: 'late', type: 'quantitative', stack: null, axis: { title: 'late', format: '.0%', tickCount: 4 } },
    },
    layer: [
      {
        data: { values: days.map(({ day, late }) => ({ day, late })) },
        mark: { type: 'bar', width: 3, cornerRadius: 1.5 },
        encoding: { color: latenessColor('late', theme, null) },
      },
      {
        data: { values: worst.map(({ day, late }) => ({ day, late, label: dayInWords(day) })) },
        mark: { type: 'text', dy: -8, fontSize: 10 },
        encoding: { text: { field: 'label' } },
      },
    ],
  };
}
