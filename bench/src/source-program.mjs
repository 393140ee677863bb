// Versions all ops of a generated program, as a process of its own: node source-program.mjs <project> <cache> [profile]
import { Session } from 'node:inspector/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { job, memory } from '@memo/core';
import { sourceHash } from '@memo/strategy-source-hash';

const [project, cache, profile] = process.argv.slice(2);
const { ops } = await import(pathToFileURL(join(project, 'src/main.js')).href);
const strategy = sourceHash({ cache });
const asked = { versions: [], contexts: [] };

const bench = job('bench', {
  // The bench asks again by itself: what the strategy takes is measured apart from planning.
  versions: {
    id: strategy.id,
    getVersions(contexts) {
      asked.contexts = contexts;
      return measured(contexts);
    },
  },
  io: memory(),
  build: () => Object.fromEntries(ops.map((op, index) => [`out${index}`, op({ rows: [index] })])),
});

const session = profile === 'profile' ? new Session() : undefined;
let first;
await bench.plan();
const again = await timed(() => strategy.getVersions(asked.contexts));
console.log(
  JSON.stringify({
    versions: asked.versions,
    ms: first.ms,
    cpuMs: first.cpuMs,
    heapMb: first.heapMb,
    again: again.ms,
    rssMb: process.resourceUsage().maxRSS / 1024,
    profile: first.profile,
  }),
);

async function measured(contexts) {
  globalThis.gc?.();
  const heap = process.memoryUsage().heapUsed;
  await startProfile();
  const { ms, cpuMs, value } = await timed(() => strategy.getVersions(contexts));
  const samples = await endProfile();
  globalThis.gc?.();
  first = { ms, cpuMs, heapMb: (process.memoryUsage().heapUsed - heap) / 2 ** 20, profile: samples };
  asked.versions = value.map((answer) => answer?.version);
  return value;
}

async function timed(run) {
  const before = process.cpuUsage();
  const start = performance.now();
  const value = await run();
  const ms = performance.now() - start;
  const { user, system } = process.cpuUsage(before);
  return { ms, cpuMs: (user + system) / 1000, value };
}

async function startProfile() {
  if (session === undefined) return;
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.start');
}

/** Milliseconds by where they were spent: a file of the strategy, a native call, the engine itself. */
async function endProfile() {
  if (session === undefined) return undefined;
  const { profile: taken } = await session.post('Profiler.stop');
  const nodes = new Map(taken.nodes.map((node) => [node.id, node]));
  const spent = new Map();
  for (const [index, id] of taken.samples.entries()) {
    const { functionName, url } = nodes.get(id).callFrame;
    const place = url === '' ? functionName : url.startsWith('node:') ? url : url.split('/dist/').at(-1);
    spent.set(place, (spent.get(place) ?? 0) + taken.timeDeltas[index] / 1000);
  }
  return [...spent].sort(([, left], [, right]) => right - left).slice(0, 12);
}
