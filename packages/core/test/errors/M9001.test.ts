import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import * as own from '@memo/core';
import { afterAll, expect, test } from 'vitest';
import { caught } from '../support/caught-error.ts';

const OWN_ROOT = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');
const folder = await mkdtemp(join(tmpdir(), 'memo-copy-'));
await cp(join(OWN_ROOT, 'src'), join(folder, 'src'), { recursive: true });
const copy = (await import(pathToFileURL(join(folder, 'src', 'index.ts')).href)) as typeof own;

afterAll(() => rm(folder, { recursive: true, force: true }));

const BOTH = { copies: expect.arrayContaining([OWN_ROOT, folder]) };

const foreignOp = copy.op('load', () => 1);
const foreignResource = copy.resource('db', { setup: () => 1 });

test('the copy is another one', () => {
  expect(copy.op).not.toBe(own.op);
});

test('an op of one copy in a build() of another names both copies', async () => {
  const mixed = own.job('mixed', { build: (() => foreignOp()) as never });
  const error = await caught('M9001', () => mixed.plan());
  expect(error.details).toEqual(BOTH);
  expect(error.because).toContain(folder);
  expect(error.problem).toContain('"load"');
});

test('a resource of another copy is refused where an op uses it', async () => {
  const error = await caught('M9001', () => own.op('read', { uses: { db: foreignResource as never }, run: () => 1 }));
  expect(error.details).toEqual(BOTH);
});

test('a binding of another copy is refused where a job has it', async () => {
  const db = own.resource('db', { setup: () => 1 });
  const read = own.op('read', { uses: { db }, run: (_, { use }) => use.db });
  const binding = copy.provide(foreignResource, 2) as never;
  const mixed = own.job('mixed', { resources: [binding], build: () => read() });
  expect((await caught('M9001', () => mixed.plan())).details).toEqual(BOTH);
});

test('a job of another copy is refused where a project has it', async () => {
  const foreignJob = copy.job('foreign', { build: () => foreignOp() }) as never;
  expect((await caught('M9001', () => own.defineConfig({ jobs: [foreignJob] }))).details).toEqual(BOTH);
});

test('an error of one copy is recognised by the other', async () => {
  const thrown = await caught('M2101', () => foreignOp());
  expect(thrown).not.toBeInstanceOf(own.MemoError);
  expect(own.MemoError.is(thrown, 'M2101')).toBe(true);
});
