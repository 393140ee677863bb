import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cases } from '../support/cases.ts';
import { MixedExecutions, seenIn } from '../support/op-result.ts';
import { randomJobs } from '../support/random-job.ts';
import { commands } from '../support/random-session.ts';
import { failuresOf, type ModelResult, Session } from '../support/session.ts';
import { FULL_STORE } from '../support/shared-store.ts';

const traits = fc.record({ bulk: fc.boolean(), promises: fc.boolean() }).map((some) => ({ ...FULL_STORE, ...some }));

test('the values of one result come from one execution of each step version', async () => {
  await fc.assert(
    fc.asyncProperty(
      randomJobs({ chance: true }),
      traits,
      commands({ faults: true, lostRecords: false, instances: true, failures: true }),
      async (model, traits, happenings) => {
        const session = new Session(model, traits);
        for (const command of happenings) {
          for (const result of await session.happen(command)) await check(session, result);
        }
        session.disturb({ do: 'mend' });
        const last = await session.run();
        expect(failuresOf(last)).toEqual([]);
        await check(session, last);
      },
    ),
    cases(100),
  );
});

/** No step of a run met two executions, and neither does who loads everything that the job returns. */
async function check(session: Session, result: ModelResult): Promise<void> {
  const mixed = result.failed.map(({ error }) => error.cause).filter((cause) => cause instanceof MixedExecutions);
  expect(mixed).toEqual([]);
  const loaded = await session.load(result);
  seenIn([...loaded.values()].filter((value) => typeof value !== 'string'));
}
