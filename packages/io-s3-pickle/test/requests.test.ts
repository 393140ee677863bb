import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { job, op, trust } from '@memo/core';
import { decodeEnvelope } from '@memo/core/plugin';
import { outputContext, versionOf } from '@memo/core/testing';
import { describe, expect, test } from 'vitest';
import type { S3PickleIOManager } from '../src/index.ts';
import { mockedStore, rememberObjects, serverError } from './support/mocked-store.ts';

const KEY = `team/outputs/tests/clean/result/${versionOf(1)}`;

describe('a value', () => {
  test('is written with a condition, an id of the write and its length', async () => {
    const { store, mock } = mockedStore();
    rememberObjects(mock);
    const stored = await store.handleOutput(outputContext(), { rows: 3 });
    const [put] = mock.commandCalls(PutObjectCommand).map((call) => call.args[0].input);
    expect(put).toEqual({
      Bucket: 'results',
      Key: KEY,
      ContentType: 'application/octet-stream',
      ContentLength: stored.bytes,
      Body: expect.any(Uint8Array),
      IfNoneMatch: '*',
      Metadata: { 'memo-write': expect.stringMatching(/^[0-9a-f]{32}$/) },
    });
    expect(stored).toMatchObject({ outcome: 'created', codec: 'json' });
  });

  test('is encrypted and classed as the options say; records are encrypted, and have the class of the bucket', async () => {
    const { store, mock } = mockedStore({
      encryption: { algorithm: 'aws:kms', keyId: 'key-1' },
      storageClass: 'INTELLIGENT_TIERING',
    });
    rememberObjects(mock);
    await store.handleOutput(outputContext(), 'value');
    await store.records.append('segment-1', Buffer.from('record'));
    const puts = mock.commandCalls(PutObjectCommand).map((call) => call.args[0].input);
    const value = puts.find(({ Key }) => Key === KEY);
    const record = puts.find(({ Key }) => Key === 'team/records/segments/segment-1/00000000');
    const encrypted = { ServerSideEncryption: 'aws:kms', SSEKMSKeyId: 'key-1' };
    expect(value).toMatchObject({ ...encrypted, StorageClass: 'INTELLIGENT_TIERING' });
    expect(record).toMatchObject(encrypted);
    expect(record).not.toHaveProperty('StorageClass');
  });

  test('in parts has the checksums that a client of yours asks for, from the first request to the last', async () => {
    const { store, mock } = mockedStore({ partBytes: 5 * 1024 * 1024 });
    mock
      .on(HeadObjectCommand)
      .rejectsOnce(serverError('NotFound', 404))
      .callsFake(() => {
        const [begun] = mock.commandCalls(CreateMultipartUploadCommand);
        return { Metadata: begun?.args[0].input.Metadata };
      });
    mock.on(CreateMultipartUploadCommand).resolves({ UploadId: 'upload-1' });
    mock
      .on(UploadPartCommand)
      .callsFake(({ PartNumber }) => ({ ETag: `e${PartNumber}`, ChecksumCRC32: `c${PartNumber}` }));
    mock.on(CompleteMultipartUploadCommand).resolves({});
    await store.handleOutput(outputContext(), new Uint8Array(11 * 1024 * 1024));
    const inputs = (command: typeof CompleteMultipartUploadCommand | typeof CreateMultipartUploadCommand) =>
      mock.commandCalls(command as typeof CompleteMultipartUploadCommand).map((call) => call.args[0].input);
    expect(inputs(CreateMultipartUploadCommand)).toMatchObject([{ Key: KEY, ChecksumAlgorithm: 'CRC32' }]);
    const Parts = [1, 2, 3].map((PartNumber) => ({
      PartNumber,
      ETag: `e${PartNumber}`,
      ChecksumCRC32: `c${PartNumber}`,
    }));
    expect(inputs(CompleteMultipartUploadCommand)).toEqual([
      { Bucket: 'results', Key: KEY, UploadId: 'upload-1', IfNoneMatch: '*', MultipartUpload: { Parts } },
    ]);
  });

  test('in parts of another size that changes while it is sent ends with the digest of what was sent', async () => {
    const { store, mock } = mockedStore({ partBytes: 5 * 1024 * 1024 });
    const value = new Uint8Array(24 * 1024 * 1024);
    const sent: Buffer[] = [];
    mock.on(HeadObjectCommand).rejects(serverError('NotFound', 404));
    mock.on(CreateMultipartUploadCommand).resolves({ UploadId: 'upload-1' });
    mock.on(UploadPartCommand).callsFake(({ PartNumber = 0, Body }) => {
      value.fill(PartNumber);
      sent[PartNumber - 1] = Buffer.from(Body as Uint8Array);
      return { ETag: `e${PartNumber}` };
    });
    mock.on(CompleteMultipartUploadCommand).resolves({});
    await store.handleOutput(outputContext(), value).catch(() => {});
    expect(sent).toHaveLength(5);
    expect(decodeEnvelope(Buffer.concat(sent)).payload).toHaveLength(value.length);
  });

  test('in parts one of which is refused stops, and removes what was sent', async () => {
    const { store, mock } = mockedStore({ partBytes: 5 * 1024 * 1024 });
    mock.on(CreateMultipartUploadCommand).resolves({ UploadId: 'upload-1' });
    mock.on(UploadPartCommand).rejects(serverError('AccessDenied', 403));
    mock.on(AbortMultipartUploadCommand).resolves({});
    const endless = async function* () {
      for (;;) yield new Uint8Array(1024 * 1024);
    };
    await expect(store.handleOutput(outputContext(), endless())).rejects.toMatchObject({ code: 'M5006' });
    expect(mock.commandCalls(UploadPartCommand).length).toBeLessThanOrEqual(4);
    expect(mock.commandCalls(AbortMultipartUploadCommand).map((call) => call.args[0].input)).toEqual([
      { Bucket: 'results', Key: KEY, UploadId: 'upload-1' },
    ]);
  });

  test('is loaded with one GET and looked for with one HEAD', async () => {
    const { store, mock } = mockedStore();
    rememberObjects(mock);
    await store.handleOutput(outputContext(), new Map([['a', 1n]]));
    mock.resetHistory();
    expect(await store.loadInput(outputContext())).toEqual(new Map([['a', 1n]]));
    expect(await store.hasOutput(outputContext())).toBe(true);
    expect(mock.calls().map((call) => [call.args[0].constructor.name, call.args[0].input])).toEqual([
      ['GetObjectCommand', { Bucket: 'results', Key: KEY, Range: 'bytes=0-16777215' }],
      ['HeadObjectCommand', { Bucket: 'results', Key: KEY }],
    ]);
  });

  test('that is there already counts, and ours is dropped', async () => {
    const { store, mock } = mockedStore();
    rememberObjects(mock);
    await store.handleOutput(outputContext({ contentDigest: 'test:1' }), 'first');
    const second = await store.handleOutput(outputContext({ contentDigest: 'test:2' }), 'second');
    expect(second).toMatchObject({ outcome: 'exists', contentDigest: 'test:1' });
    expect(await store.loadInput(outputContext())).toBe('first');
  });

  test('is deleted after it is written down that it goes', async () => {
    const { store, mock } = mockedStore();
    const objects = rememberObjects(mock);
    mock.on(DeleteObjectCommand).callsFake(({ Key }) => {
      expect([...objects.keys()].some((key) => key.startsWith('team/index/'))).toBe(true);
      objects.delete(Key);
      return {};
    });
    await store.handleOutput(outputContext(), 'value');
    expect(await store.deleteOutput(outputContext())).toBe(true);
    expect(await store.deleteOutput(outputContext())).toBe(false);
    expect(await store.hasOutput(outputContext())).toBe(false);
  });
});

