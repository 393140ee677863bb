import type { GraphNode } from '../graph-node.ts';
import type { UnitPart } from './linker.ts';

/** The modules that are loaded with some files, in the order in which they are evaluated. */
export class Evaluation {
  /** Dependencies first; what may be loaded later stands where it is first mentioned. */
  readonly files: readonly GraphNode[];
  readonly #places: ReadonlyMap<GraphNode, number>;
  readonly #graph: Graph;
  readonly #roots: readonly string[];
  readonly #late = new Map<string, readonly GraphNode[]>();
  #eager: ReadonlySet<GraphNode> | undefined;

  constructor(roots: readonly string[], graph: Graph) {
    this.#graph = graph;
    this.files = evaluatedFrom(roots, graph);
    this.#places = new Map(this.files.map((file, place) => [file, place]));
    this.#roots = roots;
  }

  /** The files that are loaded when one is, and not before, in their order: loading them may fail while an op runs. */
  lateWith(path: string): readonly GraphNode[] {
    this.#eager ??= eagerFrom(this.#roots, this.#graph);
    const eager = this.#eager;
    const known = this.#late.get(path);
    const late = known ?? [...eagerFrom([path], this.#graph)].filter((file) => !eager.has(file)).sort(this.#byPlace);
    this.#late.set(path, late);
    return late;
  }

  /** For each file the places in the list of those that are loaded before it. */
  dependenciesAmong(files: readonly GraphNode[]): readonly (readonly number[])[] {
    return files.map((file) => {
      const before = eagerFrom([file.path], this.#graph);
      return files.flatMap((other, place) => (other !== file && before.has(other) ? [place] : []));
    });
  }

  has(part: UnitPart): boolean {
    return this.#places.has(part.file);
  }

  compare(left: UnitPart, right: UnitPart): number {
    const files = this.#byPlace(left.file, right.file);
    return files === 0 ? left.index - right.index : files;
  }

  readonly #byPlace = (left: GraphNode, right: GraphNode): number =>
    (this.#places.get(left) ?? 0) - (this.#places.get(right) ?? 0);
}

interface Graph {
  node(path: string): GraphNode | undefined;
}

/** Files with all that is loaded before them. */
function eagerFrom(paths: readonly string[], graph: Graph): ReadonlySet<GraphNode> {
  const found = new Set(paths.flatMap((path) => graph.node(path) ?? []));
  for (const file of found) {
    for (const path of file.eager) {
      const target = graph.node(path);
      if (target !== undefined) found.add(target);
    }
  }
  return found;
}

/** Depth first, without recursion: a file comes after all that it loads, but for cycles. */
function evaluatedFrom(roots: readonly string[], graph: Graph): GraphNode[] {
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
