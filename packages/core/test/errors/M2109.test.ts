import { job, op } from '@memo/core';
import { expect, test } from 'vitest';
import { caught } from '../support/caught-error.ts';
import { placeOf } from '../support/source-line.ts';

const load = op('load', () => 1);
const clean = op('clean', ({ docs }: { docs: number }) => docs);

test('the whole circle is named, with the line of every step', async () => {
  const circular = job('circular', {
    build: () => {
      const a = load({}, { id: 'a', after: 'c' }); // a
      const b = clean({ docs: a }, { id: 'b' }); // b
      return clean({ docs: b }, { id: 'c' }); // c
    },
  });
  const error = await caught('M2109', () => circular.plan());
  const circle = error.details.steps as string[];
  expect(circle).toHaveLength(4);
  expect(circle.at(-1)).toBe(circle[0]);
  expect('a b c a b c a').toContain(circle.join(' '));
  for (const step of ['a', 'b', 'c']) {
    const { file, line } = placeOf(import.meta.url, `// ${step}`);
    expect(error.problem).toContain(`${step} (${file}:${line})`);
  }
});

test('a step that waits for itself is a circle', async () => {
  const circular = job('circular', { build: () => load({}, { after: 'load' }) });
  const error = await caught('M2109', () => circular.plan());
  expect(error.details).toEqual({ steps: ['load', 'load'] });
});

test('steps beside and below the circle are not part of it', async () => {
  const circular = job('circular', {
    build: () => {
      const free = load({}, { id: 'free' });
      const x = clean({ docs: free }, { id: 'x', after: 'y' });
      const y = clean({ docs: x }, { id: 'y' });
      return clean({ docs: y }, { id: 'below' });
    },
  });
  const error = await caught('M2109', () => circular.plan());
  expect([...new Set(error.details.steps as string[])].sort()).toEqual(['x', 'y']);
});

test('`after` a step that is made later is no circle', async () => {
  const ordered = job('ordered', {
    build: () => {
      const first = load({}, { id: 'first', after: 'second' });
      load({}, { id: 'second' });
      return first;
    },
  });
  const result = await ordered.run();
  expect(result.executed).toEqual(['second', 'first']);
});
