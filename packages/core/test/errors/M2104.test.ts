import { job, op, type Ref } from '@memo/core';
import { expect, test } from 'vitest';
import { caught } from '../support/caught-error.ts';
import { placeOf } from '../support/source-line.ts';

const load = op('load', () => ['a', 'b']);
const show = op('show', ({ text }: { text: unknown }) => text);

type Loose = { length: number; done?: boolean } & Iterable<unknown>;

const READS: Readonly<Record<string, (ref: Loose) => unknown>> = {
  'a property': (ref) => ref.length,
  'a template': (ref) => `${ref}`,
  'a sum': (ref) => (ref as never as number) + 1,
  'an array spread': (ref) => [...ref],
  'an object spread': (ref) => ({ ...ref }),
  'a loop': (ref) => {
    for (const item of ref) return item;
    return undefined;
  },
  in: (ref) => 'length' in ref,
  'JSON.stringify': (ref) => JSON.stringify({ ref }),
  'Object.keys': (ref) => Object.keys(ref),
  'an assignment': (ref) => {
    ref.done = true;
  },
  'a deletion': (ref) => delete ref.done,
  'Object.defineProperty': (ref) => Object.defineProperty(ref, 'done', { value: true }),
};

test.each(Object.entries(READS))('%s of a reference is refused', async (_, read) => {
  const reading = job('reading', {
    build: () => {
      const docs = load();
      return show({ text: (read(docs as never) ?? 'nothing') as string });
    },
  });
  const error = await caught('M2104', () => reading.plan());
  expect(error.problem).toContain('load');
  expect(error.details).toMatchObject({ step: 'load', output: 'result' });
  expect(error.place?.file).toBe(placeOf(import.meta.url, 'test.each').file);
});

test('the place is the line that reads', async () => {
  const reading = job('reading', {
    build: () => {
      const docs = load() as never as { length: number };
      const count = docs.length; // reads
      return show({ text: count });
    },
  });
  const error = await caught('M2104', () => reading.plan());
  expect(error.problem).toContain('".length"');
  expect(error.place).toMatchObject(placeOf(import.meta.url, '// reads'));
});

test('comparing, testing and handing on a reference are fine', async () => {
  const fine = job('fine', {
    build: () => {
      const docs: Ref<string[]> | null = load();
      if (docs === null || typeof docs !== 'object' || !docs) throw new Error('not a reference');
      return show({ text: [docs, docs].includes(docs) ? docs : 'other' });
    },
  });
  const result = await fine.run();
  expect(await result.load('result')).toEqual(['a', 'b']);
});

test('an output that the op does not declare is named, with those that it does', async () => {
  const split = op('split', { outputs: ['train', 'test'], run: () => ({ train: 1, test: 2 }) });
  const reading = job('reading', {
    build: () => {
      const parts = split() as never as { trian: Ref<number> };
      return show({ text: parts.trian }); // typo
    },
  });
  const error = await caught('M2104', () => reading.plan());
  expect(error.problem).toContain('".trian"');
  expect(error.because).toContain('"train", "test"');
  expect(error.place).toMatchObject(placeOf(import.meta.url, '// typo'));
});
