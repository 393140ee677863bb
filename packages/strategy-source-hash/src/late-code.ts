import type { GraphNode } from './graph-node.ts';

/** True when a file leads to something that may be loaded, read or started only when its functions run. */
export function loadsLate({ late }: GraphNode): boolean {
  return late !== undefined && (late.targets.size > 0 || late.sources.length > 0 || late.areMissing);
}

/** The files that may be loaded late: those that the given ones lead to in such a way, and all that these reach. */
export function lateNodes(
  nodes: readonly (GraphNode | undefined)[],
  graph: { node(path: string): GraphNode | undefined },
): readonly GraphNode[] {
  const paths = new Set(nodes.flatMap((node) => [...(node?.late?.targets ?? [])]));
  const found: GraphNode[] = [];
  for (const path of paths) {
    const node = graph.node(path);
    if (node === undefined) continue;
    found.push(node);
    for (const target of node.targets) paths.add(target);
  }
  return found;
}

/** What decides the content of late files, and of the packages that are loaded late by any of the given ones. */
export function lateSources(nodes: readonly GraphNode[], late: readonly GraphNode[]): readonly string[] {
  return [
    ...nodes.flatMap((node) => node.late?.sources ?? []),
    ...late.flatMap((node) => [...node.sources, ...[...node.trees].flatMap((tree) => tree.sources)]),
  ];
}
