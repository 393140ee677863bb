import type { Certainty, Uncertainty } from '@memo/core/plugin';
import { byCodeUnits, type Digest, digestList } from '../digest.ts';
import { certaintyOf, type LocatedFinding } from '../finding.ts';
import type { GraphNode } from '../graph-node.ts';
import { relativePath } from '../relative-path.ts';
import type { SourceGraph } from '../source-graph.ts';
import { Evaluation } from './evaluation.ts';
import { Linker, type Part, type Target } from './linker.ts';
import { Mutations } from './mutations.ts';
import { SliceFindings } from './slice-findings.ts';
import { SliceTable } from './slice-table.ts';
import { type Slice, sliceOf } from './slicer.ts';
import type { EffectsMode, SliceAsset, SliceSymbol, SourceSlice } from './source-slice.ts';

/** Changes when the rules of slicing do. */
const ALGORITHM = 'slice/2';

/** Slices of one graph. */
export class SliceReader {
  readonly graph: SourceGraph;
  readonly linker: Linker;
  readonly #effects: EffectsMode;
  readonly #findings: SliceFindings;
  readonly #loaded = new Set<string>();
  readonly #evaluations = new Map<string, Evaluation>();
  #table: { readonly files: number; readonly of: SliceTable } | undefined;

  constructor(graph: SourceGraph, effects: EffectsMode) {
    this.graph = graph;
    this.linker = new Linker(graph);
    this.#effects = effects;
    this.#findings = new SliceFindings(graph);
  }

  /** The slice of an export; `undefined` when there is no such file or name. */
  ofExport(path: string, name: string): SliceAnswer | undefined {
    this.load(path);
    const roots = this.linker.exported(path, name);
    if (roots.length === 0 || this.graph.node(path) === undefined) return undefined;
    return this.of([roots.map((root) => this.#definitionIn(root))], [path]);
  }

  /** The slice of some parts of a program that is loaded from `files`. */
  of(roots: readonly (readonly Target[])[], files: readonly string[]): SliceAnswer {
    for (const file of files) this.load(file);
    const { linker } = this;
    const evaluation = this.#evaluationOf(files);
    const slice = sliceOf(roots, { linker, table: this.#tableOf(), evaluation, effects: this.#effects });
    return new SliceAnswer(slice, this.#findings.with(slice.findings, evaluation));
  }

  /** An op that is defined in place is what its functions are. */
  #definitionIn(target: Target): Target {
    const { part } = target;
    if (part.kind !== 'unit' || part.unit.holds !== 'framework') return target;
    const ops = part.file.facts?.units.ops ?? [];
    const inside = ops.filter((op) => part.unit.start <= op.callStart && op.callEnd <= part.unit.end);
    const [only] = inside;
    return only === undefined || inside.length > 1
      ? target
      : { part: this.linker.unit(part.file, only, part.index), bind: 0 };
  }

  /**
   * Reads all that a file leads to: what changes a value may stand anywhere. Costs less before the first slice than between two,
   * because what may change values is found for all files at once.
   */
  load(path: string): void {
    const paths = [path];
    for (let next = paths.pop(); next !== undefined; next = paths.pop()) {
      if (this.#loaded.has(next)) continue;
      this.#loaded.add(next);
      paths.push(...(this.graph.node(next)?.targets ?? []));
    }
  }

  #evaluationOf(files: readonly string[]): Evaluation {
    const key = files.join('\0');
    const known = this.#evaluations.get(key) ?? new Evaluation(files, this.graph);
    this.#evaluations.set(key, known);
    return known;
  }

  #tableOf(): SliceTable {
    if (this.#table?.files !== this.#loaded.size) {
      const mutations = new Mutations(this.graph.known(), this.linker);
      this.#table = { files: this.#loaded.size, of: new SliceTable(this.linker, mutations, this.#findings) };
    }
    return this.#table.of;
  }
}

/** A slice, and what there is to say about it. */
export class SliceAnswer {
  readonly digest: Digest;
  readonly slice: Slice;
  readonly findings: readonly LocatedFinding[];

  constructor(slice: Slice, findings: readonly LocatedFinding[]) {
    this.slice = slice;
    this.digest = digestList([ALGORITHM, slice.digest]);
    this.findings = findings;
  }

  describe(root: string): SourceSlice {
    const uncertain = this.findings.map(({ kind, message, place }): Uncertainty => ({ kind, message, place }));
    return {
      version: `sh2-${this.digest}`,
      certainty: worstOf(uncertain),
      symbols: this.slice.parts.flatMap((part, at) => symbolOf(part, { root, via: viaOf(this.slice, at) })),
      packages: packagesIn(this.slice),
      assets: assetsIn(this.slice, root),
      env: [
        ...new Set(uncertain.flatMap(({ kind }) => (kind.startsWith('env:') ? [kind.slice('env:'.length)] : []))),
      ].sort(byCodeUnits),
      uncertain,
    };
  }
}

function worstOf(uncertain: readonly Uncertainty[]): Certainty {
  const certainties = new Set(uncertain.map(({ kind }) => certaintyOf(kind)));
  if (certainties.has('untrackable')) return 'untrackable';
  return certainties.has('assumed') ? 'assumed' : 'exact';
}

function symbolOf(
  part: Part,
  { root, via }: { readonly root: string; readonly via: readonly string[] },
): readonly SliceSymbol[] {
  if (part.kind !== 'unit') return [];
  return [{ file: relativePath(root, part.file.path), name: part.unit.name, digest: part.unit.own, via }];
}

/** The names through which the part at a place of a slice was found, outermost first. */
export function viaOf({ parts, through }: Slice, at: number): readonly string[] {
  const names: string[] = [];
  for (let place = at; place >= 0; place = through[place] ?? -1) {
    const part = parts[place];
    if (part?.kind === 'unit') names.push(part.unit.name);
  }
  return names.reverse();
}

function packagesIn(slice: Slice): readonly string[] {
  const trees = slice.parts.flatMap((part) => (part.kind === 'leaf' && part.tree !== undefined ? [part.tree] : []));
  return [...new Set(trees.flatMap((tree) => tree.packages))].sort(byCodeUnits);
}

function assetsIn(slice: Slice, root: string): readonly SliceAsset[] {
  const files = slice.parts.flatMap((part) => (part.kind === 'leaf' && part.file !== undefined ? [part.file] : []));
  return [...new Set(files)].map((file: GraphNode) => ({ file: relativePath(root, file.path), digest: file.digest }));
}
