import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cases } from '../support/cases.ts';
import { checkOneExecution } from '../support/one-execution.ts';
import { PromptClock } from '../support/prompt-clock.ts';
import { edits, randomJobs, record } from '../support/random-job.ts';
import { runAsks } from '../support/random-session.ts';
import { Schedule } from '../support/schedule.ts';
import { failuresOf, Session } from '../support/session.ts';
import { FULL_STORE } from '../support/shared-store.ts';
import { World } from '../support/world.ts';

const choices = fc.array(fc.nat({ max: 30 }), { minLength: 1, maxLength: 40, size: 'max' });

/** Two runs at once, of one process or of two; values go missing only where one process knows everything. */
const rounds = fc.oneof(
  record({
    in: fc.constant('one instance' as const),
    asks: fc.tuple(runAsks({ faults: true }), runAsks({ faults: true })),
    edit: fc.option(edits, { nil: undefined }),
  }),
  record({
    in: fc.constant('two instances' as const),
    asks: fc.tuple(runAsks({ faults: true }), runAsks({ faults: true })),
    edit: fc.option(edits, { nil: undefined }),
  }),
);

test('however two runs take turns, each result comes from one execution of each step version', async () => {
  await fc.assert(
    fc.asyncProperty(
      randomJobs({ chance: true, most: 8 }),
      choices,
      fc.array(rounds, { minLength: 1, maxLength: 4 }),
      async (model, choices, rounds) => {
        const schedule = new Schedule(choices);
        const world = new World(new PromptClock(() => schedule.turn('sleep')));
        world.turn = schedule.turn;
        const session = new Session(model, { ...FULL_STORE, promises: true }, undefined, world);
        for (const { in: where, asks, edit } of rounds) {
          if (edit !== undefined) session.edit(edit);
          const results = await schedule.play(session.runTwice(where, asks));
          for (const result of results) {
            expect(failuresOf(result)).toEqual([]);
            await schedule.play(checkOneExecution(session, result));
          }
        }
      },
    ),
    cases(60),
  );
});
