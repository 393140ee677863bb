import type { Chart } from '../../src/charts/chart.ts';
import { makeRenderer, type Renderer } from '../../src/charts/renderer.ts';
import { makeTheme } from '../../src/charts/theme.ts';
import { findDataset } from '../../src/dataset-files.ts';
import { parseAirports } from '../../src/ops/airports.ts';
import { pickBest } from '../../src/ops/best.ts';
import { drawDays } from '../../src/ops/chart-days.ts';
import { drawDelays } from '../../src/ops/chart-delays.ts';
import { drawHours } from '../../src/ops/chart-hours.ts';
import { drawImportance } from '../../src/ops/chart-importance.ts';
import { drawMap } from '../../src/ops/chart-map.ts';
import { drawModels } from '../../src/ops/chart-models.ts';
import { learnEncoder } from '../../src/ops/encode.ts';
import { evaluateModel } from '../../src/ops/evaluate.ts';
import { makeFeatures } from '../../src/ops/features.ts';
import { joinAirports } from '../../src/ops/join.ts';
import { splitByLot } from '../../src/ops/split.ts';
import { summarizeFlights } from '../../src/ops/summarize.ts';
import { trainModel } from '../../src/ops/train.ts';
import { realFlights } from './flights.ts';

/** Everything that charts and report are made from, computed from twenty thousand real flights. */
export async function computeAll() {
  const data = findDataset();
  const flights = realFlights();
  const places = joinAirports(flights, parseAirports(await data.readAirports()));
  const { train, test } = splitByLot(makeFeatures(flights, places, { lateAfter: 15, seed: 1 }), 0.8);
  const encoder = learnEncoder(train);
  const evaluations = [1, 3].map((depth) => {
    const setting = { name: `depth${depth}`, trees: 10, depth, learningRate: 0.4, rows: 5_000 };
    return evaluateModel(trainModel(train, encoder, setting), encoder, test);
  });
  return {
    summary: summarizeFlights(flights, places, 15),
    choice: pickBest(evaluations),
    evaluations,
    states: JSON.parse(await data.readStates()) as object,
  };
}

export async function drawAll(
  { summary, choice, evaluations, states }: Awaited<ReturnType<typeof computeAll>>,
  renderer: Renderer = makeRenderer(makeTheme('ember')),
): Promise<Chart[]> {
  const { roc, calibration } = await drawModels(evaluations, renderer);
  return [
    await drawHours(summary, renderer),
    await drawDays(summary, renderer),
    await drawMap(summary, states, renderer),
    await drawDelays(summary, renderer),
    roc,
    calibration,
    await drawImportance(choice, renderer),
  ];
}
