import { job, MemoError, op } from '@memo/core';
import { expect, test } from 'vitest';
import { caught } from '../support/caught-error.ts';
import { EventRecorder } from '../support/event-recorder.ts';
import { SetVersions } from '../support/set-versions.ts';
import { WatchedManager } from '../support/watched-manager.ts';

const load = op('load', () => 1);
const clean = op('clean', ({ docs }: { docs: number }) => docs + 1);

const damagedOnce = (step: string) => {
  let times = 0;
  return {
    load: (context: { readonly step: string }) => {
      if (context.step !== step || times++ > 0) return;
      throw new MemoError('M5003', `${step} is damaged`, { fix: 'run it again' });
    },
  };
};

test('a damaged input is deleted and computed again, and an event says so', async () => {
  const io = new WatchedManager();
  const versions = new SetVersions();
  const training = job('training', { versions, io, build: () => clean({ docs: load() }) });
  await training.run();
  versions.set('clean', '2');
  io.interference = damagedOnce('load');
  io.calls.length = 0;
  const recorder = new EventRecorder();
  const result = await training.run({ reporter: recorder.reporter });
  expect(recorder.log).toEqual(['load reuse', 'load run', 'clean run']);
  expect(recorder.of('output.lost').map(({ step, error }) => [step, error.code])).toEqual([['load', 'M5003']]);
  expect(recorder.of('step.start').map(({ step, reasons }) => [step, reasons[0]?.code])).toEqual([
    ['clean', 'changed'],
    ['load', 'damaged'],
    ['clean', 'changed'],
  ]);
  expect(io.calls).toContain('delete load.result');
  expect(await result.load('result')).toBe(2);
});

test('a damaged result rejects its load', async () => {
  const io = new WatchedManager();
  const training = job('training', { versions: new SetVersions(), io, build: () => load() });
  const result = await training.run();
  io.interference = damagedOnce('load');
  await caught('M5003', () => result.load('result'));
});
