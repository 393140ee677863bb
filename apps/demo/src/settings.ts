import { z } from 'zod';
import { limits } from './ops/clean.ts';
import { modelSetting } from './ops/train.ts';

const MODELS: z.input<typeof modelSetting>[] = [
  { name: 'stumps', trees: 50, depth: 1, learningRate: 0.4 },
  { name: 'shallow', trees: 50, depth: 3, learningRate: 0.3 },
  { name: 'deep', trees: 60, depth: 6, learningRate: 0.2 },
];

/** The config of the job. */
export const settings = z.strictObject({
  /** How many flights to read, evenly spread over time; `null` reads all three million. */
  sample: z.number().int().min(1_000).nullable().default(null),
  /** Minutes of delay from which a flight counts as late. */
  lateAfter: z.number().int().min(1).max(600).default(15),
  limits: limits.prefault({}),
  split: z
    .strictObject({ ratio: z.number().min(0.1).max(0.9).default(0.8), seed: z.number().int().default(1) })
    .prefault({}),
  models: z
    .array(modelSetting)
    .min(1)
    .refine((models) => new Set(models.map(({ name }) => name)).size === models.length, 'models need different names')
    .prefault(MODELS),
});
