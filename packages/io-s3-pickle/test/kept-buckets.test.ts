import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { ListObjectsV2Command } from '@aws-sdk/client-s3';
import { valueDigest } from '@memo/core/plugin';
import { outputContext, versionOf } from '@memo/core/testing';
import { describe, expect, test } from 'vitest';
import type { S3PickleIOManager } from '../src/index.ts';
import { mockedStore, rememberObjects } from './support/mocked-store.ts';

/** The objects of a bucket for each release that wrote something new, in base64 by key. Files are added, never changed. */
const KEPT = fileURLToPath(new URL('kept-buckets/', import.meta.url));
/** With the name of a release, its bucket is written. */
const { MEMO_KEEP_BUCKET: kept } = process.env;

const VALUES: readonly unknown[] = [
  'grüße 😀',
  { rows: [{ id: 1 }], total: null },
  new Map<unknown, unknown>([['when', new Date(1.7e12)]]),
  new TypeError('outer', { cause: new Error('inner') }),
  Float64Array.from([0.1, -0, Number.NaN]),
  Buffer.from('bytes of a buffer'),
  undefined,
  0n,
  new Set([1, '1']),
];
const contexts = VALUES.map((_, index) => outputContext({ op: 'kept', version: versionOf(index) }));

/** A store over objects in memory, which are listed in pages of three. */
function storeOver(filled: Readonly<Record<string, string>> = {}) {
  const { store, mock } = mockedStore();
  const objects = rememberObjects(mock);
  for (const [key, bytes] of Object.entries(filled)) objects.set(key, Buffer.from(bytes, 'base64'));
  mock.on(ListObjectsV2Command).callsFake(({ Prefix, StartAfter = '' }) => {
    const found = [...objects.keys()].filter((key) => key.startsWith(Prefix) && key > StartAfter).sort();
    const Contents = found.slice(0, 3).map((Key) => ({ Key, Size: objects.get(Key)?.length ?? 0 }));
    return { Contents, IsTruncated: found.length > 3 };
  });
  return { store, objects, mock };
}

async function fill(store: S3PickleIOManager): Promise<void> {
  const { records } = store;
  for (const [index, context] of contexts.entries()) await store.handleOutput(context, VALUES[index]);
  await records.append('writer-1', Buffer.from('first '), { flush: true });
  await records.append('writer-1', Buffer.from('second'), { flush: true });
  await records.putDocument('pin-1', Buffer.from('a pin'), undefined);
  await store.dispose();
}

const shapeOf = (keys: Iterable<string>) => [...keys].map((key) => key.replace(/index\/.*/, 'index/…')).sort();

test('keys are those that are kept of the newest release', async () => {
  const { store, objects } = storeOver();
  await fill(store);
  if (kept !== undefined) {
    mkdirSync(KEPT, { recursive: true });
    const text = Object.fromEntries([...objects].map(([key, bytes]) => [key, Buffer.from(bytes).toString('base64')]));
    writeFileSync(`${KEPT}${kept}.json`, `${JSON.stringify(text, null, 2)}\n`);
  }
  const newest = readdirSync(KEPT).sort().at(-1) ?? '';
  expect(shapeOf(objects.keys())).toEqual(shapeOf(Object.keys(bucketOf(newest))));
});

describe.each(readdirSync(KEPT))('the bucket that %s wrote', (release) => {
  test('has its values, also in bulk, by index and listing', async () => {
    const { store, mock } = storeOver(bucketOf(release));
    for (const [index, context] of contexts.entries()) {
      expect(valueDigest(await store.loadInput(context))).toBe(valueDigest(VALUES[index]));
      expect(await store.handleOutput(context, VALUES[index])).toMatchObject({ outcome: 'exists' });
    }
    mock.resetHistory();
    const missing = outputContext({ op: 'kept', version: versionOf('missing') });
    expect(await store.hasOutputs(contexts)).toEqual(contexts.map(() => true));
    expect(mock.calls().every((call) => call.args[0].constructor.name !== 'HeadObjectCommand')).toBe(true);
    expect(await store.hasOutputs([...contexts, missing])).toEqual([...contexts.map(() => true), false]);
  });

  test('has its records', async () => {
    const { records } = storeOver(bucketOf(release)).store;
    expect((await records.segments()).map(({ name, bytes }) => `${name} ${bytes}`)).toEqual(['writer-1 12']);
    expect(Buffer.from(await records.read('writer-1', 0)).toString()).toBe('first second');
    expect(Buffer.from((await records.getDocument('pin-1'))?.bytes ?? []).toString()).toBe('a pin');
  });
});

function bucketOf(release: string): Readonly<Record<string, string>> {
  return JSON.parse(readFileSync(KEPT + release, 'utf8')) as Record<string, string>;
}
