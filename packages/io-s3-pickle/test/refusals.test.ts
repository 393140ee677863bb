import { GetObjectCommand, HeadObjectCommand, ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3';
import { outputContext } from '@memo/core/testing';
import { describe, expect, test } from 'vitest';
import { mockedStore, serverError } from './support/mocked-store.ts';

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
});

test('a server that hangs is given up after the time that was allowed', async () => {
  const { store, mock } = mockedStore({ timeoutMs: 5 });
  mock.on(HeadObjectCommand).callsFake(() => new Promise<never>(() => {}));
  await expect(store.hasOutput(outputContext())).rejects.toMatchObject({
    code: 'M5002',
    because: 'not done after 5 ms',
    details: { s3Error: 'DeadlineError' },
  });
});
