import { dirname } from 'node:path';
import { byCodeUnits, type Digest, digestList } from './digest.ts';
import type { GraphNode } from './graph-node.ts';
import { relativePath } from './relative-path.ts';
import type { SourceGraph } from './source-graph.ts';

/**
 * Digests of everything that can be reached from a file. Files that reach each other form one component and share its
 * digest, so cycles need no special care; all names in it are relative, so the place of the checkout does not count.
 */
export class GraphDigests {
  readonly #graph: SourceGraph;
  readonly #digests = new Map<string, Digest>();

  constructor(graph: SourceGraph) {
    this.#graph = graph;
  }

  /** The digest of a file with all that it reaches; `undefined` when there is no such file. */
  of(path: string): Digest | undefined {
    if (!this.#digests.has(path)) this.#visit(path);
    return this.#digests.get(path);
  }

  /** Tarjan's algorithm without recursion: components come out after all those that they lead to. */
  #visit(root: string): void {
    const order = new Map<string, Visit>();
    const open: Visit[] = [];
    const path: Visit[] = [];
    const enter = (name: string): void => {
      const node = this.#graph.node(name);
      if (node === undefined) return;
      const visit = { node, index: order.size, low: order.size, next: 0, isOpen: true };
      order.set(name, visit);
      open.push(visit);
      path.push(visit);
    };
    enter(root);
    for (let visit = path.at(-1); visit !== undefined; visit = path.at(-1)) {
      const target = visit.node.targets[visit.next];
      if (target === undefined) {
        path.pop();
        const caller = path.at(-1);
        if (caller !== undefined) caller.low = Math.min(caller.low, visit.low);
        if (visit.low === visit.index) this.#close(componentOf(open, visit));
        continue;
      }
      visit.next += 1;
      const seen = order.get(target);
      if (seen === undefined && !this.#digests.has(target)) enter(target);
      else if (seen?.isOpen === true) visit.low = Math.min(visit.low, seen.index);
    }
  }

  #close(members: readonly GraphNode[]): void {
    const sorted = [...members].sort((left, right) => byCodeUnits(left.path, right.path));
    const base = dirname(sorted[0]?.path ?? '');
    const names = new Map(sorted.map((member) => [member.path, relativePath(base, member.path)]));
    const parts = sorted.flatMap((member) => [
      names.get(member.path) ?? '',
      member.digest,
      ...member.targets.map((target) => {
        const name = names.get(target);
        return name === undefined ? `out ${this.#digests.get(target) ?? 'gone'}` : `in ${name}`;
      }),
    ]);
    const component = digestList(parts);
    for (const [path, name] of names) this.#digests.set(path, digestList([component, members.length > 1 ? name : '']));
  }
}

interface Visit {
  readonly node: GraphNode;
  readonly index: number;
  low: number;
  next: number;
  isOpen: boolean;
}

function componentOf(open: Visit[], root: Visit): readonly GraphNode[] {
  const members = open.splice(open.indexOf(root));
  for (const member of members) member.isOpen = false;
  return members.map((member) => member.node);
}
