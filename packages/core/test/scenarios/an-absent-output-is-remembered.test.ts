import { job, op } from '@memo/core';
import { expect, test } from 'vitest';
import { EventRecorder } from '../support/event-recorder.ts';
import { SetVersions } from '../support/set-versions.ts';
import { WatchedManager } from '../support/watched-manager.ts';
import { whatIsPlanned, whatRan } from '../support/what-ran.ts';

const search = op('search', {
  outputs: { hits: {}, best: { optional: true } },
  run: ({ words }: { words: readonly string[] }): { hits: number; best?: string } => {
    const [best] = words;
    return { hits: words.length, ...(best === undefined ? {} : { best }) };
  },
});
const show = op('show', ({ best }: { best: string }) => `best: ${best}`);
const frame = op('frame', ({ shown }: { shown: string }) => `[${shown}]`);
const join = op('join', ({ parts }: { parts: readonly (string | number)[] }) => parts.join('+'));

const versions = new SetVersions();
const searching = (words: readonly string[], io = new WatchedManager()) =>
  job('searching', {
    versions,
    io,
    build: () => {
      const { hits, best } = search({ words });
      return { framed: frame({ shown: show({ best }) }), joined: join({ parts: [hits, best, 'end'] }) };
    },
  });

test('its readers are skipped, lists leave it out, and a warm run does the same', async () => {
  const over = searching([]);
  const recorder = new EventRecorder();
  const cold = await over.run({ reporter: recorder.reporter });
  expect(whatRan(cold)).toEqual({ ran: ['join', 'search'], skipped: ['frame', 'show'] });
  expect(await cold.loadAll()).toEqual({ joined: '0+end' });
  expect(recorder.of('output.absent').map(({ step, output }) => [step, output])).toEqual([['search', 'best']]);
  const plan = await over.plan();
  expect(whatIsPlanned(plan)).toEqual({ reuse: ['join', 'search'], skip: ['frame', 'show'] });
  expect(plan.step('show').reasons).toEqual([{ code: 'absent-input', input: 'best', step: 'search', output: 'best' }]);
  const warm = await over.run();
  expect(whatRan(warm)).toEqual({ reused: ['join', 'search'], skipped: ['frame', 'show'] });
  expect(await warm.loadAll()).toEqual({ joined: '0+end' });
  expect([cold.status, warm.status]).toEqual(['success', 'success']);
});

test('a skipped step says so with its reason', async () => {
  const recorder = new EventRecorder();
  const over = searching([]);
  for (let times = 0; times < 2; times++) {
    recorder.clear();
    await over.run({ reporter: recorder.reporter });
    const skipped = recorder.of('step.end').filter(({ status }) => status === 'skipped');
    expect(skipped.map(({ step, reasons }) => [step, reasons?.[0]?.code])).toEqual([
      ['show', 'absent-input'],
      ['frame', 'absent-input'],
    ]);
  }
});

test('when it is there again, everything below runs', async () => {
  const io = new WatchedManager();
  await searching([], io).run();
  const found = await searching(['a'], io).run();
  expect(whatRan(found)).toEqual({ ran: ['frame', 'join', 'search', 'show'] });
  expect(await found.loadAll()).toEqual({ framed: '[best: a]', joined: '1+a+end' });
  expect(whatRan(await searching([], io).run())).toEqual({ reused: ['join', 'search'], skipped: ['frame', 'show'] });
});

test('where nothing is memoized it is the same', async () => {
  const result = await searching([]).run({ memo: 'off' });
  expect(whatRan(result)).toEqual({ ran: ['join', 'search'], skipped: ['frame', 'show'] });
  expect(await result.loadAll()).toEqual({ joined: '0+end' });
});

test('a step that only comes after a skipped one runs', async () => {
  const close = op('close', () => 'closed');
  const closing = job('closing', {
    versions,
    io: new WatchedManager(),
    build: () => {
      const shown = show({ best: search({ words: [] }).best });
      return close({}, { after: shown });
    },
  });
  expect(whatRan(await closing.run())).toEqual({ ran: ['close', 'search'], skipped: ['show'] });
  expect(whatRan(await closing.run())).toEqual({ reused: ['close', 'search'], skipped: ['show'] });
});

test('below a step that always runs, what is absent and what is there are memoized apart', async () => {
  let words: readonly string[] = [];
  const look = op('look', {
    memo: 'off',
    outputs: { best: { optional: true } },
    run: (): { best?: string } => (words[0] === undefined ? {} : { best: words[0] }),
  });
  const looking = job('looking', {
    versions,
    io: new WatchedManager(),
    build: () => {
      const { best } = look();
      return { shown: show({ best }), joined: join({ parts: [best, 'end'] }) };
    },
  });
  expect(whatRan(await looking.run())).toEqual({ ran: ['join', 'look'], skipped: ['show'] });
  expect(whatRan(await looking.run())).toEqual({ ran: ['look'], reused: ['join'], skipped: ['show'] });
  words = ['a'];
  expect(whatRan(await looking.run())).toEqual({ ran: ['join', 'look', 'show'] });
  words = [];
  expect(whatRan(await looking.run())).toEqual({ ran: ['look'], reused: ['join'], skipped: ['show'] });
});
