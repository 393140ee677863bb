import { type Job, job, op, type VersionStrategy } from '@memo/core';
import { z } from 'zod';

/** What a test says of the training job. */
export interface TrainingOptions {
  readonly versions: VersionStrategy;
  readonly size?: number;
  readonly fails?: string;
}

/** fetch → chunk → embed → fit → report. */
export function training({ versions, size = 2, fails }: TrainingOptions): Job<unknown, unknown> {
  const failing = (name: string): void => {
    if (name === fails) throw new TypeError(`${name} is broken`);
  };
  const fetchDocs = op('fetchDocs', {
    config: z.object({ source: z.string() }),
    run: (_: object, { config }) => [config.source, 'b', 'c'],
  });
  const chunk = op('chunk', ({ docs, size: wanted }: { docs: string[]; size: number }) => docs.slice(0, wanted));
  const embed = op('embed', {
    run: ({ docs }: { docs: string[] }, { log }) => {
      log.info('embedding');
      failing('embed');
      return docs.map((doc) => doc.length);
    },
  });
  const fit = op('fit', {
    outputs: ['model', 'loss'],
    run: ({ vectors }: { vectors: number[] }) => ({ model: vectors, loss: 1 }),
  });
  const report = op('report', ({ model }: { model: number[] }) => ({ accuracy: model.length }));
  return job('training', {
    versions,
    config: z.object({ source: z.string().default('docs.json') }),
    build: ({ source }) => {
      const docs = fetchDocs({}, { config: { source } });
      const vectors = embed({ docs: chunk({ docs, size }) });
      const { model } = fit({ vectors });
      return { model, report: report({ model }) };
    },
  }) as Job<unknown, unknown>;
}
