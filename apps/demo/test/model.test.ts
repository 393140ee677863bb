import { describe, expect, test } from 'vitest';
import { fitBoostedTrees, type ModelSetting, predict } from '../src/model/boosted-trees.ts';
import { type BinnedRows, encodeRows } from '../src/model/encoder.ts';
import { pickBest } from '../src/ops/best.ts';
import { learnEncoder } from '../src/ops/encode.ts';
import { type Evaluation, evaluateModel } from '../src/ops/evaluate.ts';
import { makeFeatures } from '../src/ops/features.ts';
import { splitByLot } from '../src/ops/split.ts';
import { trainModel } from '../src/ops/train.ts';
import { airportsOf, realFlights } from './support/flights.ts';

const SETTING: ModelSetting = { name: 'one', trees: 20, depth: 3, learningRate: 0.3, rows: 1e6 };

/** Two columns of two bins, the second bin in four rows of ten, in all four combinations, and an outcome for each. */
function grid(outcome: (a: number, b: number) => number): { data: BinnedRows; late: Uint8Array } {
  const rows = 4_000;
  const bins = new Uint8Array(rows * 2);
  const late = new Uint8Array(rows);
  for (let row = 0; row < rows; row++) {
    const [a, b] = [row % 10 < 4 ? 1 : 0, Math.floor(row / 10) % 10 < 4 ? 1 : 0];
    bins.set([a, b], row * 2);
    late[row] = outcome(a, b);
  }
  return { data: { rows, columns: 2, bins }, late };
}

describe('boosted trees', () => {
  test('one question tells a single column apart', () => {
    const { data, late } = grid((a) => a);
    const probabilities = predict(fitBoostedTrees(data, late, { ...SETTING, depth: 1 }), data);
    expect(probabilities[0]).toBeGreaterThan(0.98);
    expect(probabilities[4]).toBeLessThan(0.02);
  });

  test('"late in the evening or in winter, but not both" takes two questions in a row', () => {
    const { data, late } = grid((a, b) => a ^ b);
    const loss = (depth: number): number => {
      const probabilities = predict(fitBoostedTrees(data, late, { ...SETTING, depth }), data);
      return probabilities.reduce((sum, p, row) => sum + Math.abs(p - (late[row] ?? 0)), 0) / late.length;
    };
    expect(loss(1)).toBeGreaterThan(0.4);
    expect(loss(2)).toBeLessThan(0.05);
  });

  test('columns that say nothing are never asked', () => {
    const { data, late } = grid((a) => a);
    const { gain } = fitBoostedTrees(data, late, SETTING);
    expect(gain[0]).toBeGreaterThan(0);
    expect(gain[1]).toBeCloseTo(0, 3);
  });

  test('when all outcomes look alike, every row gets the average', () => {
    const { data } = grid(() => 0);
    const late = Uint8Array.from({ length: data.rows }, (_, row) => (Math.floor(row / 100) % 4 === 0 ? 1 : 0));
    expect(predict(fitBoostedTrees(data, late, SETTING), data).every((p) => Math.abs(p - 0.25) < 1e-9)).toBe(true);
  });
});

describe('on real flights', () => {
  const flights = realFlights();
  const features = makeFeatures(flights, airportsOf(flights.origin.dictionary), { lateAfter: 15, seed: 1 });
  const { train, test: held } = splitByLot(features, 0.7);
  const encoder = learnEncoder(train);

  test('the encoder uses at most 64 bins, every bin it counts, and puts airports in order of lateness', () => {
    for (const { name, bins, table } of encoder.columns) {
      expect(bins, name).toBeLessThanOrEqual(64);
      expect(Math.max(...table), name).toBeLessThan(bins);
    }
    const origin = encoder.columns.find(({ name }) => name === 'origin');
    const share = (bin: number): number => {
      const rows = [...train.origin.codes.keys()].filter((row) => origin?.table[train.origin.codes[row] ?? 0] === bin);
      return rows.filter((row) => train.late[row] === 1).length / rows.length;
    };
    expect(share((origin?.bins ?? 1) - 1)).toBeGreaterThan(share(0));
  });

  test('the encoder learns nothing from the test half', () => {
    expect(learnEncoder(splitByLot(features, 0.7).train)).toEqual(encoder);
    const other = {
      ...features,
      late: features.late.map((late, row) => ((features.lot[row] ?? 0) < 45_875 ? late : 1 - late)),
    };
    expect(learnEncoder(splitByLot(other, 0.7).train)).toEqual(encoder);
  });

  test('rows of another dictionary are refused', () => {
    const foreign = { ...held, origin: { ...held.origin, dictionary: ['AUS'] } };
    expect(() => encodeRows(foreign, encoder)).toThrow('1');
  });

  test('a model beats the average and guessing on flights that it has not seen', () => {
    const evaluation = evaluateModel(trainModel(train, encoder, SETTING), encoder, held);
    expect(evaluation.logLoss).toBeLessThan(evaluation.baseline);
    expect(evaluation.skill).toBeGreaterThan(0.02);
    expect(evaluation.auc).toBeGreaterThan(0.6);
    expect(evaluation.lateInTopTenth).toBeGreaterThan(1.5 * evaluation.late);
    expect(evaluation.importance.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 9);
  });

  test('a model is the same, bit for bit, each time', () => {
    const once = trainModel(train, encoder, SETTING);
    expect(trainModel(train, encoder, SETTING)).toEqual(once);
    expect(predict(once, encodeRows(held, encoder))).toEqual(predict(once, encodeRows(held, encoder)));
  });

  test('a model learns from no more rows than its setting allows', () => {
    expect(trainModel(train, encoder, { ...SETTING, rows: 1_000 }).rows).toBe(1_000);
  });
});

describe('the best model', () => {
  const evaluation = (name: string, logLoss: number, trees: number) => ({ name, logLoss, trees }) as Evaluation;

  test('has the least log loss, and of equals the fewest trees', () => {
    const { best, ranking } = pickBest([evaluation('a', 0.5, 9), evaluation('b', 0.4, 9), evaluation('c', 0.4, 3)]);
    expect(best.name).toBe('c');
    expect(ranking.map(({ name }) => name)).toEqual(['c', 'b', 'a']);
  });

  test('cannot be picked from none', () => {
    expect(() => pickBest([])).toThrow('no model');
  });
});
