import { op } from '@memo/core';
import type { TopLevelSpec } from 'vega-lite';
import type { Chart } from '../charts/chart.ts';
import { latenessColor } from '../charts/lateness-scale.ts';
import type { Renderer } from '../charts/renderer.ts';
import type { Theme } from '../charts/theme.ts';
import { FULL_WEEKDAYS, percent } from '../charts/words.ts';
import { renderer } from '../resources/renderer.ts';
import { WEEKDAYS } from '../tables/calendar.ts';
import type { HourSummary, Summary } from '../tables/summary.ts';

/** Which hours of the week are late. */
export const chartHours = op('chartHours', {
  description: 'Which hours of the week are late',
  uses: { renderer },
  run: ({ summary }: { summary: Summary }, { use }) => drawHours(summary, use.renderer),
});

/** Cells with fewer flights than this share of the average cell are left empty. */
const SPARSE = 1 / 25;

/** Which hours of the week are late. */
export async function drawHours(summary: Summary, renderer: Renderer): Promise<Chart> {
  const least = (summary.rows / (7 * 24)) * SPARSE;
  const cells = summary.hours.filter(({ rows }) => rows >= least);
  return {
    name: 'hours',
    title: 'The hours of the week',
    finding: describeHours(cells),
    svg: await renderer.draw('hours', hoursSpec(cells, renderer.theme)),
  };
}

function describeHours(cells: readonly HourSummary[]): string {
  const daytime = cells.filter(({ hour }) => hour >= 5 && hour <= 22).sort((a, b) => a.late - b.late);
  const [best, worst] = [daytime[0], daytime.at(-1)];
  if (best === undefined || worst === undefined) return 'Too few flights to tell.';
  return (
    `Of the flights that left ${inWords(best)}, ${percent(best.late)} were late; ${inWords(worst)}, ${percent(worst.late)} ` +
    'were. Delays pile up over the day and are slept off at night. The clock is that of the departure as it happened: ' +
    'what leaves after midnight should mostly have left the evening before. Hours with hardly any flights are left empty.'
  );
}

function inWords({ weekday, hour }: HourSummary): string {
  return `on a ${FULL_WEEKDAYS[weekday] ?? ''} between ${hour}:00 and ${hour + 1}:00`;
}

export function hoursSpec(cells: readonly HourSummary[], theme: Theme): TopLevelSpec {
  return {
    data: { values: cells.map(({ weekday, hour, late }) => ({ weekday: WEEKDAYS[weekday], hour, late })) },
    width: 720,
    height: 210,
    mark: { type: 'rect', cornerRadius: 3 },
    encoding: {
      x: {
        field: 'hour',
        type: 'ordinal',
        scale: { domain: Array.from({ length: 24 }, (_, hour) => hour), paddingInner: 0.08 },
        axis: { title: 'hour of departure', labelAngle: 0 },
      },
      y: {
        field: 'weekday',
        type: 'ordinal',
        sort: [...WEEKDAYS],
        scale: { paddingInner: 0.12 },
        axis: { title: null },
      },
      color: latenessColor('late', theme, { orient: 'top', direction: 'horizontal', gradientLength: 300 }),
    },
  };
}
