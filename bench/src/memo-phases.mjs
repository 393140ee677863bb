import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { besideFloor } from './beside-floor.mjs';
import { makeGraph } from './graph-shapes.mjs';
import { median, runProcess } from './measure-process.mjs';

const PROGRAM = fileURLToPath(new URL('memo-program.mjs', import.meta.url));

/** What each phase must execute, so that a figure of a run that did something else is never shown. */
const EXPECTED = {
  cold: (graph) => graph.upstream.length,
  warm: () => 0,
  plan: () => 0,
  change: (graph) => graph.cone,
};

/** Measures memo with a file store in all phases, and cold in memory. Each figure is a process of its own. */
export function measureMemo(shape, n, runs) {
  const graph = makeGraph(shape, n);
  const directory = mkdtempSync(join(tmpdir(), 'memo-bench-'));
  try {
    return [
      row(
        graph,
        'cold, in memory',
        repeat(runs, () => besideFloor(() => run(graph, 'cold', 'memory', 0))),
      ),
      ...['cold', 'warm', 'plan', 'change'].map((phase) =>
        row(graph, phase, filePhase(graph, phase, { directory, runs })),
      ),
    ];
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function filePhase(graph, phase, { directory, runs }) {
  const store = join(directory, 'store');
  if (phase !== 'cold')
    return repeat(runs, (at) => besideFloor(() => run(graph, phase, store, phase === 'change' ? at + 1 : 0)));
  const measured = repeat(runs, (at) => besideFloor(() => run(graph, 'cold', join(directory, `cold-${at}`), 0)));
  // The store of the phases that follow.
  run(graph, 'cold', store, 0);
  return measured;
}

function repeat(runs, measure) {
  return Array.from({ length: runs }, (_, at) => measure(at));
}

function run(graph, phase, store, seed) {
  const { stdout, wallMs } = runProcess(process.execPath, [
    PROGRAM,
    graph.shape,
    String(graph.n),
    phase,
    store,
    String(seed),
  ]);
  const figures = JSON.parse(stdout.trim().split('\n').at(-1));
  const expected = EXPECTED[phase](graph);
  if (figures.executed !== expected)
    throw new Error(`memo ${graph.shape} ${graph.n} ${phase}: ${figures.executed} steps ran, not ${expected}.`);
  return { ...figures, wallMs };
}

function row(graph, phase, measured) {
  const steps = graph.upstream.length;
  return {
    peer: 'memo',
    shape: graph.shape,
    n: graph.n,
    phase,
    executed: measured[0].executed,
    wallMs: median(measured.map(({ wallMs }) => wallMs)),
    cpuMs: median(measured.map(({ cpuMs }) => cpuMs)),
    insideUs: (median(measured.map(({ insideCpuMs }) => insideCpuMs)) * 1000) / steps,
    floors: median(measured.map(({ insideCpuMs, floorUs }) => (insideCpuMs * 1000) / steps / floorUs)),
    rssMb: Math.max(...measured.map(({ rssMb }) => rssMb)),
    runs: measured.length,
  };
}
