// A process of some Node version: reads a body over a connection of ours, then another one, and says whether the first one is what was sent.
// Node strips the types of this file and of the sources, so nothing here needs a loader.
import { createServer, get, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isReadHere, readingAgents } from '../../src/reading-agents.ts';
import { letGo } from '../../src/spent-chunks.ts';

const bodyOf = (seed: number) =>
  Buffer.from(new Uint8Array(500_000).map((_, index) => (index * seed + (index >> 8)) % 256));
const BODIES: Readonly<Record<string, Buffer>> = { '/one': bodyOf(3), '/other': bodyOf(7) };

const server = createServer(({ url = '' }, reply) => void reply.end(BODIES[url]));
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
const { port } = server.address() as AddressInfo;
const { httpAgent, httpsAgent } = readingAgents(1);

const ask = (path: string) =>
  new Promise<IncomingMessage>((resolve, reject) => {
    get({ host: '127.0.0.1', port, path, agent: httpAgent }, resolve).on('error', reject);
  });

const kept: Buffer[] = [];
const one = await ask('/one');
const isOurs = isReadHere(one);
for await (const chunk of one) kept.push(chunk);
let left = 0;
for await (const chunk of await ask('/other')) {
  letGo(chunk);
  left += chunk.byteLength;
}
console.log(
  JSON.stringify({ isOurs, same: Buffer.concat(kept).equals(BODIES['/one'] as Buffer), letGo: left < 500_000 }),
);
for (const agent of [httpAgent, httpsAgent]) agent.destroy();
server.close();
