/**
 * The graphs that everything is measured on. `upstream[i]` lists the nodes that node i reads, always earlier ones.
 * `wide`: n sources and one node that reads all. `chain`: each reads the one before. `layered`: ten layers, each node reads three of
 * the layer before, drawn from a fixed seed.
 */
export const SHAPES = ['wide', 'chain', 'layered'];

/** A graph, the nodes that nothing reads, and how many nodes depend on node 0 (itself included). */
export function makeGraph(shape, n) {
  const upstream = UPSTREAM[shape](n);
  const read = new Uint8Array(upstream.length);
  for (const nodes of upstream) for (const node of nodes) read[node] = 1;
  const sinks = upstream.flatMap((_, node) => (read[node] === 0 ? [node] : []));
  const dirty = new Uint8Array(upstream.length);
  dirty[0] = 1;
  for (let node = 1; node < upstream.length; node++)
    if (upstream[node].some((other) => dirty[other] === 1)) dirty[node] = 1;
  return { shape, n, upstream, sinks, cone: dirty.reduce((sum, one) => sum + one, 0) };
}

const UPSTREAM = {
  wide: (n) => [...Array.from({ length: n }, () => []), Array.from({ length: n }, (_, node) => node)],
  chain: (n) => Array.from({ length: n }, (_, node) => (node === 0 ? [] : [node - 1])),
  layered: (n) => {
    const random = seeded(42);
    const width = Math.ceil(n / 10);
    return Array.from({ length: n }, (_, node) => {
      const layer = Math.floor(node / width);
      if (layer === 0) return [];
      const drawn = new Set();
      while (drawn.size < Math.min(3, width)) drawn.add((layer - 1) * width + Math.floor(random() * width));
      return [...drawn].sort((a, b) => a - b);
    });
  },
};

/** Numbers in [0, 1) that are the same on every machine. */
function seeded(seed) {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}
