import { job, op, type Ref } from '@memo/core';
import { expect, test } from 'vitest';
import { caught } from '../support/caught-error.ts';
import { placeOf } from '../support/source-line.ts';

const load = op('load', () => 1);
const learn = op('learn', ({ docs }: { docs: number }) => docs);

const leaked: Ref<number>[] = [];
const leaking = job('leaking', {
  build: () => {
    leaked.push(load());
    return leaked.at(-1) as Ref<number>;
  },
});
await leaking.plan();
const [docs] = leaked as [Ref<number>];

test('an output of another job as an input is placed and named', async () => {
  const training = job('training', {
    build: () => learn({ docs }), // foreign
  });
  const error = await caught('M2111', () => training.plan());
  expect(error.details).toEqual({ step: 'learn', input: 'docs' });
  expect(error.because).toContain('"load"');
  expect(error.place).toMatchObject(placeOf(import.meta.url, '// foreign'));
});

test('an output of another job in a list is named by its position', async () => {
  const training = job('training', { build: () => learn({ docs: [load(), docs] } as never) });
  expect((await caught('M2111', () => training.plan())).details).toMatchObject({ input: 'docs[1]' });
});

test('an output of an earlier call of the same build() is foreign', async () => {
  let kept: Ref<number> | undefined;
  const memory = job('memory', {
    build: () => {
      kept ??= load();
      return learn({ docs: kept }); // kept
    },
  });
  const error = await caught('M2111', () => memory.plan());
  expect(error.because).toContain('an earlier call of this build()');
  expect(error.place).toMatchObject(placeOf(import.meta.url, '// kept'));
});

test('an output of another job in `after` is foreign', async () => {
  const training = job('training', { build: () => load({}, { after: docs }) });
  expect((await caught('M2111', () => training.plan())).details).toMatchObject({ step: 'load' });
});

test('an output of another job as a result is foreign', async () => {
  const training = job('training', { build: () => ({ nested: { docs } }) });
  expect((await caught('M2111', () => training.plan())).problem).toContain('.nested.docs');
});
