import { configure, job, op, resource, type VersionStrategy } from '@memo/core';
import { expect, test } from 'vitest';
import { caught } from '../support/caught-error.ts';
import { ManualClock, withClock } from '../support/manual-clock.ts';
import { SetVersions } from '../support/set-versions.ts';

const load = op('load', () => 1);

/** What is asked, and does not answer until a test says so. */
class Silence {
  readonly asked: Promise<void>;
  answer: (given: unknown) => void = () => undefined;
  #ask: () => void = () => undefined;

  constructor() {
    this.asked = new Promise((resolve) => {
      this.#ask = resolve;
    });
  }

  readonly listen = (): never => {
    this.#ask();
    return new Promise((resolve) => {
      this.answer = resolve;
    }) as never;
  };
}

const silentSchema = (silence: Silence) => ({
  '~standard': { version: 1, vendor: 'test', validate: silence.listen } as const,
});

const SILENT: Readonly<Record<string, (silence: Silence) => ReturnType<typeof job>>> = {
  'Version strategy "slow@1"': ({ listen }) => jobWith({ id: 'slow@1', getOpVersion: () => '1', getVersions: listen }),
  'Version strategy "single@1"': ({ listen }) => jobWith({ id: 'single@1', getOpVersion: listen }),
  'The config schema of job "training"': (silence) =>
    job('training', { config: silentSchema(silence), build: () => load() }) as ReturnType<typeof job>,
  'The config schema of resource "model"': (silence) => {
    const model = resource('model', { config: silentSchema(silence), setup: () => 1 });
    const ask = op('ask', { uses: { model }, run: (_, { use }) => use.model });
    const resources = [configure(model, {} as never)];
    return job('asking', { versions: new SetVersions(), resources, build: () => ask() }) as ReturnType<typeof job>;
  },
};

function jobWith(versions: VersionStrategy): ReturnType<typeof job> {
  return job('training', { versions, build: () => load() }) as ReturnType<typeof job>;
}

const settle = () => new Promise((resolve) => setImmediate(resolve));

test.each(Object.entries(SILENT))(
  '%s that gives no answer ends the plan in five minutes, by name',
  async (who, make) => {
    const [silence, clock] = [new Silence(), new ManualClock()];
    const planning = withClock(make(silence), clock).plan();
    await silence.asked;
    let ended = false;
    const end = (): void => {
      ended = true;
    };
    planning.then(end, end);
    clock.advance(299_999);
    await settle();
    expect(ended).toBe(false);
    clock.advance(1);
    const error = await caught('M4012', () => planning);
    expect(error.problem).toBe(`${who} gave no answer within 300000 ms.`);
    expect(clock.sleepers).toBe(0);
  },
);

test('an answer in time counts, and nothing waits for the time any more', async () => {
  const [silence, clock] = [new Silence(), new ManualClock()];
  const planning = withClock(jobWith({ id: 'slow@1', getOpVersion: silence.listen }), clock).plan({
    answerTimeoutMs: 100,
  });
  await silence.asked;
  clock.advance(99);
  silence.answer('1');
  expect((await planning).run).toBe(1);
  expect(clock.sleepers).toBe(0);
});

test('who may take as long as it takes is waited for', async () => {
  const [silence, clock] = [new Silence(), new ManualClock()];
  const planning = withClock(jobWith({ id: 'slow@1', getOpVersion: silence.listen }), clock).plan({
    answerTimeoutMs: Number.POSITIVE_INFINITY,
  });
  await silence.asked;
  expect(clock.sleepers).toBe(0);
  silence.answer('1');
  expect((await planning).run).toBe(1);
});

test('a strategy that is silent about code that is loaded late fails the step, and stores nothing', async () => {
  const [silence, clock] = [new Silence(), new ManualClock()];
  const answers = [{ version: '1', loadsLate: true }];
  const versions: VersionStrategy = { id: 'late@1', getOpVersion: () => answers.pop() ?? silence.listen() };
  const running = withClock(jobWith(versions), clock).run({ answerTimeoutMs: 100 });
  await silence.asked;
  clock.advance(100);
  const result = await running;
  expect(result.failed.map(({ step, error }) => [step, error.code])).toEqual([['load', 'M4012']]);
  expect(result.executed).toEqual([]);
});

test('a time that is none is refused', async () => {
  const training = job('training', { build: () => load() });
  for (const answerTimeoutMs of [0, -1, Number.NaN, '5' as never])
    await expect(training.plan({ answerTimeoutMs })).rejects.toThrow(TypeError);
});
