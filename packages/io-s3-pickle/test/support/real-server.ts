import { randomBytes } from 'node:crypto';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { s3ServerIn, whyNoS3Server } from '@memo/s3-server';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { S3PickleIOManager, type S3PickleOptions } from '../../src/index.ts';
import { type FaultProxy, startFaultProxy } from './fault-proxy.ts';

/** Why the tests of a file that need the server are skipped; where it is required they fail instead. */
export const skipped: string | undefined = process.env.MEMO_REQUIRE_SERVERS === '1' ? undefined : whyNoS3Server();

/** A bucket of its own for the tests of a file, on the real server and behind a proxy that can fail. */
export interface RealBucket {
  readonly bucket: string;
  readonly proxy: FaultProxy;
  /** A manager that is disposed after the test, under a prefix that `fresh()` changes. */
  open(options?: Partial<S3PickleOptions>): S3PickleIOManager;
  /** A client that goes to the server directly. */
  client(): S3Client;
  fresh(): string;
}

/** To be called at the top of a file. */
export function realBucket(): RealBucket {
  const bucket = `memo-${randomBytes(6).toString('hex')}`;
  const managers: S3PickleIOManager[] = [];
  const clients: S3Client[] = [];
  let reach: { endpoint: string; accessKeyId: string; secretAccessKey: string };
  let proxy: FaultProxy;
  let prefix = 'test/0';
  let next = 1;

  const config = (endpoint: string) => ({
    endpoint,
    region: 'us-east-1',
    forcePathStyle: true,
    credentials: { accessKeyId: reach.accessKeyId, secretAccessKey: reach.secretAccessKey },
  });
  const client = () => {
    const made = new S3Client(config(reach.endpoint));
    clients.push(made);
    return made;
  };

  if (skipped === undefined) {
    beforeAll(async () => {
      reach = await s3ServerIn(process.env.MEMO_TEST_S3_DIRECTORY ?? '');
      proxy = await startFaultProxy(reach.endpoint);
      await client().send(new CreateBucketCommand({ Bucket: bucket }));
    });
    afterEach(async () => {
      await Promise.all(managers.splice(0).map((manager) => manager.dispose()));
      proxy.heal();
    });
    afterAll(async () => {
      for (const made of clients.splice(0)) made.destroy();
      await proxy.stop();
    });
  }

  return {
    bucket,
    get proxy() {
      return proxy;
    },
    client,
    fresh() {
      prefix = `test/${next++}`;
      return prefix;
    },
    open(options = {}) {
      const clientOptions = { maxAttempts: 4, ...config(proxy.endpoint), ...options.clientOptions };
      const manager = new S3PickleIOManager({ bucket, prefix, ...options, clientOptions });
      managers.push(manager);
      return manager;
    },
  };
}
