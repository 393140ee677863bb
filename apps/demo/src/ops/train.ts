import { op } from '@memo/core';
import { z } from 'zod';
import { type BoostedTrees, fitBoostedTrees, type ModelSetting } from '../model/boosted-trees.ts';
import { type Encoder, encodeRows } from '../model/encoder.ts';
import { evenly } from '../tables/evenly.ts';
import { type Features, pickFeatures } from '../tables/features.ts';

/** How a model is trained; what the numbers mean is told by `ModelSetting`. */
export const modelSetting = z.strictObject({
  name: z.string().regex(/^[a-z][a-z0-9]*$/),
  trees: z.number().int().min(1).max(500),
  depth: z.number().int().min(1).max(8),
  learningRate: z.number().gt(0).max(1),
  rows: z.number().int().min(100).default(250_000),
});

/** Fits one model. */
export const train = op('train', {
  description: 'Fits gradient-boosted trees',
  config: modelSetting,
  run: ({ train, encoder }: { train: Features; encoder: Encoder }, { config }) => trainModel(train, encoder, config),
});

/** Fits one model to the training half, or to as many of its rows as the setting allows, evenly spread over time. */
export function trainModel(train: Features, encoder: Encoder, setting: ModelSetting): BoostedTrees {
  const learned = setting.rows < train.rows ? pickFeatures(train, evenly(train.rows, setting.rows)) : train;
  return fitBoostedTrees(encodeRows(learned, encoder), learned.late, setting);
}
