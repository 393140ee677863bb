import { job, memory, op } from '@memo/core';
import { expect, test } from 'vitest';
import { caught } from '../support/caught-error.ts';
import { SetVersions } from '../support/set-versions.ts';

const load = op('load', () => 1);
const learn = op('learn', ({ docs }: { docs: unknown }) => docs);

test('all definition errors of a job are reported at once, each with its place and fix', async () => {
  const wrong = job('wrong', {
    build: () => {
      const docs = load({}, { id: 'a' });
      load({}, { id: 'a' });
      learn({ doc: docs } as never);
      learn({ docs: { nested: docs } });
      learn({ docs: () => 1 });
      learn({ docs }, { config: { size: 1 } } as never);
      return { count: 5 } as never;
    },
  });
  const error = await caught('M2000', () => wrong.plan());
  const codes = ['M2102', 'M2107', 'M2106', 'M2113', 'M3001', 'M2114'];
  expect(error.errors.map(({ code }) => code)).toEqual(codes);
  for (const code of codes) expect(error.message).toContain(code);
  for (const single of error.errors) expect(single.fix).toMatch(/\S/);
  for (const single of error.errors.slice(0, 3)) expect(single.place?.file).toMatch(/M2000\.test\.ts$/);
  expect(error.problem).toContain('"wrong"');
});

test('one error alone is reported as itself', async () => {
  const wrong = job('wrong', { build: () => learn({ doc: load() } as never) });
  await caught('M2107', () => wrong.plan());
});

test('all ops without a version are reported at once', async () => {
  const unversioned = job('unversioned', {
    versions: new SetVersions({ load: undefined, learn: undefined }),
    build: () => learn({ docs: load() }),
  });
  const error = await caught('M2000', () => unversioned.plan());
  expect(error.errors.map(({ code, details }) => [code, details.op])).toEqual([
    ['M4001', 'load'],
    ['M4001', 'learn'],
  ]);
});

test('all wrong manager keys are reported at once', async () => {
  const a = op('a', { io: 'table', run: () => 1 });
  const b = op('b', { io: 'blob', run: () => 1 });
  const wrong = job('wrong', { io: { default: memory() }, build: () => ({ a: a(), b: b() }) });
  const error = await caught('M2000', () => wrong.plan());
  expect(error.errors.map(({ code, details }) => [code, details.io])).toEqual([
    ['M5010', 'table'],
    ['M5010', 'blob'],
  ]);
});
