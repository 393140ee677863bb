import { job, op, type Ref } from '@memo/core';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { caught } from '../support/caught-error.ts';
import { SetVersions } from '../support/set-versions.ts';
import { WatchedManager } from '../support/watched-manager.ts';
import { whatRan } from '../support/what-ran.ts';

const load = op('load', ({ part }: { part: string }) => part);
const clean = op('clean', {
  config: z.object({ drop: z.string() }),
  run: ({ docs }: { docs: string }, { config }) => docs.replace(config.drop, ''),
});
const join = op('join', ({ parts }: { parts: readonly string[] }) => parts.join('+'));

/** A graph of its own, that jobs use like an op. */
const prepare = (part: string, drop: string): Ref<string> =>
  clean({ docs: load({ part }, { id: `load.${part}` }) }, { id: `clean.${part}`, config: { drop } });

const io = new WatchedManager();
const preparing = (drop: string, versions = new SetVersions()) =>
  job('preparing', { versions, io, build: () => join({ parts: [prepare('train', drop), prepare('test', 'e')] }) });

test('an edit inside one use of it runs that step and what is below', async () => {
  expect(whatRan(await preparing('a').run())).toEqual({
    ran: ['clean.test', 'clean.train', 'join', 'load.test', 'load.train'],
  });
  const edited = await preparing('t').run();
  expect(whatRan(edited)).toEqual({
    ran: ['clean.train', 'join'],
    reused: ['clean.test', 'load.test', 'load.train'],
  });
  expect(await edited.load('result')).toBe('rain+tst');
});

test('a step of it without a version is named', async () => {
  const error = await caught('M4001', () => preparing('a', new SetVersions({ clean: undefined })).plan());
  expect(error.details).toEqual({ job: 'preparing', op: 'clean' });
});
