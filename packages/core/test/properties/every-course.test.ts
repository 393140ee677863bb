import fc from 'fast-check';
import { expect, test } from 'vitest';
import { IS_WHOLE } from '../../../../tools/test-form.mjs';
import { cases } from '../support/cases.ts';
import { everyCourse } from '../support/every-course.ts';
import { Ground, TrackedMap } from '../support/footprint.ts';
import { RACES, type Race, tryRace } from '../support/two-writers.ts';

const IS_LONG = process.env['MEMO_TEST_FULL'] !== undefined;

/** Another process goes on at most so many times although the last one could: three times in the long form, and in CI where just two go on. */
function switchesOf({ beside }: Race): number {
  if (!IS_WHOLE) return 1;
  return IS_LONG || beside === undefined ? 3 : 2;
}

test.each(RACES)(
  'whatever course two processes take over $name, each result comes from one execution of each step version',
  async (race) => {
    const { whole, leftOut } = await tryRace(race, switchesOf(race));
    expect(whole + leftOut).toBeGreaterThan(10);
  },
);

const steps = fc.array(fc.record({ do: fc.constantFrom('read', 'write', 'list'), key: fc.constantFrom('x', 'y') }), {
  minLength: 1,
  maxLength: 3,
});
type Steps = typeof steps extends fc.Arbitrary<infer T> ? T : never;

/** How everything can end, with or without the courses that are left out. */
async function ends(actors: readonly Steps[], switches: number, leavesOut: boolean): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  await everyCourse(switches, () => {
    const ground = new Ground();
    const shared = new TrackedMap<string>('shared', [], ground);
    const seen = actors.map((): string[] => []);
    return {
      ...(leavesOut ? { ground } : {}),
      actors: actors.map((own, actor) => ({
        act: async (turn) => {
          for (const [at, { do: what, key }] of own.entries()) {
            await turn(what);
            if (what === 'write') shared.set(key, `${actor}.${at}`);
            else seen[actor]?.push(what === 'read' ? (shared.get(key) ?? '') : JSON.stringify([...shared].sort()));
          }
        },
      })),
      check: async () => void found.add(JSON.stringify([[...shared].sort(), seen])),
    };
  });
  return found;
}

test('courses that are left out end as others do', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(steps, { minLength: 2, maxLength: 3 }), fc.nat({ max: 3 }), async (actors, switches) => {
      expect(await ends(actors, switches, true)).toEqual(await ends(actors, switches, false));
    }),
    cases(20),
  );
});
