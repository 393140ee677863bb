import { op } from '@memo/core';
import type { TopLevelSpec } from 'vega-lite';
import type { Chart } from '../charts/chart.ts';
import type { Renderer } from '../charts/renderer.ts';
import type { Theme } from '../charts/theme.ts';
import { percent } from '../charts/words.ts';
import { renderer } from '../resources/renderer.ts';
import type { Evaluation } from './evaluate.ts';

/** How good the models are. */
export const chartModels = op('chartModels', {
  description: 'How good the models are',
  uses: { renderer },
  outputs: ['roc', 'calibration'],
  run: ({ evaluations }: { evaluations: Evaluation[] }, { use }) => drawModels(evaluations, use.renderer),
});

const SIDE = 300;

/** How well the models find late flights, and whether their probabilities can be taken at their word. */
export async function drawModels(
  evaluations: readonly Evaluation[],
  renderer: Renderer,
): Promise<{ roc: Chart; calibration: Chart }> {
  const colors = colorsOf(evaluations, renderer.theme);
  return {
    roc: {
      name: 'roc',
      title: 'Finding late flights',
      finding: describeRoc(evaluations),
      svg: await renderer.draw('roc', rocSpec(evaluations, colors, renderer.theme)),
    },
    calibration: {
      name: 'calibration',
      title: 'Taking them at their word',
      finding: describeCalibration(evaluations),
      svg: await renderer.draw('calibration', calibrationSpec(evaluations, colors, renderer.theme)),
    },
  };
}

function describeRoc(evaluations: readonly Evaluation[]): string {
  const best = [...evaluations].sort((a, b) => b.auc - a.auc)[0];
  const point = best?.roc.find(({ found }) => found >= 0.5);
  if (best === undefined || point === undefined) return 'There is no model to judge.';
  return (
    `Whoever wants to find half of the late flights with “${best.name}” suspects ${percent(point.falseAlarms)} of the ` +
    'punctual ones as well. The dashed line is guessing.'
  );
}

function describeCalibration(evaluations: readonly Evaluation[]): string {
  const errors = evaluations.flatMap(({ calibration }) =>
    calibration.map((bin) => Math.abs(bin.predicted - bin.observed)),
  );
  return (
    'Test flights in bins by the probability that a model gave, against how often they were late. ' +
    `The largest error of a bin is ${percent(Math.max(0, ...errors), 1)}.`
  );
}

interface Colors {
  scale: { domain: string[]; range: string[] };
}

/** The last model listed has the first colour: settings go from plain to elaborate. */
function colorsOf(evaluations: readonly Evaluation[], { series }: Theme): Colors {
  const colors = evaluations.map((_, i) => series[(evaluations.length - 1 - i) % series.length] ?? '');
  return { scale: { domain: evaluations.map(({ name }) => name), range: colors } };
}

export function rocSpec(evaluations: readonly Evaluation[], colors: Colors, theme: Theme): TopLevelSpec {
  return squareSpec(theme, {
    x: { field: 'falseAlarms', title: 'punctual flights suspected' },
    y: { field: 'found', title: 'late flights found' },
    values: evaluations.flatMap(({ name, roc }) => roc.map((point) => ({ name, ...point }))),
    colors,
    point: false,
    end: 1,
  });
}

export function calibrationSpec(evaluations: readonly Evaluation[], colors: Colors, theme: Theme): TopLevelSpec {
  const values = evaluations.flatMap(({ name, calibration }) => calibration.map((bin) => ({ name, ...bin })));
  const largest = Math.max(0.1, ...values.flatMap(({ predicted, observed }) => [predicted, observed]));
  return squareSpec(theme, {
    x: { field: 'predicted', title: 'probability given' },
    y: { field: 'observed', title: 'share that was late' },
    values,
    colors,
    point: true,
    end: Math.ceil(largest * 10) / 10,
  });
}

interface Square {
  x: { field: string; title: string };
  y: { field: string; title: string };
  values: object[];
  colors: Colors;
  point: boolean;
  /** Both axes go from 0 to here. */
  end: number;
}

/** Lines in a square, with the diagonal. */
function squareSpec(theme: Theme, { x, y, values, colors, point, end }: Square): TopLevelSpec {
  const axis = (title: string) => ({ title, format: '.0%', tickCount: 5 });
  const scale = { domain: [0, end], nice: false };
  return {
    width: SIDE,
    height: SIDE,
    layer: [
      {
        data: { values: [{ at: 0 }, { at: end }] },
        mark: { type: 'line', color: theme.color('muted'), strokeDash: [3, 4], strokeWidth: 1 },
        encoding: {
          x: { field: 'at', type: 'quantitative', scale, axis: axis(x.title) },
          y: { field: 'at', type: 'quantitative', scale, axis: axis(y.title) },
        },
      },
      {
        data: { values },
        mark: { type: 'line', strokeWidth: 2, ...(point ? { point: { size: 24 } } : {}) },
        encoding: {
          x: { field: x.field, type: 'quantitative' },
          y: { field: y.field, type: 'quantitative' },
          color: {
            field: 'name',
            type: 'nominal',
            scale: colors.scale,
            legend: {
              title: null,
              orient: point ? 'top-left' : 'bottom-right',
              symbolType: 'stroke',
              symbolStrokeWidth: 3,
            },
          },
        },
      },
    ],
  };
}
