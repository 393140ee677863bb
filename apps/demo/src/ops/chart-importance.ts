import { op } from '@memo/core';
import type { TopLevelSpec } from 'vega-lite';
import type { Chart } from '../charts/chart.ts';
import type { Renderer } from '../charts/renderer.ts';
import type { Theme } from '../charts/theme.ts';
import { percent } from '../charts/words.ts';
import { renderer } from '../resources/renderer.ts';
import type { Choice } from './best.ts';
import type { Evaluation } from './evaluate.ts';

/** What the best model looks at. */
export const chartImportance = op('chartImportance', {
  description: 'What the best model looks at',
  uses: { renderer },
  run: ({ choice }: { choice: Choice }, { use }) => drawImportance(choice, use.renderer),
});

/** What the best model looks at. */
export async function drawImportance({ best }: Choice, renderer: Renderer): Promise<Chart> {
  return {
    name: 'importance',
    title: 'What gives a delay away',
    finding: describeImportance(best),
    svg: await renderer.draw('importance', importanceSpec(best, renderer.theme)),
  };
}

function describeImportance({ importance, name }: Evaluation): string {
  const [first, second] = importance;
  if (first === undefined || second === undefined) return 'The model looks at nothing.';
  return (
    `Share of each feature in what “${name}” learned. ${first.title}: ${percent(first.share)}; ` +
    `${second.title.toLowerCase()}: ${percent(second.share)}.`
  );
}

export function importanceSpec({ importance }: Evaluation, theme: Theme): TopLevelSpec {
  const y = {
    field: 'title',
    type: 'nominal' as const,
    sort: null,
    axis: { title: null, labelLimit: 400, labelFontSize: 12 },
  };
  const x = { field: 'share', type: 'quantitative' as const, stack: null, axis: null };
  return {
    width: 420,
    height: { step: 24 },
    data: { values: importance.map(({ title, share }) => ({ title, share, label: percent(share, 1) })) },
    encoding: { x, y },
    layer: [
      { mark: { type: 'bar', color: theme.color('accent'), cornerRadiusEnd: 3, height: 12 } },
      {
        mark: { type: 'text', align: 'left', dx: 6, color: theme.color('muted') },
        encoding: { text: { field: 'label' } },
      },
    ],
  };
}