describe('conditional writes', () => {
  test('are tried out once, with the first object itself', async () => {
    const { store, mock } = mockedStore();
    rememberObjects(mock);
    for (const version of ['1', '2', '3'])
      await store.handleOutput(outputContext({ version: versionOf(version) }), version);
    expect(mock.commandCalls(PutObjectCommand)).toHaveLength(4);
    expect(store.capabilities.atomicCreate).toBe(true);
  });

  test('that a server ignores are not promised, and looked after by reading back', async () => {
    const { store, mock } = mockedStore();
    const objects = rememberObjects(mock);
    mock.on(PutObjectCommand).callsFake(({ Key, Body }) => {
      objects.set(Key, Body);
      return { ETag: '"1"' };
    });
    mock.on(HeadObjectCommand).callsFake(({ Key }) => {
      if (!objects.has(Key)) throw serverError('NotFound', 404);
      const last = mock
        .commandCalls(PutObjectCommand)
        .filter((call) => call.args[0].input.Key === Key)
        .at(-1);
      return { ContentLength: 1, ETag: '"1"', Metadata: last?.args[0].input.Metadata };
    });
    expect(await store.handleOutput(outputContext(), 'value')).toMatchObject({ outcome: 'created' });
    expect(store.capabilities.atomicCreate).toBe(false);
    expect(await store.handleOutput(outputContext(), 'other')).toMatchObject({ outcome: 'exists' });
  });

  test('that a server refuses with 501 are left out', async () => {
    const { store, mock } = mockedStore();
    const objects = rememberObjects(mock);
    let last: Record<string, string> = {};
    mock.on(PutObjectCommand).callsFake(({ Key, Body, IfNoneMatch, Metadata }) => {
      if (IfNoneMatch !== undefined) throw serverError('NotImplemented', 501);
      objects.set(Key, Body);
      last = Metadata;
      return { ETag: '"1"' };
    });
    mock.on(HeadObjectCommand).callsFake(({ Key }) => {
      if (!objects.has(Key)) throw serverError('NotFound', 404);
      return { ContentLength: 1, ETag: '"1"', Metadata: last };
    });
    expect(await store.handleOutput(outputContext(), 'value')).toMatchObject({ outcome: 'created' });
    expect(store.capabilities.atomicCreate).toBe(false);
  });

  test('whose reply was lost count as ours when the object has our id', async () => {
    const { store, mock } = mockedStore();
    const objects = rememberObjects(mock);
    let id = '';
    mock.on(PutObjectCommand).callsFake(({ Key, Body, Metadata }) => {
      objects.set(Key, Body);
      id = Metadata['memo-write'];
      throw serverError('PreconditionFailed', 412);
    });
    mock.on(HeadObjectCommand).callsFake(({ Key }) => {
      if (!objects.has(Key)) throw serverError('NotFound', 404);
      return { ContentLength: 1, ETag: '"1"', Metadata: { 'memo-write': id } };
    });
    expect(await store.handleOutput(outputContext(), 'value')).toMatchObject({ outcome: 'created' });
  });

  test('that meet another one in flight (409) are sent again', async () => {
    const { store, mock } = mockedStore();
    rememberObjects(mock);
    mock.on(PutObjectCommand).rejectsOnce(serverError('ConditionalRequestConflict', 409)).resolves({ ETag: '"1"' });
    mock.on(HeadObjectCommand).rejects(serverError('NotFound', 404));
    await store.records.putDocument('pin-1', Buffer.alloc(300_000), undefined);
    expect(mock.commandCalls(PutObjectCommand)).toHaveLength(2);
  });
});

