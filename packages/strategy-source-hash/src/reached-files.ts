import type { GraphNode } from './graph-node.ts';
import { KeptNode } from './kept-node.ts';
import { FILE } from './kept-program.ts';
import { type FileEdits, LateLeads } from './late-leads.ts';
import type { ProgramAgain } from './program-again.ts';
import { Evaluation, FileLoads } from './slice/evaluation.ts';
import { fileTraits } from './unit-traits.ts';

/** What of a file all code may see, or holds others up. */
const EFFECTS = FILE.bare | FILE.waits | FILE.effects;

/** Files lead to each other in three ways. */
type Way = 'targets' | 'evaluated' | 'eager';

interface Graph {
  node(path: string): GraphNode | undefined;
}

/** What files lead to, before some were edited and after that. */
export class Reached {
  readonly #again: ProgramAgain;
  readonly #graph: Graph;

  constructor(again: ProgramAgain, graph: Graph) {
    this.#again = again;
    this.#graph = graph;
  }

  /** True when what a file calls as it is loaded that was not edited may come to others than before, about which there is something to say. */
  mayFindMore(edited: readonly GraphNode[], gone: readonly string[]): boolean {
    const { files } = this.#again.program;
    const paths = new Set([...edited.map(({ path }) => path), ...gone]);
    const numbers = new Set([...files.keys()].filter((number) => paths.has(files[number]?.path ?? '')));
    const isAsked = files.some(
      ({ path, traits, asking }) =>
        (traits & FILE.calls) !== 0 && !paths.has(path) && asking.some((number) => numbers.has(number)),
    );
    if (!isAsked) return false;
    const now = reach(paths, (one) => this.#now(one, 'targets'));
    const before = reach(paths, (one) => this.#before(one, 'targets'));
    return [...now, ...before].some((path) => this.#isNoted(path));
  }

  #isNoted(path: string): boolean {
    if (((this.#again.file(path)?.traits ?? 0) & FILE.noted) !== 0) return true;
    const node = this.#graph.node(path);
    return node !== undefined && !(node instanceof KeptNode) && (fileTraits(node) & FILE.noted) !== 0;
  }

  /** True when the given files may load something late exactly if they did before. */
  loadsLateAsBefore(roots: readonly string[], edits: FileEdits): boolean {
    const { program } = this.#again;
    if (program.files.every(({ traits }) => (traits & FILE.late) === 0)) return true;
    const leads = new LateLeads(program, edits);
    const [before, now] = [leads.before(), leads.now()];
    return roots.every((root) => before.has(root) === now.has(root));
  }

  /** True when an edited file has other files loaded with it than before, or in another order. */
  evaluatesOthers(edited: readonly GraphNode[]): boolean {
    return edited.some(({ path }) =>
      (['evaluated', 'eager'] as const).some(
        (way) => [...this.#now(path, way)].join('\0') !== [...this.#before(path, way)].join('\0'),
      ),
    );
  }

  /** True when an edited file has files loaded with it, or does not any more, of which all code may see something. */
  meetsEffects(edited: readonly GraphNode[]): boolean {
    const all = this.#again.program.files.reduce((traits, file) => traits | file.traits, 0);
    return (all & EFFECTS) !== 0 && edited.some(({ path }) => this.#meetsOthers(path));
  }

  /** True when packages that are imported for their effects alone are loaded in the order in which they were, by whatever loads a slice. */
  ordersAsBefore(): boolean {
    const { files, roots } = this.#again.program;
    if (files.every(({ traits }) => (traits & FILE.bare) === 0)) return true;
    const now = new EffectsInOrder(this.#again, this.#graph);
    const before = new EffectsInOrder(this.#again, { node: (path) => this.#again.nodeBefore(path) });
    const lists = new Set(roots.map(({ files: numbers }) => numbers.join(' ')));
    return [...lists].every((list) => {
      const paths = list.split(' ').map((number) => files[Number(number)]?.path ?? '');
      return now.from(paths) === before.from(paths);
    });
  }

  /** Each file by itself: what one has loaded before, another one may load for the first time. */
  #meetsOthers(path: string): boolean {
    const now = reach([path], (one) => this.#now(one, 'evaluated'));
    const before = reach([path], (one) => this.#before(one, 'evaluated'));
    const others = [...[...now].filter((one) => !before.has(one)), ...[...before].filter((one) => !now.has(one))];
    return others.some((one) => ((this.#again.file(one)?.traits ?? 0) & EFFECTS) !== 0);
  }

  /** True when a file of which units had part in what code changes is not reached any more: whoever looks at everything does not find them. */
  losesChanges(
    roots: { readonly before: ReadonlySet<string>; readonly now: ReadonlySet<string> },
    edited: readonly GraphNode[],
  ): boolean {
    if (this.#leadsEverywhereBefore(roots, edited) || !this.#again.changesAny) return false;
    const now = reach(roots.now, (one) => this.#now(one, 'targets'));
    const before = reach(roots.before, (one) => this.#before(one, 'targets'));
    return [...before].some((path) => !now.has(path) && !this.#again.isApart(path));
  }

  /** True when all that led somewhere still does: then all files are reached that were. */
  #leadsEverywhereBefore(
    roots: { readonly before: ReadonlySet<string>; readonly now: ReadonlySet<string> },
    edited: readonly GraphNode[],
  ): boolean {
    return (
      [...roots.before].every((path) => roots.now.has(path)) &&
      edited.every(({ path }) => {
        const now = new Set(this.#now(path, 'targets'));
        return [...this.#before(path, 'targets')].every((target) => now.has(target));
      })
    );
  }

  #now(path: string, way: Way): Iterable<string> {
    return this.#graph.node(path)?.[way] ?? [];
  }

  #before(path: string, way: Way): Iterable<string> {
    const { files } = this.#again.program;
    return (this.#again.file(path)?.[way] ?? []).map((number) => files[number]?.path ?? '');
  }
}

/** Files of which all code may see something, as they are loaded. */
class EffectsInOrder {
  readonly #again: ProgramAgain;
  readonly #loads: FileLoads;
  readonly #without = new Set<GraphNode>();

  constructor(again: ProgramAgain, graph: Graph) {
    this.#again = again;
    this.#loads = new FileLoads(graph);
  }

  /** Those that are loaded with some, in their order. */
  from(paths: readonly string[]): string {
    const hasNone = ({ path }: GraphNode): boolean => ((this.#again.file(path)?.traits ?? 0) & EFFECTS) === 0;
    const evaluation = new Evaluation(paths, this.#loads);
    if (evaluation.hasOnly(hasNone, this.#without)) return '';
    return evaluation.files.flatMap((file) => (hasNone(file) ? [] : [file.path])).join('\0');
  }
}

function reach(paths: Iterable<string>, next: (path: string) => Iterable<string>): ReadonlySet<string> {
  const found = new Set(paths);
  for (const path of found) for (const one of next(path)) found.add(one);
  return found;
}
