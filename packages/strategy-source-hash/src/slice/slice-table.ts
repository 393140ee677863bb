import { hash } from 'node:crypto';
import type { LocatedFinding } from '../finding.ts';
import type { GraphNode } from '../graph-node.ts';
import type { EarlyUses } from './early-uses.ts';
import type { Evaluation } from './evaluation.ts';
import type { Linker } from './linker.ts';
import type { Mutations } from './mutations.ts';
import type { Load, Part, Target, UnitPart } from './part.ts';
import { runsAtLoad } from './part-traits.ts';
import { PickedMembers } from './picked-members.ts';
import { DIGEST_WORDS, NotedNumbers } from './skeleton.ts';
import type { SliceFindings } from './slice-findings.ts';
import type { Unit } from './unit.ts';

/** What there may be to say of a part, beside what it says by itself and what its references stand for. */
export interface PartFacts {
  /** Units that may change what it holds. */
  readonly mutators: readonly UnitPart[];
  /** True for a unit that changes something as it is evaluated, though nobody names it. */
  readonly isEffect: boolean;
  /** The files that it loads by itself. */
  readonly loads: readonly Load[];
  /** What a hash of source cannot see in it. */
  readonly findings: readonly LocatedFinding[];
  /** What it may use before that is evaluated. */
  readonly early: readonly UnitPart[];
}

/** What code changes as it is loaded. */
export type ChangesAtLoad = Pick<Mutations, 'of' | 'isGlobal' | 'runs' | 'globalIn'>;

/** Where the facts of parts come from. */
interface FactsOfParts {
  readonly mutations: ChangesAtLoad;
  readonly findings: SliceFindings;
  readonly early: EarlyUses;
}

/** Rows that an earlier process has filled, by the same numbers. */
export interface KnownRows {
  readonly contents: Uint32Array;
  /** See {@link SliceTable.links}; {@link NONE} where those of a row are to be found anew. */
  readonly starts: Int32Array;
  readonly links: Int32Array;
  rowOf(part: Part): number | undefined;
  partAt(row: number): Part;
  /** `undefined` where they are to be found anew. */
  factsAt(row: number): PartFacts | undefined;
  /** See {@link SliceTable.mayObserve}; `undefined` where the part has to be asked. */
  mayObserve(row: number): boolean | undefined;
  waitingIn(file: GraphNode): readonly UnitPart[] | undefined;
  /** Which of these traits no file has. */
  readonly without: { readonly bare: boolean; readonly effects: boolean };
}

/** No row, and no place. */
export const NONE = -1;

/** Rows to begin with. */
const FEW = 1 << 8;

/**
 * The parts of a program as slices see them, each looked at once for all slices: these have most parts in common. A walk asks of
 * thousands of rows what lies in columns of numbers here, side by side.
 */
export class SliceTable {
  readonly mutations: ChangesAtLoad;
  readonly findings: SliceFindings;
  readonly #known: KnownRows | undefined;
  readonly #linker: Linker;
  readonly #early: EarlyUses;
  readonly #picked: PickedMembers;
  readonly #withEffects = new Map<Evaluation, readonly GraphNode[]>();
  /** Files that have no effects, with all that they load. */
  readonly #withoutEffects = new Set<GraphNode>();
  readonly #rows = new Map<Part, number>();
  readonly #parts: (Part | undefined)[] = [];
  readonly #facts: (PartFacts | undefined)[] = [];
  readonly #text = new NotedNumbers();
  #links: Int32Array;
  #linkCount = 0;
  /** Where the links of each row begin. */
  #starts: Int32Array = new Int32Array(FEW);
  #contents: Uint32Array = new Uint32Array(DIGEST_WORDS * FEW);
  #places: Int32Array = new Int32Array(FEW);

