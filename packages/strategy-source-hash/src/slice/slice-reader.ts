import type { Certainty, Uncertainty } from '@memo/core/plugin';
import { byCodeUnits, type Digest, digestList } from '../digest.ts';
import { certaintyOf, type LocatedFinding } from '../finding.ts';
import type { GraphNode } from '../graph-node.ts';
import { asksMachine, digestWithAnswers, machineAnswers } from '../machine-values.ts';
import { relativePath } from '../relative-path.ts';
import type { SourceGraph } from '../source-graph.ts';
import { declarationNotes, findingsUnderDeclarations } from './declaration-notes.ts';
import { Declarations } from './declarations.ts';
import { EarlyUses } from './early-uses.ts';
import { Evaluation, FileLoads } from './evaluation.ts';
import { ImportCycles } from './import-cycles.ts';
import { Linker } from './linker.ts';
import { Mutations } from './mutations.ts';
import type { Part, Target } from './part.ts';
import type { Slice } from './slice.ts';
import { SliceFindings } from './slice-findings.ts';
import { type ChangesAtLoad, type KnownRows, SliceTable } from './slice-table.ts';
import { sliceOf } from './slicer.ts';
import type { EffectsMode, SliceAsset, SliceSymbol, SourceSlice } from './source-slice.ts';

/** Changes when the rules of slicing do. */
const ALGORITHM = 'slice/2';

/** The parts that are known of a program before anybody looks at its files. */
export type KnownProgram = (within: {
  readonly linker: Linker;
  node(path: string): GraphNode | undefined;
}) => KnownRows & ChangesAtLoad;

/** Slices of one graph. */
export class SliceReader {
  readonly graph: SourceGraph;
  readonly linker: Linker;
  readonly #effects: EffectsMode;
  readonly #findings: SliceFindings;
  readonly #loaded = new Set<string>();
  readonly #loads: FileLoads;
  readonly #evaluations = new Map<string, Evaluation>();
  readonly #nothing: Declarations;
  readonly #known: KnownProgram | undefined;
  #knownTable: SliceTable | undefined;
  /** By what is declared to be pure. */
  readonly #tables = new Map<string, { readonly files: number; readonly of: SliceTable }>();

  constructor(graph: SourceGraph, effects: EffectsMode, known?: KnownProgram) {
    this.graph = graph;
    this.#known = known;
    this.linker = new Linker(graph);
    this.#loads = new FileLoads(graph);
    this.#effects = effects;
    this.#nothing = new Declarations({ exclude: [], assumePure: [] }, '', graph.manifests);
    this.#findings = new SliceFindings(graph);
  }

