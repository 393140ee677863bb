import { job, op } from '@memo/core';
import { expect, test } from 'vitest';
import { caught } from '../support/caught-error.ts';

const load = op('load', () => 1);

const RESULTS: Readonly<Record<string, readonly [make: () => unknown, what: string, path: string]>> = {
  'a text': [() => 'done', 'a string', ''],
  'a number in an object': [() => ({ report: 5 }), 'a number', 'at .report'],
  'null in a list': [() => ({ parts: [load(), null] }), 'null', 'at .parts[1]'],
  'undefined in an object': [() => ({ report: undefined }), 'a undefined', 'at .report'],
  'a Map': [() => new Map([['a', load()]]), 'an instance of Map', ''],
  'an op': [() => load, 'a function', ''],
};

test.each(Object.entries(RESULTS))('%s is no result of build()', async (_, [make, what, path]) => {
  const training = job('training', { build: make as never });
  const error = await caught('M2114', () => training.plan());
  expect(error.problem).toContain('"training"');
  expect(error.problem).toContain(what.replace('a undefined', 'undefined'));
  expect(error.problem).toContain(path);
});

test('nothing, a step without outputs and nested references are results', async () => {
  const note = op('note', { outputs: [], run: () => undefined });
  const fine = job('fine', { build: () => ({ nested: { list: [load(), [load()]] }, note: note() }) as never });
  const result = await fine.run();
  expect(result.executed.toSorted()).toEqual(['load', 'load_2', 'note']);
  expect(await result.loadAll()).toEqual({ nested: { list: [1, [1]] } });
  expect((await job('empty', { build: (() => undefined) as never }).run()).ok).toBe(true);
});