  /** `known` are the first rows. */
  constructor(linker: Linker, { mutations, findings, early }: FactsOfParts, known?: KnownRows) {
    this.#linker = linker;
    this.mutations = mutations;
    this.findings = findings;
    this.#early = early;
    this.#picked = new PickedMembers(linker, mutations, early);
    this.#known = known;
    this.#linkCount = known?.links.length ?? 0;
    this.#links = known === undefined ? new Int32Array(FEW) : copied(known.links, new Int32Array(2 * this.#linkCount));
    if (known === undefined) return;
    const rows = known.starts.length;
    this.#parts.length = rows;
    this.#contents = known.contents;
    this.#starts = known.starts;
    this.#places = new Int32Array(rows).fill(NONE);
  }

  /** For each row the digest of what its part says by itself, without what it refers to. */
  get contents(): Uint32Array {
    return this.#contents;
  }

  /** For each row its place in the slice that is made, or {@link NONE}. */
  get places(): Int32Array {
    return this.#places;
  }

  /** What the references of rows stand for: {@link linksOf} says where those of a row begin. */
  get links(): Int32Array {
    return this.#links;
  }

  /** All {@link links} that there are, without the room for more. */
  allLinks(): Int32Array {
    return this.#links.slice(0, this.#linkCount);
  }

