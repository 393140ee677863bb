import { job, op } from '@memo/core';
import { valueDigest } from '@memo/core/plugin';
import { expect, test } from 'vitest';
import { EventRecorder } from '../support/event-recorder.ts';
import { SetVersions } from '../support/set-versions.ts';

interface Doc {
  label: string;
}

const shared: Doc[] = [{ label: 'a' }];
const load = op('load', () => shared);
const deface = op('deface', ({ docs, opts }: { docs: Doc[]; opts: Map<string, number> }) => {
  for (const doc of docs) doc.label = 'defaced';
  opts.set('seen', 1);
  return docs;
});
const read = op('read', ({ docs, opts }: { docs: Doc[]; opts: Map<string, number> }) => [docs, [...opts]]);

const reading = (versions?: SetVersions) =>
  job('reading', {
    ...(versions === undefined ? {} : { versions }),
    build: () => {
      const docs = load();
      const opts = new Map([['size', 3]]);
      const defaced = deface({ docs, opts });
      return { docs, defaced, read: read({ docs, opts }, { after: defaced }) };
    },
  });

test.each([
  ['memoized', new SetVersions()],
  ['not memoized', undefined],
])('in a run that is %s', async (_, versions) => {
  const result = await reading(versions).run();
  expect(await result.load('read')).toEqual([[{ label: 'a' }], [['size', 3]]]);
  expect(await result.load('docs')).toEqual([{ label: 'a' }]);
  expect(await result.load('defaced')).toEqual([{ label: 'defaced' }]);
});

test('each attempt gets inputs of its own', async () => {
  const seen: string[] = [];
  const careless = op('careless', {
    retry: { max: 1, delay: 0 },
    run: ({ docs }: { docs: Doc[] }) => {
      seen.push(docs[0]?.label ?? '');
      for (const doc of docs) doc.label = 'defaced';
      if (seen.length === 1) throw new Error('again');
      return docs;
    },
  });
  await job('careful', { build: () => careless({ docs: load() }) }).run();
  expect(seen).toEqual(['a', 'a']);
});

test('what an op changes after it has returned is not stored half', async () => {
  const late = op('late', () => {
    const docs = [{ label: 'a' }];
    queueMicrotask(() => docs.push({ label: 'late' }));
    return docs;
  });
  const recorder = new EventRecorder();
  const over = job('late', { versions: new SetVersions(), build: () => late() });
  const result = await over.run({ reporter: recorder.reporter });
  expect(recorder.of('output.stored')[0]?.digest).toBe(valueDigest(await result.load('result')));
});