  /** The slice of an export; `undefined` when there is no such file or name. */
  ofExport(path: string, name: string, declarations?: Declarations): SliceAnswer | undefined {
    this.load(path);
    const roots = this.linker.exported(path, name);
    if (roots.length === 0 || this.graph.node(path) === undefined) return undefined;
    return this.of([roots.map((root) => this.#definitionIn(root))], [path], declarations);
  }

  /** The slice of some parts of a program that is loaded from `files`, under what is declared about its code. */
  of(
    roots: readonly (readonly Target[])[],
    files: readonly string[],
    declarations: Declarations = this.#nothing,
  ): SliceAnswer {
    for (const file of files) this.load(file);
    const answer = this.#answer(roots, files, declarations.withoutPurity());
    const known = declarations.isEmpty ? [] : [...this.graph.known()];
    const unmatched = declarations.unmatchedIn(known, this.linker);
    if (declarations.purity === '') return answer.noting([], unmatched);
    const pure = this.#answer(roots, files, declarations);
    // Where it makes no difference, nothing is assumed.
    const entries = pure.saysTheSame(answer) ? [] : declarations.pureIn(known, this.linker);
    return (entries.length === 0 ? answer : pure).noting(entries, unmatched);
  }

  #answer(roots: readonly (readonly Target[])[], files: readonly string[], declarations: Declarations): SliceAnswer {
    const { graph, linker } = this;
    const evaluation = this.#evaluationOf(files);
    const table = this.#tableOf(declarations);
    const slice = sliceOf(roots, { linker, table, evaluation, effects: this.#effects, declarations });
    const found = this.#findings.with(slice.findings, evaluation, (one) => table.bareFiles(one));
    if (declarations.isEmpty) return new SliceAnswer(slice, found, NOTHING_DECLARED);
    const program = { linker, declarations, node: (path: string) => graph.node(path) };
    const { findings, excluded } = findingsUnderDeclarations(found, roots, program);
    const entries = [...new Set([...slice.excluded, ...excluded])].sort(byCodeUnits);
    return new SliceAnswer(slice, findings, { declared: entries.map((entry) => `exclude ${entry}`), unmatched: [] });
  }

  /** The parts as they are where nothing is declared. */
  get table(): SliceTable {
    return this.#tableOf(this.#nothing);
  }

  /** See `Mutations.deciding`. */
  deciding(): ReturnType<Mutations['deciding']> {
    const { mutations } = this.table;
    return mutations instanceof Mutations ? mutations.deciding() : { reaching: new Set(), followed: new Set() };
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
    const known = this.#evaluations.get(key) ?? new Evaluation(files, this.#loads);
    this.#evaluations.set(key, known);
    return known;
  }

  #tableOf(declarations: Declarations): SliceTable {
    const { purity } = declarations;
    if (this.#known !== undefined) return this.#tableFrom(this.#known);
    const known = this.#tables.get(purity);
    if (known?.files === this.#loaded.size) return known.of;
    const mutations = new Mutations(this.graph.known(), this.linker, (part) => declarations.isPure(part));
    const early = new EarlyUses(this.linker, mutations, new ImportCycles(this.graph));
    const of = new SliceTable(this.linker, { mutations, findings: this.#findings, early });
    this.#tables.set(purity, { files: this.#loaded.size, of });
    return of;
  }

  #tableFrom(known: KnownProgram): SliceTable {
    if (this.#knownTable !== undefined) return this.#knownTable;
    const mutations = known({ linker: this.linker, node: (path) => this.graph.node(path) });
    const early = new EarlyUses(this.linker, mutations, new ImportCycles(this.graph));
    this.#knownTable = new SliceTable(this.linker, { mutations, findings: this.#findings, early }, mutations);
    return this.#knownTable;
  }
}

/** What stands for a slice in versions. */
export function digestOfSlice(slice: Digest, declared: readonly string[]): Digest {
  return digestList([ALGORITHM, slice, ...declared]);
}

interface DeclaredOf {
  readonly declared: readonly string[];
  readonly unmatched: readonly string[];
}

const NOTHING_DECLARED: DeclaredOf = { declared: [], unmatched: [] };

/** A slice, and what there is to say about it. */
export class SliceAnswer {
  readonly digest: Digest;
  readonly slice: Slice;
  readonly findings: readonly LocatedFinding[];

  /** The declarations that it rests on, each after the name of its option. */
  readonly declared: readonly string[];
  /** What there is to say about declarations. */
  readonly notes: readonly Uncertainty[];

  constructor(slice: Slice, findings: readonly LocatedFinding[], { declared, unmatched }: DeclaredOf) {
    this.slice = slice;
    this.digest = digestOfSlice(slice.digest, declared);
    this.findings = findings;
    this.declared = declared;
    this.notes = declarationNotes(declared, unmatched);
  }

  /** The same, resting on `pure` too. */
  noting(pure: readonly string[], unmatched: readonly string[]): SliceAnswer {
    if (pure.length === 0 && unmatched.length === 0) return this;
    const declared = [...this.declared, ...pure.map((entry) => `assumePure ${entry}`)];
    return new SliceAnswer(this.slice, this.findings, { declared, unmatched });
  }

  saysTheSame(other: SliceAnswer): boolean {
    return this.digest === other.digest && this.findings.length === other.findings.length;
  }

  describe(root: string): SourceSlice {
    const found = this.findings.map(({ kind, message, place }): Uncertainty => ({ kind, message, place }));
    const machine = machineAnswers(found);
    const uncertain = [...found.filter((one) => !asksMachine(one)), ...this.notes];
    return {
      version: `sh3-${digestWithAnswers(this.digest, machine)}`,
      certainty: worstOf(uncertain),
      symbols: this.slice.parts.flatMap((part, at) => symbolOf(part, { root, via: viaOf(this.slice, at) })),
      packages: packagesIn(this.slice),
      assets: assetsIn(this.slice, root),
      env: [
        ...new Set(uncertain.flatMap(({ kind }) => (kind.startsWith('env:') ? [kind.slice('env:'.length)] : []))),
      ].sort(byCodeUnits),
      machine,
      uncertain,
      declared: this.declared,
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
