import { job, op } from '@memo/core';
import { expect, test } from 'vitest';
import { SetVersions } from '../support/set-versions.ts';
import { WatchedManager } from '../support/watched-manager.ts';
import { whatIsPlanned, whatRan } from '../support/what-ran.ts';

/** A step of two outputs whose op gives something else each time. */
function rolling(reads: readonly ('a' | 'b')[]) {
  const io = new WatchedManager();
  let calls = 0;
  const roll = op('roll', {
    outputs: ['a', 'b'],
    run: () => {
      calls++;
      return { a: `a${calls}`, b: `b${calls}` };
    },
  });
  const show = op('show', ({ part }: { part: string }) => part);
  const over = job('rolling', {
    versions: new SetVersions(),
    io,
    build: () => {
      const outputs = roll();
      return { shown: reads.map((name) => show({ part: outputs[name] }, { id: `show-${name}` })) };
    },
  });
  return { io, job: over };
}

test('where one of two is missing, both are computed again, and all below follow', async () => {
  const { io, job } = rolling(['a', 'b']);
  await job.run();
  io.lose('roll', 'a');
  for (const step of ['show-a', 'show-b']) io.lose(step);
  const plan = await job.plan();
  expect(plan.step('roll').reasons).toEqual([{ code: 'missing', outputs: ['a'] }]);
  const result = await job.run();
  expect(whatRan(result)).toEqual({ ran: ['roll', 'show-a', 'show-b'] });
  expect(await result.loadAll()).toEqual({ shown: ['a2', 'b2'] });
  expect(whatRan(await job.run())).toEqual({ reused: ['roll', 'show-a', 'show-b'] });
});

test('an output that nobody reads may be missing', async () => {
  const { io, job } = rolling(['a']);
  await job.run();
  io.lose('roll', 'b');
  expect(whatIsPlanned(await job.plan())).toEqual({ reuse: ['roll', 'show-a'] });
});

test('a reader that is still there does not keep the old execution alive beside a new one', async () => {
  const { io, job } = rolling(['a', 'b']);
  await job.run();
  io.lose('roll', 'a');
  io.lose('show-a');
  const result = await job.run();
  expect(whatRan(result)).toEqual({ ran: ['roll', 'show-a', 'show-b'] });
  expect(await result.loadAll()).toEqual({ shown: ['a2', 'b2'] });
});
