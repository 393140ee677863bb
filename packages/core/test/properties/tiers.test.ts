import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cases } from '../support/cases.ts';
import { Fleet, fleetCommands, machines } from '../support/fleet.ts';
import { resultName } from '../support/model-job.ts';
import { naiveRun } from '../support/naive-run.ts';
import { checkOneExecution } from '../support/one-execution.ts';
import { randomJobs } from '../support/random-job.ts';
import { failuresOf, type ModelResult, type Session } from '../support/session.ts';

const TRAITS = { faults: true, lostRecords: false, instances: true, failures: true };

test('whatever fails in the shared store, a run gives what computing everything anew gives', async () => {
  await fc.assert(
    fc.asyncProperty(
      randomJobs({ chance: false }),
      machines,
      fleetCommands(TRAITS),
      async (model, fleet, happenings) => {
        const all = new Fleet(model, fleet);
        for (const happening of happenings) {
          const machine = all.machine(happening.machine);
          all.prepare(happening);
          for (const result of await machine.happen(happening.command)) await checkValues(machine, result);
        }
        all.world.broken.clear();
        for (const machine of all.machines) await checkLast(machine);
      },
    ),
    cases(25),
  );
});

test('the values of one result come from one execution of each step version, whichever machine made them', async () => {
  await fc.assert(
    fc.asyncProperty(
      randomJobs({ chance: true }),
      machines,
      fleetCommands(TRAITS),
      async (model, fleet, happenings) => {
        const all = new Fleet(model, fleet);
        for (const happening of happenings) {
          const machine = all.machine(happening.machine);
          all.prepare(happening);
          for (const result of await machine.happen(happening.command)) await checkOneExecution(machine, result);
        }
        all.world.broken.clear();
        for (const machine of all.machines) {
          const last = await machine.run();
          expect(failuresOf(last)).toEqual([]);
          await checkOneExecution(machine, last);
        }
      },
    ),
    cases(25),
  );
});

async function checkLast(machine: Session): Promise<void> {
  const result = await machine.run();
  expect(failuresOf(result)).toEqual([]);
  expect(result.status).toBe('success');
  await checkValues(machine, result);
}

/** What a run gave is right, as far as it gave anything. */
async function checkValues(machine: Session, result: ModelResult): Promise<void> {
  const { steps } = naiveRun(machine.wired, { state: machine.world.state, broken: new Set() });
  const loaded = await machine.load(result);
  for (const step of machine.wired.steps) {
    const outcome = steps[step.index];
    for (const { name } of step.returned ? step.op.outputs : []) {
      const value = loaded.get(resultName(step, name));
      if (value === 'did not run' || value === 'lost' || value === undefined) continue;
      const expected = outcome instanceof Map ? (outcome.get(name) ?? 'absent') : outcome;
      expect(typeof value === 'string' ? value : value.data).toBe(expected);
    }
  }
}
