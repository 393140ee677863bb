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

const before = process.cpuUsage();
const start = performance.now();
const ran = phase === 'plan' ? undefined : await bench.run({ journal: false });
const planned = phase === 'plan' ? await bench.plan() : undefined;
const wall = performance.now() - start;
const { user, system } = process.cpuUsage(before);
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
  }),
);
