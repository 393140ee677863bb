import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cases } from '../support/cases.ts';
import { FaultPoints } from '../support/fault-points.ts';
import { applyEdit, type JobEdit } from '../support/job-edit.ts';
import type { JobModel } from '../support/job-model.ts';
import { naiveRun } from '../support/naive-run.ts';
import { checkOneExecution } from '../support/one-execution.ts';
import { edits, randomJobs, record } from '../support/random-job.ts';
import { failuresOf, type ModelResult, type RunAsk, Session } from '../support/session.ts';
import { FULL_STORE, type StoreTraits } from '../support/shared-store.ts';
import { World } from '../support/world.ts';

const at = fc.nat({ max: 99 });

/** What happened before the run that is killed: nothing, or a run after which values went missing, or the job was edited, so that changes are cut off. */
const pasts = record({
  ran: fc.boolean(),
  lost: fc.array(at, { maxLength: 3 }),
  force: fc.option(fc.array(at, { minLength: 1, maxLength: 2 }), { nil: undefined }),
  edit: fc.option(edits, { nil: undefined }),
});

interface Past {
  readonly ran: boolean;
  readonly lost: readonly number[];
  readonly force: readonly number[] | undefined;
  readonly edit: JobEdit | undefined;
}

const traits: fc.Arbitrary<StoreTraits> = record({ atomicCreate: fc.boolean(), promises: fc.boolean() }).map(
  (some) => ({
    ...FULL_STORE,
    ...some,
  }),
);

/** Storage and world as the past left them. */
async function sessionAfter(model: JobModel, traits: StoreTraits, past: Past): Promise<Session> {
  const session = new Session(model, traits);
  if (past.ran) await session.run();
  session.storage.loseObjects(past.lost);
  return session;
}

/** A run that is killed at a point; gives that run's world, or nothing when it ended before the point was reached. */
async function killedAt(point: number, session: Session, ask: RunAsk): Promise<FaultPoints> {
  const faults = new FaultPoints(point);
  session.reopen(faults);
  await session.run(ask).catch(() => undefined);
  return faults;
}

const MOST_POINTS = 400;

describe('a process that is killed at any point', () => {
  test('leaves nothing that a fresh process takes for more than it is', async () => {
    await fc.assert(
      fc.asyncProperty(randomJobs({ chance: false, most: 5 }), traits, pasts, async (model, traits, past) => {
        await atEveryPoint({ model, traits, past }, async (session) => {
          const result = await session.run();
          expect(failuresOf(result)).toEqual([]);
          await checkValues(session, result);
        });
      }),
      cases(2),
    );
  });

  test('leaves nothing from which a result could be made of two executions', async () => {
    await fc.assert(
      fc.asyncProperty(randomJobs({ chance: true, most: 5 }), traits, pasts, async (model, traits, past) => {
        await atEveryPoint({ model, traits: { ...traits, atomicCreate: true }, past }, async (session) => {
          const first = await session.run();
          expect(failuresOf(first)).toEqual([]);
          await checkOneExecution(session, first);
          session.reopen();
          await checkOneExecution(session, await session.run());
        });
      }),
      cases(2),
    );
  });

  test('loses no step of several outputs, or of none, that it said was done', async () => {
    await fc.assert(
      fc.asyncProperty(randomJobs({ chance: true, volatile: false, most: 5 }), async (model) => {
        const done: string[] = [];
        await atEveryPoint({ model, traits: FULL_STORE, past: NO_PAST, done }, async (session) => {
          const before = session.world.calls.length;
          await session.run();
          const again = session.world.since(before);
          const kept = session.wired.steps.filter(
            ({ id, op }) => done.includes(id) && isCommittedByBinding(op) && !op.expires,
          );
          expect(kept.map(({ id }) => id).filter((id) => again.includes(id))).toEqual([]);
        });
      }),
      cases(2),
    );
  });
});

const NO_PAST: Past = { ran: false, lost: [], force: undefined, edit: undefined };

interface Scene {
  readonly model: JobModel;
  readonly traits: StoreTraits;
  readonly past: Past;
  /** Filled with the ids of the steps that the killed run said were done. */
  readonly done?: string[];
}

/** Kills a run at each of its points, each time over the same past, and looks at what a fresh process makes of it. */
async function atEveryPoint(
  { model, traits, past, done }: Scene,
  look: (session: Session) => Promise<void>,
): Promise<void> {
  const before = await sessionAfter(model, traits, past);
  const edited = past.edit === undefined ? model : applyEdit(model, past.edit);
  for (let point = 0; point < MOST_POINTS; point++) {
    const session = new Session(edited, traits, before.storage.copy(), new World(undefined, before.world));
    done?.splice(0);
    const ask = { force: past.force, onDone: (step: string) => void done?.push(step) };
    const { dead } = await killedAt(point, session, ask);
    session.reopen();
    await look(session);
    if (!dead) return;
  }
}

function isCommittedByBinding(op: {
  readonly single: boolean;
  readonly outputs: readonly { readonly optional: boolean }[];
}): boolean {
  return op.outputs.length !== 1 || op.outputs[0]?.optional === true;
}

async function checkValues(session: Session, result: ModelResult): Promise<void> {
  const { steps } = naiveRun(session.wired, { state: session.world.state, broken: new Set() });
  for (const [name, value] of await session.load(result)) {
    const [index = '', output = ''] = name.split('.');
    const outcome = steps[Number(index)];
    const expected = outcome instanceof Map ? (outcome.get(output) ?? 'absent') : 'absent';
    expect(`${name} ${typeof value === 'string' ? value : value.data}`).toBe(`${name} ${expected}`);
  }
}
