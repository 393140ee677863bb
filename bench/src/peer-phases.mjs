import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeGraph } from './graph-shapes.mjs';
import { median } from './measure-process.mjs';
import { reset } from './peers.mjs';

/** Measures a peer cold, warm and after one change; the number of nodes that ran is counted by the nodes themselves. */
export function measurePeer(peer, { shape, n }, runs) {
  const graph = makeGraph(shape, n);
  const directory = mkdtempSync(join(tmpdir(), `memo-bench-${peer.name}-`));
  try {
    peer.setUp(directory, graph);
    peer.change(directory, 0);
    const cold = Array.from({ length: runs }, () => {
      reset(directory);
      return once(peer, directory);
    });
    const warm = Array.from({ length: runs }, () => once(peer, directory));
    const change = Array.from({ length: runs }, (_, round) => {
      peer.change(directory, round + 1);
      return once(peer, directory);
    });
    return [row(peer, graph, 'cold', cold), row(peer, graph, 'warm', warm), row(peer, graph, 'change', change)];
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function once(peer, directory) {
  const ran = join(directory, 'ran');
  writeFileSync(ran, '');
  const measured = peer.run(directory);
  return { ...measured, executed: readFileSync(ran, 'utf8').split('\n').length - 1 };
}

function row(peer, graph, phase, measured) {
  const cpu = measured.map(({ cpuMs }) => cpuMs).filter((value) => value !== undefined);
  return {
    peer: peer.name,
    shape: graph.shape,
    n: graph.n,
    phase,
    executed: measured[0].executed,
    wallMs: median(measured.map(({ wallMs }) => wallMs)),
    ...(cpu.length === 0 ? {} : { cpuMs: median(cpu), rssMb: Math.max(...measured.map(({ rssMb }) => rssMb)) }),
    runs: measured.length,
  };
}
