import type { GraphNode } from '../graph-node.ts';

interface Graph {
  node(path: string): GraphNode | undefined;
}

interface Visit {
  readonly file: GraphNode;
  readonly targets: readonly string[];
  readonly index: number;
  /** The first of all files on the way that is reached again from here. */
  low: number;
  next: number;
}

/** Which files import each other, directly or not: only these may be evaluated before what they import. */
export class ImportCycles {
  readonly #graph: Graph;
  /** A number for each cycle; a file that is in none has its own. */
  readonly #numbers = new Map<GraphNode, number>();
  readonly #visits = new Map<GraphNode, Visit>();

  constructor(graph: Graph) {
    this.#graph = graph;
  }

  /** True for a file and itself, too. */
  areTogether(left: GraphNode, right: GraphNode): boolean {
    return left === right || this.#numberOf(left) === this.#numberOf(right);
  }

  #numberOf(file: GraphNode): number | undefined {
    if (!this.#numbers.has(file)) this.#visitFrom(file);
    return this.#numbers.get(file);
  }

  /** Tarjan's algorithm without recursion. */
  #visitFrom(root: GraphNode): void {
    const path = [this.#enter(root)];
    const open = [root];
    for (let visit = path.at(-1); visit !== undefined; visit = path.at(-1)) {
      const target = visit.targets[visit.next];
      visit.next += 1;
      const file = target === undefined ? undefined : this.#graph.node(target);
      const seen = file && this.#visits.get(file);
      if (target === undefined) {
        path.pop();
        const importer = path.at(-1);
        if (importer !== undefined) importer.low = Math.min(importer.low, visit.low);
        if (visit.low === visit.index) this.#close(open.splice(open.lastIndexOf(visit.file)), visit.index);
      } else if (file !== undefined && seen === undefined) {
        path.push(this.#enter(file));
        open.push(file);
      } else if (seen !== undefined && !this.#numbers.has(seen.file)) visit.low = Math.min(visit.low, seen.index);
    }
  }

  #enter(file: GraphNode): Visit {
    const index = this.#visits.size;
    const visit = { file, targets: [...file.eager], index, low: index, next: 0 };
    this.#visits.set(file, visit);
    return visit;
  }

  #close(files: readonly GraphNode[], number: number): void {
    for (const file of files) this.#numbers.set(file, number);
  }
}
