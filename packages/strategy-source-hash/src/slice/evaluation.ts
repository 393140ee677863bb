import type { GraphNode } from '../graph-node.ts';
import type { UnitPart } from './linker.ts';

/** The modules that are loaded with some files, in the order in which they are evaluated. */
export class Evaluation {
  /** Dependencies first; what may be loaded later stands where it is first mentioned. */
  readonly files: readonly GraphNode[];
  readonly #places: ReadonlyMap<GraphNode, number>;

  constructor(roots: readonly string[], graph: { node(path: string): GraphNode | undefined }) {
    this.files = evaluatedFrom(roots, graph);
    this.#places = new Map(this.files.map((file, place) => [file, place]));
  }

  has(part: UnitPart): boolean {
    return this.#places.has(part.file);
  }

  compare(left: UnitPart, right: UnitPart): number {
    const files = (this.#places.get(left.file) ?? 0) - (this.#places.get(right.file) ?? 0);
    return files === 0 ? left.index - right.index : files;
  }
}

/** Depth first, without recursion: a file comes after all that it loads, but for cycles. */
function evaluatedFrom(roots: readonly string[], graph: { node(path: string): GraphNode | undefined }): GraphNode[] {
  const done: GraphNode[] = [];
  const entered = new Set<GraphNode>();
  const open: { readonly node: GraphNode; next: number }[] = [];
  const enter = (path: string): void => {
    const node = graph.node(path);
    if (node === undefined || entered.has(node)) return;
    entered.add(node);
    open.push({ node, next: 0 });
  };
  for (const root of roots) {
    enter(root);
    for (let top = open.at(-1); top !== undefined; top = open.at(-1)) {
      const target = top.node.evaluated[top.next];
      top.next += 1;
      if (target !== undefined) enter(target);
      else {
        open.pop();
        done.push(top.node);
      }
    }
  }
  return done;
}
