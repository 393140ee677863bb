import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { MemoEvent } from '../../src/events/memo-event.ts';
import { cases } from '../support/cases.ts';
import type { JobModel } from '../support/job-model.ts';
import { checkOneExecution } from '../support/one-execution.ts';
import { PromptClock } from '../support/prompt-clock.ts';
import { randomJobs } from '../support/random-job.ts';
import { runAsks } from '../support/random-session.ts';
import { Schedule } from '../support/schedule.ts';
import { type RunAsk, Session } from '../support/session.ts';
import { FULL_STORE } from '../support/shared-store.ts';
import { World } from '../support/world.ts';

const jobs = randomJobs({ chance: true, timeouts: true, most: 8 });
const asks = runAsks({ faults: true });
const choices = fc.array(fc.nat({ max: 30 }), { minLength: 1, maxLength: 40, size: 'max' });
const broken = fc.subarray(['op0', 'op1', 'op2', 'op3']);

/** Longer than anything takes. */
const PATIENCE_MS = 1e12;

/** Everything that waits, waits until a schedule lets it go on: ops, stores, resources, the clock up to the end of patience. */
function scheduled(model: JobModel, schedule: Schedule): Session {
  const sleep = (signal: AbortSignal, milliseconds: number): Promise<void> =>
    milliseconds < PATIENCE_MS
      ? schedule.turn('sleep')
      : new Promise((resolve) => signal.addEventListener('abort', () => resolve()));
  const world = new World(new PromptClock(sleep));
  world.turn = schedule.turn;
  return new Session(model, { ...FULL_STORE, promises: true }, undefined, world);
}

interface Cancelling {
  /** At which event the run is cancelled, counted from 1. */
  readonly cancelAt: number | undefined;
  /** Whether it waits for what ignores that, however long it takes. */
  readonly patient: boolean;
}

/** A run that notes its events, and is cancelled at one of them. */
function watchedRun(session: Session, ask: RunAsk, { cancelAt, patient }: Cancelling) {
  const controller = new AbortController();
  const events: MemoEvent[] = [];
  const reporter = (event: MemoEvent): void => {
    if (events.push(event) === cancelAt) controller.abort(new Error('enough'));
  };
  const grace = patient ? { cancelGraceMs: 2 * PATIENCE_MS } : {};
  return { events, ended: session.run(ask, { reporter, signal: controller.signal, ...grace }) };
}

describe('whatever goes first, fails, is cancelled, takes too long or is lost', () => {
  test('every run ends, tears down what it set up, and does nothing after its end', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({ model: jobs, ask: asks, choices, broken, warm: fc.boolean() }),
        fc.option(fc.integer({ min: 1, max: 60 }), { nil: undefined }),
        fc.boolean(),
        async ({ model, ask, choices, broken, warm }, cancelAt, patient) => {
          const schedule = new Schedule(choices);
          const session = scheduled(model, schedule);
          if (warm) await schedule.play(session.run());
          await schedule.drain();
          for (const op of broken) session.world.broken.add(op);
          session.world.resourceLog.length = 0;
          const { events, ended } = watchedRun(session, ask, { cancelAt, patient });
          const result = await schedule.play(ended);
          const { length } = events;
          const stored = session.storage.fingerprint();
          await schedule.drain();
          // What was left behind may still write, which harms nobody: see the last check.
          if (patient) expect(session.storage.fingerprint()).toBe(stored);
          expect(events.slice(length)).toEqual([]);
          expect(events.at(-1)).toMatchObject({ type: 'run.end', status: result.status });
          expect(events.map(({ seq }) => seq)).toEqual(events.map((_, at) => at + 1));
          checkResources(session.world.resourceLog, cancelAt !== undefined || ask.onFailure === 'abort');
          session.disturb({ do: 'mend' });
          const next = await schedule.play(session.run());
          await schedule.play(checkOneExecution(session, next));
        },
      ),
      cases(100),
    );
  });

  test('two runs at once both end', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({ model: jobs, asks: fc.tuple(asks, asks), choices, broken }),
        fc.tuple(fc.integer({ min: 1, max: 99 }), fc.integer({ min: 1, max: 99 })),
        async ({ model, asks, choices, broken }, cancelAt) => {
          const schedule = new Schedule(choices);
          const session = scheduled(model, schedule);
          for (const op of broken) session.world.broken.add(op);
          const runs = asks.map(
            (ask, at) => watchedRun(session, ask, { cancelAt: cancelAt[at], patient: false }).ended,
          );
          await schedule.play(Promise.all(runs));
          await schedule.drain();
        },
      ),
      cases(60),
    );
  });
});

/** Everything was set up at most once, and torn down as often; in the opposite order, but for setups that outlived an abort. */
function checkResources(log: readonly string[], isAborted: boolean): void {
  const names = (sign: string) => log.filter((line) => line.startsWith(sign)).map((line) => line.slice(1));
  const [made, released] = [names('+'), names('-')];
  expect(new Set(made).size).toBe(made.length);
  if (isAborted) expect([...released].sort()).toEqual([...made].sort());
  else expect(released).toEqual([...made].reverse());
}
