import { byCodeUnits } from '../digest.ts';
import type { GraphNode } from '../graph-node.ts';
import type { UnitPart } from './part.ts';

/** The modules that are loaded with some files, in the order in which they are evaluated. */
export class Evaluation {
  readonly roots: readonly string[];
  #files: readonly GraphNode[] | undefined;
  #places: ReadonlyMap<GraphNode, number> | undefined;
  readonly #graph: FileLoads;
  readonly #late = new Map<string, readonly GraphNode[]>();
  readonly #programs = new Map<string, Evaluation>();
  #eager: ReadonlySet<GraphNode> | undefined;

  constructor(roots: readonly string[], graph: FileLoads) {
    this.#graph = graph;
    this.roots = roots;
  }

  /** Dependencies first; what may be loaded later stands where it is first mentioned. */
  get files(): readonly GraphNode[] {
    this.#files ??= evaluatedFrom(this.roots, this.#graph);
    return this.#files;
  }

  /** True when all files are such ones. `known` are some that are, with all that they load; what is found to be is added to them. */
  hasOnly(isOne: (file: GraphNode) => boolean, known: Set<GraphNode>): boolean {
    const met = new Set(this.roots.flatMap((path) => this.#graph.node(path) ?? []));
    for (const file of met) {
      if (known.has(file)) continue;
      if (!isOne(file)) return false;
      for (const target of this.#graph.evaluatedBy(file)) met.add(target);
    }
    for (const file of met) known.add(file);
    return true;
  }

  /** The files that are loaded when one is, and not before, in their order: loading them may fail while an op runs. */
  lateWith(path: string): readonly GraphNode[] {
    const known = this.#late.get(path);
    const eager = this.#eagerFiles();
    const late = known ?? [...eagerFrom([path], this.#graph)].filter((file) => !eager.has(file)).sort(this.#byPlace);
    this.#late.set(path, late);
    return late;
  }

  /** That of a program of its own, such as a worker, which may fail on files that this one has loaded without. */
  program(path: string): Evaluation {
    const known = this.#programs.get(path) ?? new Evaluation([path], this.#graph);
    this.#programs.set(path, known);
    return known;
  }

  /** The files that are loaded before the first of them is done, in their order. */
  atOnce(): readonly GraphNode[] {
    const eager = this.#eagerFiles();
    return this.files.filter((file) => eager.has(file));
  }

  #eagerFiles(): ReadonlySet<GraphNode> {
    this.#eager ??= eagerFrom(this.roots, this.#graph);
    return this.#eager;
  }

  /** For each file the places in the list of those that are loaded before it. */
  dependenciesAmong(files: readonly GraphNode[]): readonly (readonly number[])[] {
    return files.map((file) => {
      const before = eagerFrom([file.path], this.#graph);
      return files.flatMap((other, place) => (other !== file && before.has(other) ? [place] : []));
    });
  }

  has(part: UnitPart): boolean {
    return this.#placeOf(part.file) !== undefined;
  }

  compare(left: UnitPart, right: UnitPart): number {
    const files = this.#byPlace(left.file, right.file);
    return files === 0 ? left.index - right.index : files;
  }

  readonly #byPlace = (left: GraphNode, right: GraphNode): number =>
    (this.#placeOf(left) ?? 0) - (this.#placeOf(right) ?? 0);

  /** Most programs have nothing whose place counts. */
  #placeOf(file: GraphNode): number | undefined {
    this.#places ??= new Map(this.files.map((one, place) => [one, place]));
    return this.#places.get(file);
  }
}

interface Graph {
  node(path: string): GraphNode | undefined;
}

/** Which files load which: found once for the evaluations of one graph. */
export class FileLoads implements Graph {
  readonly #graph: Graph;
  readonly #evaluated = new Map<GraphNode, readonly GraphNode[]>();

  constructor(graph: Graph) {
    this.#graph = graph;
  }

  node(path: string): GraphNode | undefined {
    return this.#graph.node(path);
  }

  /** The files that are loaded with one or by it, in that order. */
  evaluatedBy(file: GraphNode): readonly GraphNode[] {
    const known = this.#evaluated.get(file) ?? file.evaluated.flatMap((path) => this.node(path) ?? []);
    this.#evaluated.set(file, known);
    return known;
  }
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
function evaluatedFrom(roots: readonly string[], graph: FileLoads): GraphNode[] {
  const done: GraphNode[] = [];
  const entered = new Set<GraphNode>();
  const open: { readonly node: GraphNode; readonly targets: readonly GraphNode[]; next: number }[] = [];
  const enter = (node: GraphNode | undefined): void => {
    if (node === undefined || entered.has(node)) return;
    entered.add(node);
    open.push({ node, targets: graph.evaluatedBy(node), next: 0 });
  };
  for (const root of roots) {
    enter(graph.node(root));
    for (let top = open.at(-1); top !== undefined; top = open.at(-1)) {
      const target = top.targets[top.next];
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

/** Statements by their order of evaluation; functions, which stand anywhere, by what they are. */
export function byPlace(left: UnitPart, right: UnitPart, evaluation: Evaluation): number {
  const [isFunction, isOther] = [left, right].map(({ unit }) => unit.holds === 'function');
  if (isFunction !== isOther) return isFunction === true ? 1 : -1;
  const order = isFunction === true ? byCodeUnits(left.unit.own, right.unit.own) : 0;
  return order === 0 ? evaluation.compare(left, right) : order;
}
