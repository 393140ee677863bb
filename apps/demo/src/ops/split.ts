import { op } from '@memo/core';
import { z } from 'zod';
import { type Features, pickFeatures } from '../tables/features.ts';

/** Draws the flights that models learn from. */
export const split = op('split', {
  description: 'Draws the flights that models learn from; the others judge them',
  config: z.object({ ratio: z.number() }),
  outputs: ['train', 'test'],
  run: ({ features }: { features: Features }, { config }) => splitByLot(features, config.ratio),
});

const LOTS = 65_536;

/** Draws the flights that models learn from; they are judged by the others. */
export function splitByLot(features: Features, ratio: number): { train: Features; test: Features } {
  const limit = Math.round(ratio * LOTS);
  const train = new Uint32Array(features.rows);
  const test = new Uint32Array(features.rows);
  let trainRows = 0;
  let testRows = 0;
  for (let row = 0; row < features.rows; row++) {
    if ((features.lot[row] as number) < limit) train[trainRows++] = row;
    else test[testRows++] = row;
  }
  return {
    train: pickFeatures(features, train.subarray(0, trainRows)),
    test: pickFeatures(features, test.subarray(0, testRows)),
  };
}
