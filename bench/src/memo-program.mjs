// One run of memo on a graph, as a process of its own: node memo-program.mjs <shape> <n> <phase> <store> <seed>
import { job, memory, op } from '@memo/core';
import { fs } from '@memo/io-fs';
import { makeGraph } from './graph-shapes.mjs';

const [shape, n, phase, store, seed] = process.argv.slice(2);
const graph = makeGraph(shape, Number(n));

let executed = 0;
const node = op('node', {
  version: '1',
  run: ({ from, seed: own }) => {
    executed++;
    let sum = own;
    for (const value of from) sum = (sum * 31 + value) % 1_000_000_007;
    return sum;
  },
});

const bench = job('bench', {
  versions: { id: 'declared', getOpVersion: () => undefined },
  io: store === 'memory' ? memory() : fs(store, { durability: 'none' }),
  build: () => {
    const outputs = [];
    for (const [index, upstream] of graph.upstream.entries()) {
      // Node 0 is what "one change" changes; `-0.5` keeps its values apart from those of all other nodes.
      const own = index === 0 ? -0.5 - Number(seed) : index;
      outputs.push(node({ seed: own, from: upstream.map((other) => outputs[other]) }));
    }
    return { last: outputs.at(-1) };
  },
});

const plans = phase === 'plan' || phase === 'retained';
const memoryBefore = phase === 'retained' ? memoryKept() : 0;
const before = process.cpuUsage();
const start = performance.now();
const ran = plans ? undefined : await bench.run({ journal: false });
const planned = plans ? await bench.plan() : undefined;
const wall = performance.now() - start;
const { user, system } = process.cpuUsage(before);
const retained = phase === 'retained' ? { ...keptOf(planned), againUs: await plannedAgain() } : {};
if (ran?.ok === false) throw ran.failed[0]?.error ?? new Error('The run failed.');
const whole = process.cpuUsage();
console.log(
  JSON.stringify({
    executed,
    wouldRun: planned === undefined ? undefined : planned.run + planned.pending,
    insideMs: wall,
    insideCpuMs: (user + system) / 1000,
    cpuMs: (whole.user + whole.system) / 1000,
    rssMb: process.resourceUsage().maxRSS / 1024,
    ...retained,
  }),
);

/** Bytes a step that a plan keeps, with the bindings that were opened for it. */
function keptOf(plan) {
  const bytes = memoryKept() - memoryBefore;
  return { keptBytes: bytes / plan.steps.length };
}

function memoryKept() {
  globalThis.gc();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** CPU µs a step of the same plan once more, the least of three. */
async function plannedAgain() {
  const costs = [];
  for (let time = 0; time < 3; time++) {
    const from = process.cpuUsage();
    await bench.plan();
    const cost = process.cpuUsage(from);
    costs.push((cost.user + cost.system) / graph.upstream.length);
  }
  return Math.min(...costs);
}
