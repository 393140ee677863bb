import { op } from '@memo/core';
import type { TopLevelSpec } from 'vega-lite';
import type { Chart } from '../charts/chart.ts';
import type { Renderer } from '../charts/renderer.ts';
import type { Theme } from '../charts/theme.ts';
import { delayInWords, percent } from '../charts/words.ts';
import { renderer } from '../resources/renderer.ts';
import type { Summary } from '../tables/summary.ts';

/** How late flights are. */
export const chartDelays = op('chartDelays', {
  description: 'How late flights are',
  uses: { renderer },
  run: ({ summary }: { summary: Summary }, { use }) => drawDelays(summary, use.renderer),
});

const BIN = 5;

/** How late flights are. */
export async function drawDelays(summary: Summary, renderer: Renderer): Promise<Chart> {
  return {
    name: 'delays',
    title: 'How late is late',
    finding: describeDelays(summary),
    svg: await renderer.draw('delays', delaysSpec(summary, renderer.theme)),
  };
}

function describeDelays({ medianDelay, meanDelay, late, lateAfter, delays, rows }: Summary): string {
  const early = delays.filter(({ from }) => from < 0).reduce((sum, bin) => sum + bin.rows, 0) / rows;
  return (
    `The flight in the middle is ${delayInWords(medianDelay)}, and ${percent(early)} arrive before their time. ` +
    `The average is ${delayInWords(meanDelay)}, because of the long tail: ${percent(late)} are ${lateAfter} minutes late or more.`
  );
}

export function delaysSpec({ delays, rows, lateAfter }: Summary, theme: Theme): TopLevelSpec {
  const last = delays.at(-1)?.from ?? 0;
  const bins = delays.filter(({ from }) => from < last);
  return {
    width: 720,
    height: 190,
    data: {
      values: bins.map(({ from, rows: inBin }) => ({
        from,
        to: from + BIN,
        share: inBin / rows,
        late: from >= lateAfter,
      })),
    },
    mark: { type: 'bar', binSpacing: 1.5, cornerRadiusEnd: 2 },
    encoding: {
      x: {
        field: 'from',
        type: 'quantitative',
        bin: { binned: true, step: BIN },
        axis: {
          title: 'minutes late at the destination',
          grid: false,
          values: [-60, -30, 0, lateAfter, 30, 60, 90, 120, 150],
        },
      },
      x2: { field: 'to' },
      y: {
        field: 'share',
        type: 'quantitative',
        stack: null,
        axis: { title: 'share of flights', format: '.0%', tickCount: 4 },
      },
      color: {
        field: 'late',
        type: 'nominal',
        scale: { domain: [false, true], range: [theme.heat[2] ?? '', theme.heat[5] ?? ''] },
        legend: null,
      },
    },
  };
}
