import { job, op } from '@memo/core';
import type { MemoizableIOManager } from '@memo/core/plugin';
import { expect, test } from 'vitest';
import { caught } from '../support/caught-error.ts';
import { SetVersions } from '../support/set-versions.ts';
import { WatchedManager } from '../support/watched-manager.ts';

const denied = (): never => {
  throw new Error('AccessDenied');
};

function counting() {
  let runs = 0;
  const io = new WatchedManager();
  const load = op('load', () => ++runs);
  return { io, runs: () => runs, job: job('counting', { versions: new SetVersions(), io, build: () => load() }) };
}

test('a store that cannot tell ends planning; nothing counts as missing', async () => {
  const { io, job, runs } = counting();
  await job.run();
  io.interference = { has: denied };
  for (const act of [() => job.plan(), () => job.run()]) {
    const error = await caught('M5008', act);
    expect(error.problem).toBe('watched cannot tell which outputs exist: AccessDenied');
    expect(error.cause).toMatchObject({ message: 'AccessDenied' });
    expect(error.details).toEqual({ manager: 'watched' });
  }
  expect(runs()).toBe(1);
});

test('a promise that rejects is the same', async () => {
  const io: MemoizableIOManager = {
    handleOutput: () => undefined,
    loadInput: () => 1,
    hasOutput: () => Promise.reject(new Error('timeout')),
  };
  const load = op('load', () => 1);
  const error = await caught('M5008', () => job('a', { versions: new SetVersions(), io, build: () => load() }).plan());
  expect(error.problem).toContain('timeout');
});

test('an answer for fewer outputs than were asked about is no answer', async () => {
  const io: MemoizableIOManager = {
    name: 'short',
    handleOutput: () => undefined,
    loadInput: () => 1,
    hasOutput: () => false,
    hasOutputs: () => [],
  };
  const load = op('load', () => 1);
  const error = await caught('M5008', () => job('a', { versions: new SetVersions(), io, build: () => load() }).plan());
  expect(error.problem).toContain('0 answers for 1 contexts');
});

test('a store that cannot tell while a step is decided ends the run', async () => {
  const io = new WatchedManager();
  const versions = new SetVersions();
  const load = op('load', { memo: 'off', run: () => 1 });
  const clean = op('clean', ({ docs }: { docs: number }) => docs + 1);
  const training = job('training', { versions, io, build: () => clean({ docs: load() }) });
  await training.run();
  io.interference = { has: denied };
  const result = await training.run();
  expect(result.status).toBe('failure');
  expect(result.errors.map(({ code }) => code)).toEqual(['M5008']);
  expect(result.executed).toEqual(['load']);
});
