import type { IOManagerHarness } from '@memo/conformance';
import { planIOManager } from '@memo/conformance';
import { Redis } from 'ioredis';
import { afterAll, describe, test } from 'vitest';
import { SOURCE_NODE } from '../../../tools/source-node/source-node.mjs';
import { open } from './open-storage.ts';
import { missingRedis, type RedisServer, startRedis } from './redis-server.ts';

const reason = missingRedis();
let server: RedisServer | undefined;
let client: Redis | undefined;
let count = 0;

afterAll(async () => {
  client?.disconnect();
  await server?.stop();
});

/** Each case gets keys of its own on one server, and looks at them by a connection of the tests. */
function harnessOn(port: number, redis: Redis): IOManagerHarness {
  return {
    name: '@memo/io-unstorage on redis',
    setup() {
      const prefix = `case-${count++}`;
      return {
        open: () => open({ port, prefix }),
        openLimited: (maxBytes) => open({ port, prefix }, { maxBytes }),
        openUnreachable: () => open({ port: 1, prefix }),
        otherProcesses: {
          module: new URL('open-storage.ts', import.meta.url).href,
          data: { port, prefix },
          nodeOptions: SOURCE_NODE,
        },
        raw: {
          list: () => redis.keys(`${prefix}:*`),
          read: async (name) => (await redis.getBuffer(name)) ?? Buffer.alloc(0),
          write: async (name, bytes) => {
            await redis.set(name, Buffer.from(bytes));
          },
        },
        dispose: async () => {
          const names = await redis.keys(`${prefix}:*`);
          if (names.length > 0) await redis.unlink(...names);
        },
      };
    },
  };
}

describe('@memo/io-unstorage on redis', async () => {
  if (reason !== undefined) {
    test('keeps the promises of IO managers', ({ skip }) => skip(reason));
    return;
  }
  server = await startRedis();
  client = new Redis(server.port, '127.0.0.1');
  const { cases } = await planIOManager(harnessOn(server.port, client));
  for (const { id, title, skip, run } of cases) if (skip === undefined) test(`${id}: ${title}`, run);
});
