import { Readable } from 'node:stream';
import { GetObjectCommand, HeadObjectCommand, ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3';
import { job } from '@memo/core';
import type { RecordReading } from '@memo/core/plugin';
import { planPrune, resultUses, storeStats, verifyStore } from '@memo/core/retention';
import { outputContext } from '@memo/core/testing';
import { describe, expect, test } from 'vitest';
import type { S3PickleIOManager } from '../src/index.ts';
import { mockedStore, rememberObjects, serverError } from './support/mocked-store.ts';

describe('only a certain "not there" counts as missing', () => {
  test('404 of a HEAD is false', async () => {
    const { store, mock } = mockedStore();
    mock.on(HeadObjectCommand).rejects(serverError('NotFound', 404));
    expect(await store.hasOutput(outputContext())).toBe(false);
  });

  test.each([
    ['AccessDenied', 403],
    ['Forbidden', 403],
    ['SlowDown', 503],
    ['InternalError', 500],
    ['ExpiredToken', 400],
    ['PermanentRedirect', 301],
  ])('%s (%i) is M5002', async (name, status) => {
    const { store, mock } = mockedStore();
    mock.on(HeadObjectCommand).rejects(serverError(name, status));
    mock.on(GetObjectCommand).rejects(serverError(name, status));
    mock.on(ListObjectsV2Command).rejects(serverError(name, status));
    await expect(store.hasOutput(outputContext())).rejects.toMatchObject({
      code: 'M5002',
      details: { s3Error: name, status },
    });
    await expect(store.hasOutputs([outputContext()])).rejects.toMatchObject({ code: 'M5002' });
    await expect(store.loadInput(outputContext())).rejects.toMatchObject({ code: 'M5002' });
    await expect(store.records.segments()).rejects.toMatchObject({ code: 'M5009' });
  });

  test('a connection that is refused is M5002 with its code', async () => {
    const { store, mock } = mockedStore();
    mock.on(HeadObjectCommand).rejects(Object.assign(new Error('connect'), { code: 'ECONNREFUSED' }));
    await expect(store.hasOutput(outputContext())).rejects.toMatchObject({
      code: 'M5002',
      problem: expect.stringMatching(/^Cannot look for clean\.result at s3:\/\/results\/team\/.*: ECONNREFUSED$/),
    });
  });

  test('a bucket that does not exist says so when a value is loaded', async () => {
    const { store, mock } = mockedStore();
    mock.on(GetObjectCommand).rejects(serverError('NoSuchBucket', 404));
    await expect(store.loadInput(outputContext())).rejects.toMatchObject({
      code: 'M5002',
      because: 'the bucket does not exist',
    });
  });
});

describe('what cannot be written', () => {
  test.each([
    ['AccessDenied', 403, 'M5006'],
    ['QuotaExceeded', 403, 'M5006'],
    ['NoSuchBucket', 404, 'M5002'],
    ['SlowDown', 503, 'M5002'],
  ])('%s (%i) is %s', async (name, status, code) => {
    const { store, mock } = mockedStore();
    mock.on(HeadObjectCommand).rejects(serverError('NotFound', 404));
    mock.on(PutObjectCommand).rejects(serverError(name, status));
    await expect(store.handleOutput(outputContext(), 1)).rejects.toMatchObject({ code });
    await expect(store.records.putDocument('pin-a', Buffer.from('{}'), undefined)).rejects.toMatchObject({
      code: 'M5009',
    });
  });

  test('no reply shows a secret', async () => {
    const { store, mock } = mockedStore();
    mock.on(HeadObjectCommand).rejects(serverError('NotFound', 404));
    mock.on(PutObjectCommand).rejects(serverError('SignatureDoesNotMatch', 403));
    const error: unknown = await store.handleOutput(outputContext(), 1).catch((thrown: unknown) => thrown);
    expect(JSON.stringify(error)).not.toContain('secret"');
    expect(error).toMatchObject({ because: 'the secret key is another one' });
  });
});

describe('an abort', () => {
  test('before the work asks nothing', async () => {
    const { store, mock } = mockedStore();
    const signal = AbortSignal.abort(new Error('stop'));
    for (const work of [
      () => store.handleOutput(outputContext({ signal }), 1),
      () => store.loadInput(outputContext({ signal })),
      () => store.hasOutput(outputContext({ signal })),
      () => store.hasOutputs([outputContext({ signal })]),
      ...readings(store).map(
        ({ ask }) =>
          () =>
            ask({ signal }),
      ),
    ])
      await expect(work()).rejects.toThrow('stop');
    expect(mock.calls()).toHaveLength(0);
  });

  test.each(['handleOutput', 'loadInput', 'hasOutput'] as const)(
    'ends %s while the server says nothing',
    async (method) => {
      const { store, mock } = mockedStore();
      const controller = new AbortController();
      const hang = () => {
        controller.abort(new Error('stop'));
        return new Promise<never>(() => {});
      };
      mock.on(PutObjectCommand).callsFake(hang);
      mock.on(GetObjectCommand).callsFake(hang);
      mock.on(HeadObjectCommand).callsFake(hang);
      await expect(store[method](outputContext({ signal: controller.signal }), 1)).rejects.toThrow('stop');
    },
  );

  test.each(readings(mockedStore().store).map(({ name }) => name))(
    'ends the request of %s, which fails with its reason',
    async (name) => {
      const { store, mock, asked } = hangingStore();
      const controller = new AbortController();
      const reading = readings(store)
        .find((each) => each.name === name)
        ?.ask(controller);
      const signal = await asked;
      controller.abort(new Error('stop'));
      await expect(reading).rejects.toThrow('stop');
      expect(signal.aborted).toBe(true);
      expect(mock.calls()).toHaveLength(1);
    },
  );

  test('of a plan ends the requests of its records', async () => {
    const { store, mock, asked } = hangingStore();
    const controller = new AbortController();
    const versions = { id: 'none', getOpVersion: () => '1' };
    const empty = job('empty', { versions, io: store, build: () => ({}) });
    const planning = empty.plan({ signal: controller.signal });
    await asked;
    controller.abort();
    await expect(planning).rejects.toMatchObject({ code: 'M6004' });
    // Segments and pins are asked for at once; the second may not have been sent yet.
    expect(mock.calls().map(({ args }) => signalOf(args).aborted)).not.toContain(false);
  });

  test('of who plans to prune, counts or checks ends the listing', async () => {
    for (const work of [planPrune, storeStats, resultUses, verifyStore]) {
      const { store, mock, asked } = hangingStore();
      const controller = new AbortController();
      const working = work(store, { signal: controller.signal });
      const signal = await asked;
      controller.abort(new Error('stop'));
      await expect(working).rejects.toThrow('stop');
      expect(signal.aborted).toBe(true);
      expect(mock.calls()).toHaveLength(1);
    }
  });

  test('of one reader of a segment leaves the others what they asked for', async () => {
    const { store, mock } = mockedStore();
    const objects = rememberObjects(mock);
    await store.records.append('one', Buffer.from('content'), { flush: true });
    const [[key, bytes] = ['', new Uint8Array()]] = objects;
    mock.on(ListObjectsV2Command).resolves({ Contents: [{ Key: key, Size: bytes.length }] });
    await store.records.segments();
    const controller = new AbortController();
    const asked = new Promise<void>((resolve) => {
      const hang = () => {
        resolve();
        return new Promise<never>(() => {});
      };
      const whole = () => ({ ContentLength: bytes.length, Body: Readable.from([bytes]) });
      mock.on(GetObjectCommand).callsFakeOnce(hang).callsFake(whole);
    });
    const aborted = store.records.read('one', 0, controller);
    const other = store.records.read('one', 0);
    await asked;
    controller.abort(new Error('stop'));
    await expect(aborted).rejects.toThrow('stop');
    expect(Buffer.from(await other).toString()).toBe('content');
  });
});

/** Everything that is read of records, and the listing of values. */
function readings(
  store: S3PickleIOManager,
): readonly { name: string; ask: (reading: RecordReading) => Promise<unknown> }[] {
  const { records } = store;
  return [
    { name: 'segments', ask: async (reading) => records.segments(reading) },
    { name: 'read', ask: async (reading) => records.read('one', 0, reading) },
    { name: 'open', ask: async (reading) => records.open?.('one', reading) },
    { name: 'getDocument', ask: async (reading) => records.getDocument('pin-1', reading) },
    { name: 'documents', ask: async (reading) => records.documents('pin-', reading) },
    { name: 'listOutputs', ask: async (reading) => store.listOutputs(reading).next() },
  ];
}

/** A store whose server says nothing, and the signal of the first request. */
function hangingStore(): ReturnType<typeof mockedStore> & { readonly asked: Promise<AbortSignal> } {
  const mocked = mockedStore();
  const { mock } = mocked;
  const asked = new Promise<AbortSignal>((resolve) => {
    const hang = () => {
      resolve(signalOf(mock.calls()[0]?.args));
      return new Promise<never>(() => {});
    };
    mock.on(GetObjectCommand).callsFake(hang);
    mock.on(ListObjectsV2Command).callsFake(hang);
  });
  return { ...mocked, asked };
}

/** Of the arguments of a request: the command, and how it is sent. */
function signalOf(args: readonly unknown[] = []): AbortSignal {
  return (args[1] as { abortSignal: AbortSignal }).abortSignal;
}

test('a server that hangs is given up after the time that was allowed', async () => {
  const { store, mock } = mockedStore({ timeoutMs: 5 });
  mock.on(HeadObjectCommand).callsFake(() => new Promise<never>(() => {}));
  await expect(store.hasOutput(outputContext())).rejects.toMatchObject({
    code: 'M5002',
    because: 'not done after 5 ms',
    details: { s3Error: 'DeadlineError' },
  });
});
