import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Plan } from '../../src/plan/plan.ts';
import { cases } from '../support/cases.ts';
import { upstreamOf, type WiredJob } from '../support/job-model.ts';
import { randomJobs } from '../support/random-job.ts';
import { commands, runAsks, storeTraits } from '../support/random-session.ts';
import { type Command, type ModelResult, Session } from '../support/session.ts';

const history = commands({ faults: true, lostRecords: true, instances: true, failures: true });

async function live(session: Session, happenings: readonly Parameters<Session['happen']>[0][]): Promise<void> {
  for (const command of happenings) await session.happen(command);
}

test('planning twice gives the same plan, changes nothing that is stored, and runs nothing', async () => {
  await fc.assert(
    fc.asyncProperty(
      randomJobs({ chance: true }),
      storeTraits,
      history,
      runAsks({ faults: false }),
      async (model, traits, happenings, ask) => {
        const session = new Session(model, traits);
        await live(session, happenings);
        const [stored, calls, log] = stateOf(session);
        const [first, second] = [await session.plan(ask), await session.plan(ask)];
        expect(textOf(second)).toBe(textOf(first));
        expect(stateOf(session)).toEqual([stored, calls, log]);
      },
    ),
    cases(60),
  );
});

test('what is planned to run is executed, what is planned to be re-used or skipped is not', async () => {
  await fc.assert(
    fc.asyncProperty(
      randomJobs({ chance: true }),
      storeTraits,
      history,
      runAsks({ faults: false }),
      async (model, traits, happenings, ask) => {
        const session = new Session(model, traits);
        await live(session, happenings);
        session.disturb({ do: 'mend' });
        const plan = await session.plan(ask);
        const readable = storedIsWhole(session);
        const others = new Set<string>();
        const result = await session.run(ask, {
          reporter: (event) => {
            if (event.type === 'output.lost' && event.error.code === 'M5003') others.add(event.step);
          },
        });
        expect(textOf(result.plan)).toBe(textOf(plan));
        if (!readable) return;
        // What lies there may be another content than the one that counts: that too shows only on loading.
        if (traits.atomicCreate && !happenings.some(losesBetweenWriters)) expect([...others]).toEqual([]);
        checkHonest(plan, result, concernedBy(others, session.wired, plan));
      },
    ),
    cases(60),
  );
});

function checkHonest(plan: Plan, { executed, failed, skipped }: ModelResult, concerned: ReadonlySet<string>): void {
  const tried = [...executed, ...failed.map(({ step }) => step)];
  const versions = new Set(plan.steps.filter(({ id }) => tried.includes(id)).map(({ version }) => version));
  for (const { id, action, version } of plan.steps) {
    if (concerned.has(id)) continue;
    if (action === 'reuse' || action === 'skip')
      expect(`${id} ${action} ${tried.includes(id)}`).toBe(`${id} ${action} false`);
    // A step may turn out to lack an input that an op left out, and of steps that share a version one is executed.
    if (action === 'run' && !skipped.includes(id) && !versions.has(version)) expect(tried).toContain(id);
  }
}

/** True where a store may have lost what one of two writers stored, and taken what the other one did: as where the last of them wins. */
function losesBetweenWriters(command: Command): boolean {
  return command.do === 'run twice at once' && command.asks.some(({ fault }) => fault?.how === 'lose');
}

/** The steps that may run when values of some turn out to be lost: all that hang together with these by what they read, or share a version. */
function concernedBy(lost: ReadonlySet<string>, { steps }: WiredJob, plan: Plan): ReadonlySet<string> {
  const concerned = new Set(lost);
  const groups = steps.map((step) => [step.id, ...upstreamOf(step).map((index) => steps[index]?.id)]);
  for (const { id, version } of plan.steps) {
    const alike = plan.steps.filter((other) => other.version === version);
    if (version !== undefined) groups.push([id, ...alike.map((other) => other.id)]);
  }
  for (let before = -1; before < concerned.size; ) {
    before = concerned.size;
    for (const group of groups) {
      if (!group.some((id) => id !== undefined && concerned.has(id))) continue;
      for (const id of group) if (id !== undefined) concerned.add(id);
    }
  }
  return concerned;
}

/** Damage shows only when somebody loads a value: nobody can plan for it. */
function storedIsWhole(session: Session): boolean {
  return [...session.storage.objects.values()].every(({ damaged }) => !damaged);
}

function stateOf(session: Session): readonly unknown[] {
  return [session.storage.fingerprint(), session.world.calls.length, session.world.resourceLog.length];
}

function textOf(plan: Plan): string {
  return JSON.stringify([plan.steps, plan.run, plan.reuse, plan.skip, plan.pending, plan.estimateMs, plan.warnings]);
}
