import { configure, job, op, resource, type VersionStrategy } from '@memo/core';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { EventRecorder } from '../support/event-recorder.ts';
import { WatchedManager } from '../support/watched-manager.ts';
import { whatRan } from '../support/what-ran.ts';

const opsOnly: VersionStrategy = { id: 'ops-only@1', getOpVersion: () => '1' };
const config = z.object({ url: z.string(), options: z.object({ pool: z.number() }) });
const db = resource('db', { config, setup: (given) => given.config.url });
const read = op('read', { uses: { db }, run: (_, { use }) => use.db });
const reading = job('reading', { versions: opsOnly, io: new WatchedManager(), build: () => read() });
const configured = (pool: number) => ({ resources: [configure(db, { url: 'local', options: { pool } })] });

test('the job memoizes, says that the code is not tracked, and a changed config recomputes', async () => {
  const recorder = new EventRecorder();
  expect(whatRan(await reading.run({ ...configured(1), reporter: recorder.reporter }))).toEqual({ ran: ['read'] });
  expect(recorder.of('warning').map(({ code }) => code)).toContain('untracked-resource');
  expect(whatRan(await reading.run(configured(1)))).toEqual({ reused: ['read'] });
  expect(whatRan(await reading.run(configured(2)))).toEqual({ ran: ['read'] });
  expect(whatRan(await reading.run(configured(1)))).toEqual({ reused: ['read'] });
});

test('a plan says so too', async () => {
  const plan = await reading.plan(configured(1));
  expect(plan.warnings.filter(({ code }) => code === 'untracked-resource')).toHaveLength(1);
  expect(plan.warnings.find(({ code }) => code === 'untracked-resource')?.message).toContain('"db"');
});
