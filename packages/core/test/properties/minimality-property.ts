import fc from 'fast-check';
import { expect } from 'vitest';
import type { JobModel } from '../support/job-model.ts';
import { edits, randomJobs, record } from '../support/random-job.ts';
import { storeTraits } from '../support/random-session.ts';
import { RememberingRun } from '../support/remembering-run.ts';
import { failuresOf, type ModelResult, Session } from '../support/session.ts';

const at = fc.nat({ max: 99 });

/** Edits, and runs of everything or of some steps. Nothing is lost, nothing expires. */
const happenings = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: record({ do: fc.constant('edit' as const), edit: edits }) },
    {
      weight: 2,
      arbitrary: record({
        do: fc.constant('run' as const),
        only: fc.option(fc.array(at, { minLength: 1, maxLength: 3 }), { nil: undefined }),
      }),
    },
    { weight: 1, arbitrary: record({ do: fc.constant('change the world' as const), to: fc.nat({ max: 2 }) }) },
    { weight: 1, arbitrary: record({ do: fc.constant('break' as const), op: at }) },
    { weight: 2, arbitrary: record({ do: fc.constant('mend' as const) }) },
  ),
  { minLength: 1, maxLength: 8, size: 'max' },
);

const jobs = randomJobs({ chance: false }).map(
  (model): JobModel => ({ ...model, ops: model.ops.map((op) => ({ ...op, expires: false })) }),
);

/**
 * A run executes exactly what is demanded and was never computed, neither under its version nor from the same contents, volatile steps,
 * and effects that are not the last ones.
 */
export const minimality = fc.asyncProperty(jobs, storeTraits, happenings, async (model, traits, what) => {
  const session = new Session(model, traits);
  const expected = new RememberingRun();
  for (const happening of what) {
    if (happening.do !== 'run') session.disturb(happening);
    else await checkRun(session, expected, happening.only);
  }
  session.disturb({ do: 'mend' });
  await checkRun(session, expected, undefined);
  const again = await checkRun(session, expected, undefined);
  const isVolatile = (id: string) => session.wired.steps.find((step) => step.id === id)?.op.kind === 'volatile';
  expect(again.executed.filter((id) => !isVolatile(id))).toEqual([]);
});

/** Runs, and compares with what had to be executed. */
async function checkRun(
  session: Session,
  expected: RememberingRun,
  only: readonly number[] | undefined,
): Promise<ModelResult> {
  const { steps } = session.wired;
  const chosen = only?.map((number) => number % steps.length);
  const needed = expected.needed(session.wired, session.world, chosen);
  const before = session.world.calls.length;
  const result = await session.run({ only });
  const executed = session.world.since(before);
  expected.learn(session.wired, { executed, reused: result.reused });
  const times = (group: readonly string[]) => executed.filter((id) => group.includes(id)).length;
  expect(executed.filter((id) => needed.idle.includes(id))).toEqual([]);
  for (const { ids } of needed.must) expect(`${ids} ${Math.min(times(ids), 1)}`).toBe(`${ids} 1`);
  for (const { ids, most } of [...needed.must, ...needed.may]) expect(times(ids), `${ids}`).toBeLessThanOrEqual(most);
  expect([...result.executed].sort()).toEqual([...executed].sort());
  if (session.world.broken.size === 0) expect(failuresOf(result)).toEqual([]);
  return result;
}
