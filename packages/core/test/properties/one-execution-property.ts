import fc from 'fast-check';
import { expect } from 'vitest';
import { checkOneExecution } from '../support/one-execution.ts';
import { randomJobs } from '../support/random-job.ts';
import { commands } from '../support/random-session.ts';
import { failuresOf, Session } from '../support/session.ts';
import { FULL_STORE } from '../support/shared-store.ts';

const traits = fc.record({ bulk: fc.boolean(), promises: fc.boolean() }).map((some) => ({ ...FULL_STORE, ...some }));

/** The values of one result come from one execution of each step version, whatever happened before. */
export const oneExecution = fc.asyncProperty(
  randomJobs({ chance: true }),
  traits,
  commands({ faults: true, lostRecords: true, instances: true, failures: true }),
  async (model, traits, happenings) => {
    const session = new Session(model, traits);
    for (const command of happenings) {
      for (const result of await session.happen(command)) await checkOneExecution(session, result);
    }
    session.disturb({ do: 'mend' });
    const last = await session.run();
    expect(failuresOf(last)).toEqual([]);
    await checkOneExecution(session, last);
  },
);
