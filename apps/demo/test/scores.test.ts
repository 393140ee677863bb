import fc from 'fast-check';
import { expect, test } from 'vitest';
import { scoreProbabilities } from '../src/model/scores.ts';

const pairs = fc.array(fc.tuple(fc.constantFrom(0.1, 0.25, 0.3, 0.5, 0.75, 0.9), fc.boolean()), {
  minLength: 2,
  maxLength: 60,
});

const split = (rows: readonly (readonly [number, boolean])[]) => ({
  probabilities: Float64Array.from(rows, ([probability]) => probability),
  late: Uint8Array.from(rows, ([, late]) => (late ? 1 : 0)),
});

test('AUC is the share of pairs in the right order, ties counting half', () => {
  fc.assert(
    fc.property(pairs, (rows) => {
      const { probabilities, late } = split(rows);
      const lateOnes = rows.filter(([, isLate]) => isLate);
      const punctual = rows.filter(([, isLate]) => !isLate);
      let right = 0;
      for (const [high] of lateOnes) for (const [low] of punctual) right += high > low ? 1 : high === low ? 0.5 : 0;
      const all = lateOnes.length * punctual.length;
      expect(scoreProbabilities(probabilities, late).auc).toBeCloseTo(all === 0 ? 0.5 : right / all, 12);
    }),
  );
});

test('the curve goes from nothing to everything and never back', () => {
  fc.assert(
    fc.property(pairs, (rows) => {
      fc.pre(rows.some(([, late]) => late) && rows.some(([, late]) => !late));
      const { roc } = scoreProbabilities(split(rows).probabilities, split(rows).late);
      expect(roc[0]).toEqual({ falseAlarms: 0, found: 0 });
      expect(roc.at(-1)).toEqual({ falseAlarms: 1, found: 1 });
      for (const [i, point] of roc.entries()) {
        expect(point.found).toBeGreaterThanOrEqual(roc[i - 1]?.found ?? 0);
        expect(point.falseAlarms).toBeGreaterThanOrEqual(roc[i - 1]?.falseAlarms ?? 0);
      }
    }),
  );
});

test('losses are those of the formulas', () => {
  const { logLoss, brier, late } = scoreProbabilities(Float64Array.of(0.8, 0.4), Uint8Array.of(1, 0));
  expect(logLoss).toBeCloseTo(-(Math.log(0.8) + Math.log(0.6)) / 2, 12);
  expect(brier).toBeCloseTo((0.04 + 0.16) / 2, 12);
  expect(late).toBe(0.5);
});

test('calibration bins hold every row once, in order of probability', () => {
  fc.assert(
    fc.property(pairs, (rows) => {
      const { calibration } = scoreProbabilities(split(rows).probabilities, split(rows).late);
      expect(calibration.reduce((sum, bin) => sum + bin.rows, 0)).toBe(rows.length);
      const predicted = calibration.map((bin) => bin.predicted);
      for (const [i, value] of predicted.entries())
        expect(value).toBeGreaterThanOrEqual((predicted[i - 1] ?? 0) - 1e-12);
    }),
  );
});

test('a certain mistake costs much but not everything', () => {
  expect(scoreProbabilities(Float64Array.of(0), Uint8Array.of(1)).logLoss).toBeCloseTo(27.6, 1);
});
