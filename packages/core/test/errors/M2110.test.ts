import { job, op } from '@memo/core';
import { expect, test } from 'vitest';
import { caught } from '../support/caught-error.ts';
import { placeOf } from '../support/source-line.ts';
import { load as foreign } from './fixtures/other-package/load.ts';

const load = op('load', () => 'from here');

test('two functions of one namespace and name are both placed', async () => {
  const first = op('learn', () => 1); // first
  const second = op('learn', () => 2); // second
  const training = job('training', { build: () => ({ a: first(), b: second() }) });
  const error = await caught('M2110', () => training.plan());
  const { file, line } = placeOf(import.meta.url, '// first');
  expect(error.because).toContain(`${file}:${line}`);
  expect(error.place).toMatchObject(placeOf(import.meta.url, '// second'));
  expect(error.details).toEqual({ op: 'learn' });
});

test('ops that a factory makes with one name are two', async () => {
  const scaled = (factor: number) => op('scaled', () => factor);
  const training = job('training', { build: () => ({ a: scaled(2)(), b: scaled(3)() }) });
  await caught('M2110', () => training.run());
});

test('one function under one name is one op, however often it is defined', async () => {
  const run = (): number => 1;
  const training = job('training', { build: () => ({ a: op('one', run)(), b: op('one', run)() }) });
  expect((await training.run()).executed.toSorted()).toEqual(['one', 'one_2']);
});

test('one name in two namespaces is two ops', async () => {
  const a = op('learn', { namespace: 'a', run: () => 1 });
  const b = op('learn', { namespace: 'b', run: () => 2 });
  const result = await job('training', { build: () => ({ a: a(), b: b() }) }).run();
  expect(await result.loadAll()).toEqual({ a: 1, b: 2 });
});

test('one name in two packages is two ops', async () => {
  const result = await job('mixed', { build: () => ({ own: load(), foreign: foreign() }) }).run();
  expect(await result.loadAll()).toEqual({ own: 'from here', foreign: 'from the other package' });
});
