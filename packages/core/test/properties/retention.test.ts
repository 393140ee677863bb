import fc from 'fast-check';
import { expect, test } from 'vitest';
import { applyPrune } from '../../src/retention/apply-prune.ts';
import { planPruneAt } from '../../src/retention/plan-prune.ts';
import { cases } from '../support/cases.ts';
import { resultName } from '../support/model-job.ts';
import { naiveRun } from '../support/naive-run.ts';
import { checkOneExecution } from '../support/one-execution.ts';
import { randomJobs, record } from '../support/random-job.ts';
import { commands } from '../support/random-session.ts';
import { type Command, failuresOf, type ModelResult, Session } from '../support/session.ts';
import { FULL_STORE } from '../support/shared-store.ts';

const GRACE_MS = 10_000;
const TRAITS = { faults: true, lostRecords: false, instances: true, failures: true };

/** What happens between prunes, and how severe these are. */
interface Happening {
  readonly command: Command;
  /** How long nothing happens before. */
  readonly idle: number;
  readonly prune: { readonly olderThan: number; readonly keepRuns: number; readonly maxBytes: number } | undefined;
  /** At which execution of the command another process prunes. */
  readonly within: number | undefined;
}

const happenings: fc.Arbitrary<readonly Happening[]> = fc.array(
  record({
    command: commands(TRAITS).map((some) => some[0] as Command),
    idle: fc.constantFrom(0, 1_000, GRACE_MS + 1, 4 * GRACE_MS),
    prune: fc.option(
      record({
        olderThan: fc.constantFrom(0, GRACE_MS),
        keepRuns: fc.constantFrom(0, 0, 1),
        maxBytes: fc.constantFrom(Number.POSITIVE_INFINITY, 500),
      }),
      { nil: undefined },
    ),
    within: fc.option(fc.nat({ max: 5 }), { nil: undefined }),
  }),
  { minLength: 3, maxLength: 12, size: 'max' },
);

async function happen(session: Session, happening: Happening): Promise<readonly ModelResult[]> {
  session.world.clock.advance(happening.idle);
  const { prune, within } = happening;
  if (prune === undefined) return session.happen(happening.command);
  if (within === undefined) {
    await pruneStore(session, prune);
    return session.happen(happening.command);
  }
  const at = session.world.calls.length + within;
  let pruning: Promise<void> | undefined;
  const turn = session.world.turn;
  session.world.turn = async (what) => {
    if (session.world.calls.length >= at) pruning ??= pruneStore(session, prune);
    await turn(what);
  };
  const results = await session.happen(happening.command);
  session.world.turn = turn;
  await pruning;
  return results;
}

/** As another process would. */
async function pruneStore(session: Session, prune: NonNullable<Happening['prune']>): Promise<void> {
  const plan = await planPruneAt(session.openStores(), {
    now: session.world.clock.now(),
    pinned: [],
    keep: [],
    grace: GRACE_MS,
    slowerThan: Number.POSITIVE_INFINITY,
    keepsNonDeterministic: false,
    ...prune,
  });
  await applyPrune(plan);
}

test('whatever is pruned, before a run or within it, a run gives what computing everything anew gives', async () => {
  await fc.assert(
    fc.asyncProperty(randomJobs({ chance: false }), happenings, async (model, all) => {
      const session = new Session(model, { ...FULL_STORE, promises: true });
      for (const happening of all)
        for (const result of await happen(session, happening)) await checkValues(session, result);
      session.disturb({ do: 'mend' });
      const last = await session.run();
      expect(failuresOf(last)).toEqual([]);
      await checkValues(session, last);
    }),
    cases(20),
  );
});

test('the values of one result come from one execution of each step version, whatever was pruned and forgotten', async () => {
  await fc.assert(
    fc.asyncProperty(randomJobs({ chance: true }), happenings, async (model, all) => {
      const session = new Session(model, { ...FULL_STORE, promises: true });
      for (const happening of all)
        for (const result of await happen(session, happening)) await checkOneExecution(session, result);
      session.disturb({ do: 'mend' });
      const last = await session.run();
      expect(failuresOf(last)).toEqual([]);
      await checkOneExecution(session, last);
    }),
    cases(20),
  );
});

async function checkValues(session: Session, result: ModelResult): Promise<void> {
  const { steps } = naiveRun(session.wired, { state: session.world.state, broken: new Set() });
  const loaded = await session.load(result);
  for (const step of session.wired.steps) {
    const outcome = steps[step.index];
    for (const { name } of step.returned ? step.op.outputs : []) {
      const value = loaded.get(resultName(step, name));
      if (value === 'did not run' || value === 'lost' || value === undefined) continue;
      const expected = outcome instanceof Map ? (outcome.get(name) ?? 'absent') : outcome;
      expect(typeof value === 'string' ? value : value.data).toBe(expected);
    }
  }
}
