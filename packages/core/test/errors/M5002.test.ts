import { job, op } from '@memo/core';
import { expect, test } from 'vitest';
import { caught, failureOf } from '../support/caught-error.ts';
import { SetVersions } from '../support/set-versions.ts';
import { WatchedManager } from '../support/watched-manager.ts';

const load = op('load', () => 1);
const clean = op('clean', ({ docs }: { docs: number }) => docs + 1);

const refuse = (): never => {
  throw new Error('AccessDenied');
};

function training() {
  const io = new WatchedManager();
  return { io, job: job('training', { versions: new SetVersions(), io, build: () => clean({ docs: load() }) }) };
}

test('a store that refuses a value fails the step that gave it', async () => {
  const { io, job } = training();
  io.interference = { handle: refuse };
  const result = await job.run();
  const error = failureOf('M5002', result, 'load');
  expect(error.problem).toBe('watched could not store load.result: AccessDenied');
  expect(error.cause).toMatchObject({ message: 'AccessDenied' });
  expect(result.executed).toEqual([]);
});

test('a store that refuses to give a value fails the step that asked for it, and recomputes nothing', async () => {
  const { io, job } = training();
  io.interference = { load: refuse };
  const result = await job.run();
  const error = failureOf('M5002', result, 'clean');
  expect(error.problem).toBe('watched could not load load.result: AccessDenied');
  expect(result.executed).toEqual(['load']);
});

test('a store that refuses when a result is loaded rejects the load', async () => {
  const { io, job } = training();
  const result = await job.run();
  io.interference = { load: refuse };
  expect((await caught('M5002', () => result.load('result'))).details).toMatchObject({ step: 'clean' });
});
