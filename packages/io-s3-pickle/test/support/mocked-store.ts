import { Readable } from 'node:stream';
import {
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { mockClient } from 'aws-sdk-client-mock';
import { afterEach } from 'vitest';
import { S3PickleIOManager, type S3PickleOptions } from '../../src/index.ts';

const clients: S3Client[] = [];

afterEach(() => {
  for (const client of clients.splice(0)) client.destroy();
});

/** A manager over a client that sends nothing, and what is asked of it. */
export function mockedStore(options: Partial<S3PickleOptions> = {}) {
  const client = new S3Client({ region: 'nowhere-1', credentials: { accessKeyId: 'id', secretAccessKey: 'secret' } });
  clients.push(client);
  const mock = mockClient(client);
  return { store: new S3PickleIOManager({ bucket: 'results', prefix: 'team', client, ...options }), mock, client };
}

/** What the SDK throws for a reply of a server. */
export function serverError(name: string, status: number): S3ServiceException {
  return new S3ServiceException({ name, $fault: 'server', message: name, $metadata: { httpStatusCode: status } });
}

/** Behaves as a server that keeps objects in memory, those that are given first, and honours conditions; without `tags` it gives no ETag. */
export function rememberObjects(
  mock: ReturnType<typeof mockedStore>['mock'],
  { tags = true, objects = new Map<string, Uint8Array>() } = {},
): Map<string, Uint8Array> {
  const tag = (bytes: Uint8Array) => (tags ? { ETag: `"${bytes.length}"` } : {});
  const writes = new Map<string, string>();
  mock.on(PutObjectCommand).callsFake(({ Key, Body, IfNoneMatch, Metadata }) => {
    if (IfNoneMatch === '*' && objects.has(Key)) throw serverError('PreconditionFailed', 412);
    objects.set(Key, Body);
    writes.set(Key, Metadata['memo-write']);
    return tag(Body);
  });
  mock.on(HeadObjectCommand).callsFake(({ Key }) => {
    const bytes = objects.get(Key);
    if (bytes === undefined) throw serverError('NotFound', 404);
    return { ContentLength: bytes.length, ...tag(bytes), Metadata: { 'memo-write': writes.get(Key) } };
  });
  mock.on(GetObjectCommand).callsFake(({ Key, Range }) => {
    const bytes = objects.get(Key);
    if (bytes === undefined) throw serverError('NoSuchKey', 404);
    const from = Number(/^bytes=(\d+)-$/.exec(Range ?? '')?.[1] ?? 0);
    const part = bytes.subarray(from);
    const Metadata = { 'memo-write': writes.get(Key) };
    return { ContentLength: part.length, ...tag(bytes), Metadata, Body: Readable.from([part]) };
  });
  return objects;
}