describe('many outputs', () => {
  const contexts = (count: number) =>
    Array.from({ length: count }, (_, index) => outputContext({ version: versionOf(index) }));

  test('that lie together are listed, and those that lie apart are looked for one by one', async () => {
    const { store, mock } = mockedStore({ presence: 'ask' });
    const wanted = contexts(100);
    const keys = wanted.map((context) => `team/${context.getOutputIdentifier().join('/')}`).sort();
    const present = new Set(keys.filter((_, index) => index % 3 === 0));
    mock.on(ListObjectsV2Command).callsFake(({ StartAfter }) => ({
      Contents: [...present].filter((key) => key > StartAfter).map((Key) => ({ Key, Size: 1 })),
      IsTruncated: false,
    }));
    const answers = await store.hasOutputs(wanted);
    expect(answers).toEqual(wanted.map((context) => present.has(`team/${context.getOutputIdentifier().join('/')}`)));
    expect(mock.calls()).toHaveLength(1);

    mock.on(HeadObjectCommand).rejects(serverError('NotFound', 404));
    expect(await store.hasOutputs(contexts(20))).toEqual(Array.from({ length: 20 }, () => false));
    expect(mock.commandCalls(HeadObjectCommand)).toHaveLength(20);
  });

  test('are looked for one by one on a server that does not list in order', async () => {
    const { store, mock } = mockedStore({ presence: 'ask' });
    const wanted = contexts(100);
    const objects = rememberObjects(mock);
    for (const context of wanted) objects.set(`team/${context.getOutputIdentifier().join('/')}`, new Uint8Array(1));
    mock.on(ListObjectsV2Command).resolves({
      Contents: [...objects.keys()]
        .sort()
        .reverse()
        .map((Key) => ({ Key })),
    });
    expect(await store.hasOutputs(wanted)).toEqual(wanted.map(() => true));
  });

  test('are never more requests at once than allowed', async () => {
    const { store, mock } = mockedStore({ presence: 'ask', concurrency: 5 });
    let open = 0;
    let most = 0;
    mock.on(HeadObjectCommand).callsFake(async () => {
      most = Math.max(most, ++open);
      await new Promise(setImmediate);
      open--;
      throw serverError('NotFound', 404);
    });
    await store.hasOutputs(contexts(30));
    expect(most).toBe(5);
  });
});

