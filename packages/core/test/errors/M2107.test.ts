import { job, op } from '@memo/core';
import * as v from 'valibot';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { caught, failureOf } from '../support/caught-error.ts';
import { placeOf } from '../support/source-line.ts';

const load = op('load', () => 1);
const learn = op('learn', ({ docs, vectors }: { docs: number; vectors: number }) => docs + vectors);
const note = op('note', { outputs: [], run: () => undefined });

test('an unknown input is named with the input that was meant', async () => {
  const training = job('training', {
    build: () => learn({ doc: load(), vectors: 1 } as never), // unknown
  });
  const error = await caught('M2107', () => training.plan());
  expect(error.problem).toContain('"doc"');
  expect(error.problem).toContain('"docs", "vectors"');
  expect(error.fix).toBe('Did you mean "docs"?');
  expect(error.place).toMatchObject(placeOf(import.meta.url, '// unknown'));
});

test.each([
  ['a reference', () => learn(load() as never), 'the output of step "load"'],
  ['a list', () => learn([load()] as never), 'a list'],
  ['a text', () => learn('docs' as never), '"docs"'],
  ['a Map', () => learn(new Map() as never), 'an object'],
  ['a promise', () => learn(Promise.resolve({}) as never), 'an object'],
  ['null', () => learn(null as never), 'null'],
])('%s instead of the inputs by name is refused', async (_, build, got) => {
  const training = job('training', { build });
  const error = await caught('M2107', () => training.plan());
  expect(error.problem).toContain(`got ${got} instead of an object of inputs by name`);
  expect(error.fix).toContain('"learn"');
});

test('all outputs of a step are inputs by name, where the names fit', async () => {
  const split = op('split', { outputs: ['docs', 'vectors'], run: () => ({ docs: 1, vectors: 2 }) });
  const other = op('other', { outputs: ['docs', 'vector'], run: () => ({ docs: 1, vector: 2 }) });
  expect(await (await job('training', { build: () => learn(split()) }).run()).load('result')).toBe(3);
  const error = await caught('M2107', () => job('training', { build: () => learn(other() as never) }).plan());
  expect(error.fix).toBe('Did you mean "vectors"?');
});

test('options in the place of inputs are refused', async () => {
  const training = job('training', { build: () => learn({ id: 'mine' } as never) });
  const error = await caught('M2107', () => training.plan());
  expect(error.problem).toContain('"id"');
});

test('an unknown step option is named with the option that was meant', async () => {
  const training = job('training', {
    build: () => learn({ docs: 1, vectors: 2 }, { retrys: 3 } as never), // option
  });
  const error = await caught('M2107', () => training.plan());
  expect(error.problem).toContain('"retrys"');
  expect(error.fix).toBe('Did you mean "retry"?');
  expect(error.place).toMatchObject(placeOf(import.meta.url, '// option'));
});

test.each([
  ['a reference', () => learn({ docs: 1, vectors: 2 }, load() as never), 'the output of step "load"'],
  ['a number', () => learn({ docs: 1, vectors: 2 }, 5 as never), '5'],
])('%s in the place of the options is refused', async (_, build, got) => {
  const error = await caught('M2107', () => job('training', { build }).plan());
  expect(error.problem).toContain(`got ${got} as its options`);
});

test('a step without outputs is no input', async () => {
  const training = job('training', { build: () => learn({ docs: note() as never, vectors: 1 }) });
  const error = await caught('M2107', () => training.plan());
  expect(error.problem).toContain('step "note", which has no outputs');
});

test('`after` with an id that is no step says which one was meant', async () => {
  const training = job('training', {
    build: () => ({ a: load(), b: learn({ docs: 1, vectors: 1 }, { after: 'laod' }) }), // after
  });
  const error = await caught('M2107', () => training.plan());
  expect(error.problem).toContain('"laod"');
  expect(error.problem).toContain('Did you mean "load"?');
  expect(error.place).toMatchObject(placeOf(import.meta.url, '// after'));
});

test('`after` with something that is no step is refused', async () => {
  const training = job('training', { build: () => load({}, { after: 5 as never }) });
  const error = await caught('M2107', () => training.plan());
  expect(error.details).toMatchObject({ step: 'load' });
});

const SCHEMAS = {
  zod: z.object({ docs: z.array(z.string()), size: z.number() }),
  valibot: v.object({ docs: v.array(v.string()), size: v.number() }),
};

test.each(Object.entries(SCHEMAS))(
  'a missing input of a %s schema fails the step before its op runs',
  async (_, inputs) => {
    let calls = 0;
    const chunk = op('chunk', {
      inputs,
      run: ({ docs, size }) => {
        calls++;
        return [docs, size];
      },
    });
    const result = await job('chunks', { build: () => chunk({ docs: ['a', 5] } as never) }).run();
    const error = failureOf('M2107', result);
    expect(error.problem).toContain('"chunk"');
    expect(error.problem).toContain('`docs.1`');
    expect(error.problem).toContain('`size`');
    expect(error.place).toMatchObject(placeOf(import.meta.url, "const chunk = op('chunk'"));
    expect(calls).toBe(0);
  },
);
