import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { DeleteObjectCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import { job, memory, op, tiered } from '@memo/core';
import { encodeEnvelope, type MemoizableIOManager, type OutputVersions } from '@memo/core/plugin';
import { outputContext, versionOf } from '@memo/core/testing';
import { expect, test } from 'vitest';
import { mockedStore, rememberObjects } from './support/mocked-store.ts';

const numbers = (count: number, from = 0) => Array.from({ length: count }, (_, index) => from + index);
/** That of a plan, which asks about everything. */
const { signal } = new AbortController();
const at = (output: string, number: number | string) => outputContext({ output, version: versionOf(number), signal });

/** A bucket in memory, and stores over it: each as a new process would open it, with what it has asked. */
function bucket(objects = new Map<string, Uint8Array>()) {
  const open = (options = {}) => {
    const { store, mock } = mockedStore(options);
    rememberObjects(mock, { objects });
    answerListings(mock, objects);
    mock.on(DeleteObjectCommand).callsFake(({ Key }) => {
      objects.delete(Key);
      return {};
    });
    const requests = () =>
      mock.calls().map((call) => {
        const { Key, Prefix } = call.args[0].input as { Key?: string; Prefix?: string };
        const kind = call.args[0].constructor.name.replace(/(?:Object|Objects|ObjectsV2)Command$/, '').toLowerCase();
        return `${kind} ${(Key ?? Prefix ?? '').replace(/index\/.+/, 'index/…')}`;
      });
    return { store, requests };
  };
  return { objects, open };
}

function answerListings(mock: ReturnType<typeof mockedStore>['mock'], objects: ReadonlyMap<string, Uint8Array>): void {
  mock.on(ListObjectsV2Command).callsFake(({ Prefix, StartAfter = '' }) => {
    const found = [...objects.keys()].filter((key) => key.startsWith(Prefix) && key > StartAfter).sort();
    const Contents = found.slice(0, 1000).map((Key) => ({ Key, Size: objects.get(Key)?.length ?? 0 }));
    return { Contents, IsTruncated: found.length > 1000 };
  });
}

function versionsOf(output: string, labels: readonly (number | string)[]): OutputVersions {
  const contexts = labels.map((label) => at(output, label));
  return {
    count: labels.length,
    above: at(output, 0).getOutputIdentifier().slice(0, -1),
    bytes: Buffer.from(contexts.map(({ version }) => version).join(''), 'hex'),
    context: (index) => contexts[index] ?? at(output, 0),
  };
}

async function stored(outputs: readonly string[], count: number) {
  const { open, objects } = bucket();
  const { store } = open();
  for (const output of outputs)
    for (const number of numbers(count)) await store.handleOutput(at(output, number), number);
  await store.dispose();
  return { open, objects };
}

test('versions of several outputs, asked in one turn, read the index once, and what it covers asks for nothing', async () => {
  const { open } = await stored(['low', 'high'], 20);
  const { store, requests } = open();
  const [low, high] = await Promise.all([
    store.hasVersions(versionsOf('low', numbers(20))),
    store.hasVersions(versionsOf('high', numbers(20).reverse())),
  ]);
  expect([...low, ...high]).toEqual(Array.from({ length: 40 }, () => 1));
  expect(requests()).toEqual(['list team/index/', 'get team/index/…']);
});

test('what the index does not cover, of several outputs asked in one turn, is one listing', async () => {
  const { open, objects } = await stored(['low', 'high'], 20);
  for (const key of objects.keys()) if (key.startsWith('team/index/')) objects.delete(key);
  const { store, requests } = open();
  const [low, high] = await Promise.all([
    store.hasVersions(versionsOf('low', numbers(30, 10))),
    store.hasVersions(versionsOf('high', numbers(25))),
  ]);
  expect([...low]).toEqual(numbers(30, 10).map((number) => (number < 20 ? 1 : 0)));
  expect([...high]).toEqual(numbers(25).map((number) => (number < 20 ? 1 : 0)));
  expect(requests()).toEqual(['list team/index/', 'list team/']);
});

test('a plan of a thousand steps of two ops asks the bucket for presence by one index, also behind an empty store', async () => {
  const { open } = bucket();
  const half = op('half', { version: '1', run: ({ value }: { value: number }) => value / 2 });
  const twice = op('twice', { version: '1', run: ({ value }: { value: number }) => value * 2 });
  const plain = (io: MemoizableIOManager) =>
    job('numbers', {
      versions: { id: 'declared', getOpVersion: () => '1' },
      io,
      build: () =>
        Object.fromEntries(numbers(1000).map((value) => [`s${value}`, (value % 2 === 0 ? half : twice)({ value })])),
    });
  const first = open();
  expect((await plain(first.store).run()).ok).toBe(true);
  await first.store.dispose();
  for (const seenFrom of [
    (store: MemoizableIOManager) => store,
    (store: MemoizableIOManager) => tiered(memory(), store),
  ]) {
    const { store, requests } = open();
    expect((await plain(seenFrom(store)).plan()).reuse).toBe(1000);
    const outside = requests().filter((request) => !request.includes('/records/'));
    expect(outside).toEqual(['list team/index/', 'get team/index/…']);
  }
});

test('what is deleted is not covered any more, by key nor by version, and is again where it is there', async () => {
  const { open } = await stored(['low'], 20);
  const remover = open();
  expect(await remover.store.deleteOutput(at('low', 3))).toBe(true);
  const ask = async () => [...(await open().store.hasVersions(versionsOf('low', numbers(6))))];
  expect(await ask()).toEqual([1, 1, 1, 0, 1, 1]);
  expect(await open().store.hasOutputs(numbers(10).map((number) => at('low', number)))).toEqual(
    numbers(10).map((number) => number !== 3),
  );
  await remover.store.handleOutput(at('low', 3), 'again');
  expect(await ask()).toEqual([1, 1, 1, 1, 1, 1]);
});

test('an index of the first format covers versions, and is written anew together with others', async () => {
  const kept = fileURLToPath(new URL('kept-buckets/0.1.0.json', import.meta.url));
  const release = JSON.parse(readFileSync(kept, 'utf8')) as Record<string, string>;
  const { open, objects } = bucket(
    new Map(Object.entries(release).map(([key, text]) => [key, Buffer.from(text, 'base64')])),
  );
  const versions = numbers(9).map((number) => outputContext({ op: 'kept', version: versionOf(number) }));
  const asked: OutputVersions = {
    count: versions.length,
    above: versions[0]?.getOutputIdentifier().slice(0, -1) ?? [],
    bytes: Buffer.from(versions.map(({ version }) => version).join(''), 'hex'),
    context: (index) => versions[index] ?? outputContext(),
  };
  const covered = async () => {
    const { store, requests } = open();
    expect([...(await store.hasVersions(asked))]).toEqual(versions.map(() => 1));
    expect(requests().filter((request) => request !== 'get team/index/…')).toEqual(['list team/index/']);
  };
  await covered();
  for (const number of numbers(33)) {
    const { store } = open();
    await store.hasVersions(asked);
    await store.handleOutput(at('new', number), number);
    await store.dispose();
  }
  const [oldest = ''] = Object.keys(release).filter((key) => key.startsWith('team/index/'));
  expect(objects.has(oldest)).toBe(false);
  expect([...objects.keys()].filter((key) => key.startsWith('team/index/')).length).toBeLessThan(33);
  await covered();
  expect([...(await open().store.hasVersions(versionsOf('new', numbers(33))))]).not.toContain(0);
});

test('objects that this release cannot read are nothing, and stay for those that can', async () => {
  const { open, objects } = await stored(['low'], 20);
  const foreign = numbers(40).map((number) => `team/index/${String(number).padStart(32, 'f')}`);
  for (const key of foreign) {
    const payload = Buffer.alloc(100);
    objects.set(key, Buffer.concat(encodeEnvelope({ codec: 'presence-index/9', payload, metadata: { address: key } })));
  }
  const { store } = open();
  expect([...(await store.hasVersions(versionsOf('low', numbers(20))))]).not.toContain(0);
  await store.handleOutput(at('low', 'new'), 1);
  await store.dispose();
  expect(foreign.filter((key) => objects.has(key))).toEqual(foreign);
});
