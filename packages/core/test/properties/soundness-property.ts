import fc from 'fast-check';
import { expect } from 'vitest';
import { resultName } from '../support/model-job.ts';
import { naiveRun } from '../support/naive-run.ts';
import { randomJobs } from '../support/random-job.ts';
import { commands, storeTraits } from '../support/random-session.ts';
import { failuresOf, type Loaded, type ModelResult, Session } from '../support/session.ts';

const EVERYTHING = { faults: true, lostRecords: true, instances: true, failures: true };

/** Whatever happened before, a run gives what computing everything anew gives. */
export const soundness = fc.asyncProperty(
  randomJobs({ chance: false }),
  storeTraits,
  commands(EVERYTHING),
  async (model, traits, happenings) => {
    const session = new Session(model, traits);
    for (const command of happenings) {
      for (const result of await session.happen(command)) await check(session, result);
    }
    session.disturb({ do: 'mend' });
    await checkLast(session);
  },
);

/** What a run gave is right, as far as it gave anything. */
async function check(session: Session, result: ModelResult): Promise<ReadonlyMap<string, Loaded>> {
  const loaded = await session.load(result);
  const expected = expectedOf(session);
  for (const [name, value] of loaded) {
    if (value === 'did not run' || value === 'lost') continue;
    expect(`${name} ${typeof value === 'string' ? value : value.data}`).toBe(`${name} ${expected.get(name)}`);
  }
  return loaded;
}

/** Nothing disturbs this run: it gives everything, but for values that were damaged where nobody has looked yet. */
async function checkLast(session: Session): Promise<void> {
  for (const attempt of [1, 2]) {
    const result = await session.run();
    expect(failuresOf(result)).toEqual([]);
    expect(result.status).toBe('success');
    const loaded = await check(session, result);
    if (attempt === 1 && [...loaded.values()].includes('lost')) continue;
    const data = [...loaded].map(([name, value]) => [name, typeof value === 'string' ? value : value.data]);
    expect(Object.fromEntries(data)).toEqual(Object.fromEntries(expectedOf(session)));
    const effects = naiveRun(session.wired, session.world).published;
    for (const [step, id] of effects) expect(`${step} ${session.world.published.get(step)}`).toBe(`${step} ${id}`);
    return;
  }
}

function expectedOf(session: Session): ReadonlyMap<string, string> {
  const { steps } = naiveRun(session.wired, { state: session.world.state, broken: new Set() });
  const expected = new Map<string, string>();
  for (const step of session.wired.steps) {
    const outcome = steps[step.index];
    if (!step.returned) continue;
    for (const { name } of step.op.outputs) {
      const data = outcome instanceof Map ? outcome.get(name) : undefined;
      expected.set(resultName(step, name), outcome === 'broken' ? 'broken' : (data ?? 'absent'));
    }
  }
  return expected;
}
