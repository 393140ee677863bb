import { createServer, get, type IncomingMessage, type RequestListener } from 'node:http';
import { createServer as createSecureServer, get as getSecurely } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterAll, describe, expect, test } from 'vitest';
import { isReadHere, readingAgents } from '../src/reading-agents.ts';
import { letGo } from '../src/spent-chunks.ts';

const BODY = Buffer.alloc(700_000).map((_, index) => (index * 7 + (index >> 8)) % 256);

/** Answers with the body, whole or cut off, in a few writes. */
const answer: RequestListener = ({ url }, reply) => {
  reply.writeHead(200, url === '/chunked' ? {} : { 'content-length': BODY.length });
  reply.write(BODY.subarray(0, 300_000), () => (url === '/cut' ? reply.destroy() : reply.end(BODY.subarray(300_000))));
};

// Both sides know a key: so that nobody needs a certificate.
const PSK = {
  ciphers: 'PSK',
  maxVersion: 'TLSv1.2',
  pskCallback: () => ({ psk: Buffer.alloc(32, 1), identity: 'test' }),
} as const;

const plain = createServer(answer);
const secure = createSecureServer({ ...PSK, pskCallback: () => Buffer.alloc(32, 1) }, answer);
for (const server of [plain, secure]) server.keepAliveTimeout = 0;
const { httpAgent, httpsAgent } = readingAgents(4);

afterAll(() => {
  for (const agent of [httpAgent, httpsAgent]) agent.destroy();
  for (const server of [plain, secure]) server.close();
});

describe.each(['http', 'https'] as const)('a connection over %s', (scheme) => {
  const ask = async (path: string): Promise<IncomingMessage> => {
    const server = scheme === 'http' ? plain : secure;
    if (!server.listening) await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const place = { host: '127.0.0.1', port, path };
    return new Promise((resolve, reject) => {
      const asked =
        scheme === 'http'
          ? get({ ...place, agent: httpAgent }, resolve)
          : getSecurely({ ...place, ...PSK, agent: httpsAgent, checkServerIdentity: () => undefined }, resolve);
      asked.on('error', reject);
    });
  };

  const chunksOf = async (reply: IncomingMessage): Promise<Uint8Array[]> => {
    const chunks: Uint8Array[] = [];
    for await (const chunk of reply) chunks.push(chunk);
    return chunks;
  };

  test.each(['/whole', '/chunked'])(
    'gives %s, in chunks that stay as they are whatever is read after them',
    async (path) => {
      const reply = await ask(path);
      expect(isReadHere(reply)).toBe(true);
      const chunks = await chunksOf(reply);
      await chunksOf(await ask(path));
      expect(Buffer.concat(chunks).equals(BODY)).toBe(true);
    },
  );

  test('is used for the next request, too', async () => {
    const ports = new Set<number | undefined>();
    for (let turn = 0; turn < 3; turn++) {
      const reply = await ask('/whole');
      ports.add(reply.socket.localPort);
      await chunksOf(reply);
    }
    expect(ports.size).toBe(1);
  });

  test('gives many bodies at once', async () => {
    const bodies = await Promise.all(Array.from({ length: 8 }, async () => chunksOf(await ask('/whole'))));
    for (const chunks of bodies) expect(Buffer.concat(chunks).equals(BODY)).toBe(true);
  });

  test('that is cut off fails', async () => {
    await expect(ask('/cut').then(chunksOf)).rejects.toThrow('aborted');
  });

  test('gives chunks that can be let go as they come', async () => {
    const received: Buffer[] = [];
    const lengths: number[] = [];
    for await (const chunk of await ask('/whole')) {
      received.push(Buffer.from(chunk));
      letGo(chunk);
      lengths.push(chunk.byteLength);
    }
    expect(Buffer.concat(received).equals(BODY)).toBe(true);
    expect(lengths).toContain(0);
  });
});

test('only replies to requests of such an agent are its own', () => {
  expect(isReadHere({})).toBe(false);
  expect(isReadHere({ socket: null })).toBe(false);
});

test('a chunk that is a window on more, or of little worth, is not let go', () => {
  const whole = new Uint8Array(100_000).fill(7);
  const chunks = [whole.subarray(1), new Uint8Array(100).fill(7)];
  for (const chunk of chunks) {
    letGo(chunk);
    expect(chunk.every((byte) => byte === 7)).toBe(true);
    expect(chunk.byteLength).toBeGreaterThan(0);
  }
});
