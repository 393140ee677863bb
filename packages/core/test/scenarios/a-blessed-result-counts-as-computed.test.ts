import { job, op, resource } from '@memo/core';
import { blessStep } from '@memo/core/retention';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { SetVersions } from '../support/set-versions.ts';
import { WatchedManager } from '../support/watched-manager.ts';
import { whatRan } from '../support/what-ran.ts';

const WORD = { who: 'ada', why: 'renamed a variable' };

/** Three steps in a row, of which the last gives several outputs. */
function chain({ size = 2, resourceVersion = '1' } = {}) {
  const io = new WatchedManager();
  const versions = new SetVersions({ llm: resourceVersion });
  const llm = resource('llm', { setup: () => 'llm' });
  const load = op('load', () => [1, 2, 3]);
  const take = op('take', ({ all, size }: { all: number[]; size: number }) => all.slice(0, size));
  const train = op('train', {
    outputs: ['model', 'loss'],
    config: z.object({ rate: z.number().default(1) }),
    uses: { llm },
    run: ({ all }: { all: number[] }) => ({ model: all, loss: 0 }),
  });
  const made = (wanted: number, rate = 1, store = io) =>
    job('chain', {
      versions,
      io: store,
      build: () => train({ all: take({ all: load(), size: wanted }) }, { config: { rate } }).model,
    });
  return { io, versions, made, job: made(size), over: (store: WatchedManager) => made(size, 1, store) };
}

test('after a change of code the stored result counts, below it too, and who said so is kept', async () => {
  const { io, versions, job: chained } = chain();
  await chained.run();
  versions.set('take', '2');
  const blessed = await blessStep(await chained.plan(), 'take', WORD);
  expect(blessed.step).toBe('take');
  expect(whatRan(await chained.run())).toEqual({ reused: ['load', 'take', 'train'] });
  const binding = (await io.bindings()).find(({ by }) => by === 'bless');
  expect(binding).toMatchObject({ step: 'take', of: blessed.stepVersion, blessed: WORD });
});

test('another process finds the values of a blessed result where they were computed', async () => {
  const { io, versions, job: chained, over } = chain();
  await chained.run();
  versions.set('take', '2');
  versions.set('train', '2');
  for (const step of ['take', 'train']) await blessStep(await chained.plan(), step, WORD);
  const elsewhere = over(Object.assign(new WatchedManager({ over: io }), { records: io.records }));
  const result = await elsewhere.run();
  expect(whatRan(result)).toEqual({ reused: ['load', 'take', 'train'] });
  expect(await result.load('result' as never)).toEqual([1, 2]);
});

test('what is re-used because it reads the same as a blessed step rests on the same word, and says so', async () => {
  const { io, versions, job: chained } = chain();
  await chained.run();
  versions.set('take', '2');
  const blessed = await blessStep(await chained.plan(), 'take', WORD);
  versions.set('load', '2');
  const result = await chained.run();
  expect(whatRan(result)).toEqual({ ran: ['load'], reused: ['take', 'train'] });
  const { version } = result.plan.step('take');
  const binding = (await io.bindings()).find(({ stepVersion }) => stepVersion === version);
  expect(binding).toMatchObject({ by: 'bless', of: blessed.stepVersion, blessed: WORD });
});

test('a step with several outputs is blessed as a whole', async () => {
  const { versions, job: chained } = chain();
  await chained.run();
  versions.set('train', '2');
  await blessStep(await chained.plan(), 'train', WORD);
  expect((await chained.plan()).step('train').action).toBe('reuse');
  versions.set('llm', '2');
  await blessStep(await chained.plan(), 'train', WORD);
  const result = await chained.run();
  expect([whatRan(result), await result.load('result' as never)]).toEqual([
    { reused: ['load', 'take', 'train'] },
    [1, 2],
  ]);
});

test('what is below is blessed once what is above is', async () => {
  const { versions, job: chained } = chain();
  await chained.run();
  versions.set('take', '2');
  versions.set('train', '2');
  await expect(blessStep(await chained.plan(), 'train', WORD)).rejects.toThrow('Bless or run take first');
  await blessStep(await chained.plan(), 'take', WORD);
  await blessStep(await chained.plan(), 'train', WORD);
  expect(whatRan(await chained.run())).toEqual({ reused: ['load', 'take', 'train'] });
});

test.each([
  ['a literal', (made: ReturnType<typeof chain>['made']) => made(1), 'take', 'input size'],
  ['config', (made: ReturnType<typeof chain>['made']) => made(2, 5), 'train', 'config `rate`'],
])('%s that differs is another result: M4011', async (_title, edited, step, said) => {
  const { versions, made, job: chained } = chain();
  await chained.run();
  versions.set(step, '2');
  await expect(blessStep(await edited(made).plan(), step, WORD)).rejects.toMatchObject({
    code: 'M4011',
    message: expect.stringContaining(said),
  });
});

test('nothing is blessed that is re-used, was never recorded, has lost its values, or is not memoized: M4011', async () => {
  const { io, versions, job: chained } = chain();
  const fails = async (said: string, plan = chained.plan()) =>
    expect(blessStep(await plan, 'take', WORD)).rejects.toMatchObject({
      code: 'M4011',
      message: expect.stringContaining(said),
    });
  await fails('no earlier result');
  await chained.run();
  await fails('re-used as it is');
  await fails('not memoized', chained.plan({ memo: 'off' }));
  versions.set('take', '2');
  io.lose('take');
  await fails('gone from the store');
  expect((await io.bindings()).filter(({ by }) => by === 'bless')).toEqual([]);
});

test('of several earlier results the one is taken from which only code differs', async () => {
  const { versions, made } = chain();
  await made(2).run();
  await made(1).run();
  versions.set('take', '2');
  await blessStep(await made(2).plan(), 'take', WORD);
  expect(whatRan(await made(2).run())).toEqual({ reused: ['load', 'take', 'train'] });
});