test('nothing is asked at construction, nor by the name and the capabilities', () => {
  const { store, mock } = mockedStore();
  expect(store.name).toBe('s3://results/team');
  expect(store.capabilities).toEqual({ durable: true, shared: true, streams: true, atomicCreate: true });
  expect(mock.calls()).toHaveLength(0);
});

test('a read-only store reads, and refuses everything else before it asks', async () => {
  const { store, mock } = mockedStore({ readOnly: true });
  await expect(store.handleOutput(outputContext(), 1)).rejects.toMatchObject({ code: 'M5006' });
  await expect(store.deleteOutput(outputContext())).rejects.toMatchObject({ code: 'M5006' });
  await expect(store.records.append('a', Buffer.from('x'))).rejects.toMatchObject({ code: 'M5009' });
  await expect(store.records.putDocument('a', Buffer.from('x'), undefined)).rejects.toMatchObject({ code: 'M5009' });
  await expect(store.records.remove('a')).rejects.toMatchObject({ code: 'M5009' });
  expect(mock.calls()).toHaveLength(0);
  mock.on(GetObjectCommand).rejects(serverError('NoSuchKey', 404));
  await expect(store.loadInput(outputContext())).rejects.toMatchObject({ code: 'M5004' });
});

test('where the server gives no tags, documents change by the ids of writes, and no empty condition is sent', async () => {
  const { store, mock } = mockedStore();
  rememberObjects(mock, { tags: false });
  const { records } = store;
  const text = async () => Buffer.from((await records.getDocument('pin'))?.bytes ?? []).toString();
  expect(await records.putDocument('pin', Buffer.from('a'), undefined)).toBe(true);
  const first = (await records.getDocument('pin'))?.tag;
  expect(first).toMatch(/^memo-write:[0-9a-f]{32}$/);
  expect(await records.putDocument('pin', Buffer.from('b'), first)).toBe(true);
  expect(await records.putDocument('pin', Buffer.from('c'), first)).toBe(false);
  expect(await text()).toBe('b');
  expect(await records.removeDocument?.('pin', first ?? '')).toBe(false);
  const large = new Uint8Array(2_000_000).fill(7);
  await store.handleOutput(outputContext(), large);
  expect(Buffer.compare((await store.loadInput(outputContext())) as Uint8Array, large)).toBe(0);
  for (const call of mock.calls()) expect(call.args[0].input).not.toHaveProperty('IfMatch');
});

