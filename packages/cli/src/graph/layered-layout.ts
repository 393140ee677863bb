import type { StepGraph } from './step-graph.ts';

/** Where a node goes: its layer, counted from the sources, and its place in it. */
export interface Placed {
  readonly layer: number;
  readonly slot: number;
}

const SWEEPS = 4;

/**
 * Places nodes in layers, each below all that it needs, and in an order that keeps edges short: a few sweeps by the mean of the
 * neighbours. Time grows with nodes and edges, and with the sorting of layers.
 */
export function layeredLayout({ nodes, edges }: StepGraph): ReadonlyMap<string, Placed> {
  const layer = new Map(nodes.map(({ id }) => [id, 0]));
  const [before, after] = [neighbours(edges, 'to', 'from'), neighbours(edges, 'from', 'to')];
  for (const { id } of nodes)
    for (const source of before.get(id) ?? [])
      layer.set(id, Math.max(layer.get(id) ?? 0, (layer.get(source) ?? 0) + 1));
  const layers: string[][] = [];
  for (const { id } of nodes) {
    const index = layer.get(id) as number;
    const list = layers[index] ?? [];
    list.push(id);
    layers[index] = list;
  }
  const slot = new Map<string, number>();
  const number = (): void => {
    for (const list of layers) for (const [index, id] of list.entries()) slot.set(id, index - (list.length - 1) / 2);
  };
  number();
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    const near = sweep % 2 === 0 ? before : after;
    for (const list of sweep % 2 === 0 ? layers : layers.toReversed()) {
      const mean = new Map(list.map((id) => [id, meanOf(near.get(id) ?? [], slot) ?? (slot.get(id) as number)]));
      list.sort((a, b) => (mean.get(a) as number) - (mean.get(b) as number));
    }
    number();
  }
  return new Map(nodes.map(({ id }) => [id, { layer: layer.get(id) as number, slot: slot.get(id) as number }]));
}

function neighbours(
  edges: StepGraph['edges'],
  of: 'from' | 'to',
  other: 'from' | 'to',
): ReadonlyMap<string, readonly string[]> {
  const lists = new Map<string, string[]>();
  for (const edge of edges) {
    const list = lists.get(edge[of]) ?? [];
    list.push(edge[other]);
    lists.set(edge[of], list);
  }
  return lists;
}

function meanOf(ids: readonly string[], slot: ReadonlyMap<string, number>): number | undefined {
  if (ids.length === 0) return undefined;
  return ids.reduce((sum, id) => sum + (slot.get(id) ?? 0), 0) / ids.length;
}
