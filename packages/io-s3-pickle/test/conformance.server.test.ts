import { generateKeyPairSync, randomBytes } from 'node:crypto';
import {
  CreateBucketCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { testIOManager } from '@memo/conformance/vitest';
import { trust } from '@memo/core';
import { s3ServerIn } from '@memo/s3-server';
import { test } from 'vitest';
import { SOURCE_NODE } from '../../../tools/source-node/source-node.mjs';
import { s3Pickle } from '../src/index.ts';
import { startFaultProxy } from './support/fault-proxy.ts';
import { skipped } from './support/real-server.ts';

if (skipped === undefined) testIOManager({ name: 's3Pickle()', setup });
else test('the promises of IO managers', ({ skip }) => skip(skipped));

const leases = { holdMs: 1000 };

/** A bucket for each case. Its name begins the prefixes, so that what lies elsewhere has escaped. */
async function setup() {
  const { endpoint, ...credentials } = await s3ServerIn(process.env.MEMO_TEST_S3_DIRECTORY ?? '');
  const clientOptions = { endpoint, region: 'us-east-1', forcePathStyle: true, credentials };
  const bucket = `conformance-${randomBytes(6).toString('hex')}`;
  const prefix = 'one/two/store';
  const client = new S3Client(clientOptions);
  await client.send(new CreateBucketCommand({ Bucket: bucket }));
  const keys = async () => {
    const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket: bucket }));
    return Contents.map(({ Key = '' }) => Key);
  };
  return {
    open: () => s3Pickle({ bucket, prefix, clientOptions, leases }),
    openLimited: (maxBytes: number) => s3Pickle({ bucket, prefix, clientOptions, maxBytes }),
    openFull: async (room: number) => {
      const proxy = await startFaultProxy(endpoint);
      let left = room;
      proxy.inject(({ method, bytes }) => {
        if (method === 'PUT') left -= bytes;
        return { kind: left < 0 && method === 'PUT' ? 'over-quota' : 'pass' };
      });
      const full = s3Pickle({ bucket, prefix, clientOptions: { ...clientOptions, endpoint: proxy.endpoint } });
      const close = full.dispose.bind(full);
      const dispose = async () => {
        await close();
        await proxy.stop();
      };
      return Object.assign(full, { dispose });
    },
    openTroubled: async () => {
      const stranger = s3Pickle({ bucket, prefix, clientOptions });
      await stranger.records.append('of-nobody', Buffer.from('not signed'), { flush: true });
      await stranger.dispose();
      const { privateKey } = generateKeyPairSync('ed25519');
      return s3Pickle({ bucket, prefix, clientOptions, trust: trust({ accept: [], sign: privateKey }) });
    },
    leaseMs: leases.holdMs,
    openUnreachable: () =>
      s3Pickle({ bucket, prefix, clientOptions: { ...clientOptions, endpoint: 'http://127.0.0.1:1', maxAttempts: 1 } }),
    raw: {
      list: async () => (await keys()).filter((key) => /^one\/two\/store\/(?:outputs|runs)\//.test(key)),
      async read(name: string) {
        const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: name }));
        return (await Body?.transformToByteArray()) ?? new Uint8Array();
      },
      async write(name: string, bytes: Uint8Array) {
        await client.send(new PutObjectCommand({ Bucket: bucket, Key: name, Body: bytes }));
      },
    },
    escaped: async () => (await keys()).filter((key) => !key.startsWith(`${prefix}/`)),
    otherProcesses: {
      module: new URL('support/open-store.ts', import.meta.url).href,
      data: { bucket, prefix, clientOptions, leases },
      nodeOptions: SOURCE_NODE,
    },
    dispose: () => client.destroy(),
  };
}