test('a segment of many appends is few objects: the later ones wait for each other, unless they are flushed', async () => {
  const { store, mock } = mockedStore();
  const objects = rememberObjects(mock);
  const numbers = Array.from({ length: 100 }, (_, number) => `${number} `);
  const parts = () => [...objects].filter(([key]) => key.includes('/segments/a/'));
  for (const [at, number] of numbers.entries()) {
    await store.records.append('a', Buffer.from(number));
    if (at === 0) expect(parts()).toHaveLength(1);
  }
  expect(parts().length).toBeLessThan(16);
  await store.records.append('a', Buffer.from('end'), { flush: true });
  const written = parts().map(([, bytes]) => Buffer.from(bytes).toString());
  expect(written.join('')).toBe(`${numbers.join('')}end`);
  await store.records.append('a', Buffer.from('and more'));
  await store.dispose();
  expect(Buffer.from(parts().at(-1)?.[1] ?? []).toString()).toBe('and more');
});

test('a run that leaves its records in many objects writes them anew as one, for whoever plans next', async () => {
  const first = mockedStore();
  const objects = rememberObjects(first.mock);
  listObjects(first.mock, objects);
  // Steps of several outputs are there by their bindings, each of which is written at once.
  const halves = op('halves', {
    version: '1',
    outputs: ['low', 'high'],
    run: ({ of }: { of: number }) => ({ low: of, high: of + 1 }),
  });
  const build = () => Object.fromEntries([1, 2, 3, 4, 5].map((of) => [`h${of}`, halves({ of }, { id: `h${of}` })]));
  const jobOver = (io: S3PickleIOManager) =>
    job('many', { versions: { id: 'declared', getOpVersion: () => undefined }, io, build });
  expect((await jobOver(first.store).run({ concurrency: 1 })).ok).toBe(true);
  const segments = [...objects.keys()].filter((key) => key.includes('/segments/'));
  expect(first.mock.commandCalls(PutObjectCommand).filter(isOfSegment).length).toBeGreaterThan(5);
  expect(segments).toHaveLength(1);

  const next = mockedStore();
  rememberObjects(next.mock, { objects });
  listObjects(next.mock, objects);
  expect(await jobOver(next.store).plan()).toMatchObject({ reuse: 5, run: 0 });
  expect(next.mock.commandCalls(GetObjectCommand).filter(isOfSegment)).toHaveLength(1);
});

function isOfSegment({
  args: [{ input }],
}: {
  readonly args: readonly [{ readonly input: { Key?: unknown } }];
}): boolean {
  return String(input.Key).includes('/segments/');
}

function listObjects(mock: ReturnType<typeof mockedStore>['mock'], objects: Map<string, Uint8Array>): void {
  mock.on(ListObjectsV2Command).callsFake(({ Prefix }) => ({
    Contents: [...objects]
      .filter(([Key]) => Key.startsWith(Prefix))
      .map(([Key, bytes]) => ({ Key, Size: bytes.length })),
  }));
  mock.on(DeleteObjectCommand).callsFake(({ Key }) => {
    objects.delete(Key);
    return {};
  });
}

test('a segment that is opened reads across its objects, and asks for each of them once', async () => {
  const { store, mock } = mockedStore();
  const objects = rememberObjects(mock);
  listObjects(mock, objects);
  const { records } = store;
  for (const text of ['one ', 'two ', 'three']) await records.append('a', Buffer.from(text), { flush: true });
  await records.segments();
  const opened = await records.open?.('a');
  const part = (position: number, length: number) => {
    const into = Buffer.alloc(length);
    return into.subarray(0, opened?.read(into, position)).toString();
  };
  expect([opened?.bytes, part(2, 8), part(4, 3), part(7, 99), part(99, 1)]).toEqual([
    13,
    'e two th',
    'two',
    ' three',
    '',
  ]);
  expect((await records.open?.('a'))?.bytes).toBe(13);
  expect(mock.commandCalls(GetObjectCommand)).toHaveLength(3);
  expect(await records.open?.('b')).toBeUndefined();
});

test('leases are there when they were asked for, and the store can be written', () => {
  expect(mockedStore().store.lease).toBeUndefined();
  expect(mockedStore({ leases: true }).store.lease).toBeDefined();
  expect(mockedStore({ leases: true, readOnly: true }).store.lease).toBeUndefined();
  expect(mockedStore({ leases: true, trust: trust({ accept: [] }) }).store.lease).toBeUndefined();
});
