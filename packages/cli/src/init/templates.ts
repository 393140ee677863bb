import type { TEMPLATE_NAMES } from '../forms/project.ts';

/** The files of a new project, by path. */
export type ProjectFiles = Readonly<Record<string, string>>;

interface Template {
  readonly says: string;
  readonly pipeline: string;
  readonly test: string;
}

const CONFIG = `import { defineConfig } from '@memo/core';
import { fs } from '@memo/io-fs';
import { sourceHash } from '@memo/strategy-source-hash';
import { pipeline } from './src/pipeline.ts';

export default defineConfig({
  jobs: [pipeline],
  // What an op's code is made of decides whether its stored result still counts.
  versions: sourceHash(),
  io: fs('.memo/store'),
});
`;

/** By the name that `memo init --template` takes. */
export const TEMPLATES: Readonly<Record<(typeof TEMPLATE_NAMES)[number], Template>> = {
  etl: {
    says: 'read, clean, summarize',
    pipeline: `import { job, op } from '@memo/core';

interface Sale {
  readonly city: string;
  readonly amount: number;
}

export const extract = op('extract', (): string[] => ['Rome;12', 'Oslo;7', 'Rome;30', 'broken', 'Oslo;5']);

export const clean = op('clean', ({ lines }: { lines: string[] }): Sale[] =>
  lines
    .map((line) => line.split(';'))
    .flatMap(([city, amount]) => (city === undefined || amount === undefined ? [] : [{ city, amount: Number(amount) }])),
);

export const summarize = op('summarize', ({ sales, least }: { sales: Sale[]; least: number }) => {
  const totals: Record<string, number> = {};
  for (const { city, amount } of sales) totals[city] = (totals[city] ?? 0) + amount;
  return Object.fromEntries(Object.entries(totals).filter(([, total]) => total >= least));
});

// Nothing runs here: build() wires steps, and memo decides which of them have to run.
export const pipeline = job('pipeline', {
  build: () => {
    const sales = clean({ lines: extract() });
    return { totals: summarize({ sales, least: 10 }) };
  },
});
`,
    test: `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testOp } from '@memo/core/testing';
import { clean } from '../src/pipeline.ts';

test('lines without an amount are left out', async () => {
  assert.deepEqual(await testOp(clean, { lines: ['Rome;12', 'broken'] }), [{ city: 'Rome', amount: 12 }]);
});
`,
  },
  ml: {
    says: 'load, split, fit, evaluate',
    pipeline: `import { job, op } from '@memo/core';

type Point = readonly [x: number, y: number];

export const load = op('load', (): Point[] => Array.from({ length: 40 }, (_, x) => [x, 3 * x + (x % 5)] as const));

export const split = op('split', {
  outputs: ['train', 'test'],
  run: ({ points, ratio }: { points: Point[]; ratio: number }) => {
    const at = Math.floor(points.length * ratio);
    return { train: points.slice(0, at), test: points.slice(at) };
  },
});

export const fit = op('fit', ({ points }: { points: Point[] }) => {
  const slope = points.reduce((sum, [x, y]) => sum + x * y, 0) / points.reduce((sum, [x]) => sum + x * x, 0);
  return { slope };
});

export const evaluate = op('evaluate', ({ model, points }: { model: { slope: number }; points: Point[] }) => ({
  error: points.reduce((sum, [x, y]) => sum + Math.abs(y - model.slope * x), 0) / points.length,
}));

// Nothing runs here: build() wires steps, and memo decides which of them have to run.
export const pipeline = job('pipeline', {
  build: () => {
    const { train, test } = split({ points: load(), ratio: 0.8 });
    const model = fit({ points: train });
    return { model, score: evaluate({ model, points: test }) };
  },
});
`,
    test: `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testOp } from '@memo/core/testing';
import { fit } from '../src/pipeline.ts';

test('a line through the origin is found', async () => {
  assert.deepEqual(await testOp(fit, { points: [[1, 2], [2, 4]] }), { slope: 2 });
});
`,
  },
  llm: {
    says: 'documents, chunks, a model behind a resource',
    pipeline: `import { job, op, resource } from '@memo/core';

interface Model {
  complete(prompt: string): Promise<string>;
}

// Put the client of your provider here; the test hands in another one.
export const model = resource('model', {
  setup: (): Model => ({ complete: async (prompt) => prompt.split(' ').slice(0, 4).join(' ') }),
});

export const documents = op('documents', () => ['memo keeps what it has computed', 'and computes what has changed']);

export const summarize = op('summarize', {
  uses: { model },
  retry: 3,
  timeout: '2m',
  run: async ({ docs }: { docs: string[] }, { use }) => {
    const summaries: string[] = [];
    for (const doc of docs) summaries.push(await use.model.complete(doc));
    return summaries;
  },
});

export const join = op('join', ({ summaries }: { summaries: string[] }) => summaries.join('\\n'));

// Nothing runs here: build() wires steps, and memo decides which of them have to run.
export const pipeline = job('pipeline', {
  build: () => ({ summary: join({ summaries: summarize({ docs: documents() }) }) }),
});
`,
    test: `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { provide } from '@memo/core';
import { testOp } from '@memo/core/testing';
import { model, summarize } from '../src/pipeline.ts';

test('every document is summarized', async () => {
  const fake = provide(model, { complete: async (prompt) => prompt.toUpperCase() });
  assert.deepEqual(await testOp(summarize, { docs: ['a', 'b'] }, { resources: [fake] }), ['A', 'B']);
});
`,
  },
};

/** The files of a template, config included. */
export function templateFiles(name: string): ProjectFiles {
  const { pipeline, test } = TEMPLATES[name as keyof typeof TEMPLATES];
  return { 'memo.config.ts': CONFIG, 'src/pipeline.ts': pipeline, 'test/pipeline.test.ts': test };
}