  /** The files of an evaluation with units that may change what all code can see, and with imports for their effects alone. */
  filesWithEffects(evaluation: Evaluation): readonly GraphNode[] {
    if (this.#known?.without.bare === true && this.#known.without.effects) return [];
    const known = this.#withEffects.get(evaluation) ?? this.#findWithEffects(evaluation);
    this.#withEffects.set(evaluation, known);
    return known;
  }

  /** Most files load none: then their order need not be found. */
  #findWithEffects(evaluation: Evaluation): readonly GraphNode[] {
    const hasNone = (file: GraphNode): boolean => file.bare.length === 0 && this.mutations.globalIn(file).length === 0;
    return evaluation.hasOnly(hasNone, this.#withoutEffects) ? [] : evaluation.files.filter((file) => !hasNone(file));
  }

  /** The files of an evaluation with imports for their effects alone. */
  bareFiles(evaluation: Evaluation): readonly GraphNode[] {
    return this.filesWithEffects(evaluation).filter((file) => file.bare.length > 0);
  }

  rowOf(part: Part): number {
    const known = this.#rows.get(part) ?? this.#known?.rowOf(part);
    if (known !== undefined) return known;
    const row = this.#parts.length;
    if (row === this.#places.length) this.#grow();
    this.#rows.set(part, row);
    this.#parts.push(part);
    this.#starts[row] = NONE;
    this.#places[row] = NONE;
    this.#fill(row, part);
    return row;
  }

  partAt(row: number): Part {
    const part = this.#parts[row] ?? (this.#known as KnownRows).partAt(row);
    this.#parts[row] = part;
    return part;
  }

  /** How many rows there are. */
  get size(): number {
    return this.#parts.length;
  }

  /** True for a unit that runs code as it is loaded, or reads something then. */
  mayObserve(row: number): boolean {
    const known = this.#known?.mayObserve(row);
    if (known !== undefined) return known;
    const part = this.partAt(row);
    return part.kind === 'unit' && (runsAtLoad(part) || part.unit.reads.length > 0);
  }

  /** The units of a file at which it waits. */
  waitingIn(file: GraphNode): readonly UnitPart[] {
    return this.#known?.waitingIn(file) ?? this.#linker.unitsOf(file).filter(({ unit }) => unit.awaits);
  }

  /** Looks anew at the part of a row. */
  renew(row: number): void {
    this.#parts[row] = undefined;
    this.#facts[row] = undefined;
    this.#starts[row] = NONE;
    this.#fill(row, this.partAt(row));
  }

  /** True when the part of a row says by itself what the row has. */
  saysTheSame(row: number): boolean {
    const content = digestOfContent(contentOf(this.partAt(row), this.#linker));
    return Buffer.from(this.contentAt(row)).equals(content);
  }

  #fill(row: number, part: Part): void {
    const content = digestOfContent(contentOf(part, this.#linker));
    new Uint8Array(this.#contents.buffer).set(content, this.#contents.BYTES_PER_ELEMENT * DIGEST_WORDS * row);
  }

  contentAt(row: number): Uint8Array {
    const start = DIGEST_WORDS * row;
    return new Uint8Array(this.#contents.slice(start, start + DIGEST_WORDS).buffer);
  }

  /**
   * Where the links of a row begin: how many references there are, and for each how many rows it may stand for, and each of these with the
   * number of the name that its part binds and that is meant.
   */
  linksOf(row: number): number {
    const known = this.#starts[row] as number;
    if (known !== NONE) return known;
    const start = this.#linkCount;
    const references = this.edgesOf(this.partAt(row));
    this.#addLink(references.length);
    for (const targets of references) {
      this.#addLink(targets.length);
      for (const { part, bind } of targets) {
        this.#addLink(this.rowOf(part));
        this.#addLink(bind);
      }
    }
    this.#starts[row] = start;
    return start;
  }

  #addLink(number: number): void {
    if (this.#linkCount === this.#links.length)
      this.#links = copied(this.#links, new Int32Array(2 * Math.max(FEW, this.#linkCount)));
    this.#links[this.#linkCount] = number;
    this.#linkCount += 1;
  }

  /** What each reference of a part stands for: all that counts of it. */
  edgesOf(part: Part): readonly (readonly Target[])[] {
    return part.kind === 'unit' && part.unit.picks !== undefined
      ? this.#picked.edgesOf(part)
      : this.#linker.edges(part);
  }

  /** {@link NOTHING_MORE} for most parts. */
  factsAt(row: number): PartFacts {
    const known = this.#facts[row];
    if (known !== undefined) return known;
    const facts = this.#known?.factsAt(row) ?? this.#factsOf(this.partAt(row));
    this.#facts[row] = facts;
    return facts;
  }

  #factsOf(part: Part): PartFacts {
    const { mutations } = this;
    const mutators = mutations.of(part);
    const isEffect = part.kind === 'unit' && (part.unit.isEffect || mutations.isGlobal(part));
    const loads = part.kind === 'unit' ? this.#linker.loadedBy(part) : [];
    const findings = this.findings.of(part);
    const early = part.kind === 'unit' ? this.#early.of(part) : [];
    const isPlain = mutators.length + loads.length + findings.length + early.length === 0 && !isEffect;
    return isPlain ? NOTHING_MORE : { mutators, isEffect, loads, findings, early };
  }

  /** What a new slice is written into: one is made at a time. */
  nextSlice(): NotedNumbers {
    this.#places.fill(NONE, 0, this.#parts.length);
    this.#text.clear();
    return this.#text;
  }

  #grow(): void {
    const rows = 2 * Math.max(FEW, this.#places.length);
    this.#places = copied(this.#places, new Int32Array(rows));
    this.#starts = copied(this.#starts, new Int32Array(rows));
    this.#contents = copied(this.#contents, new Uint32Array(DIGEST_WORDS * rows));
  }
}

export const NOTHING_MORE: PartFacts = { mutators: [], isEffect: false, loads: [], findings: [], early: [] };

function copied<T extends Int32Array | Uint32Array>(from: T, to: T): T {
  to.set(from);
  return to;
}

/** What a unit says by itself, and what decides how its file is compiled. */
export function unitContent({ own }: Pick<Unit, 'own'>, setting: string): string {
  return `${own} ${setting}`;
}

export function leafContent(token: string): string {
  return `leaf ${token}`;
}

export function digestOfContent(content: string): Uint8Array {
  return hash('sha256', Buffer.from(content, 'utf16le'), 'buffer');
}

function contentOf(part: Part, linker: Linker): string {
  switch (part.kind) {
    case 'unit':
      return unitContent(part.unit, part.file.setting);
    case 'namespace':
      return `namespace ${linker.namesOf(part.file.path).join(' ')}`;
    case 'leaf':
      return leafContent(part.token);
  }
}
