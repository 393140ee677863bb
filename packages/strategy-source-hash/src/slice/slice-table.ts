import { digestText } from '../digest.ts';
import type { LocatedFinding } from '../finding.ts';
import type { Linker, Part, UnitPart } from './linker.ts';
import type { Mutations } from './mutations.ts';
import type { SliceFindings } from './slice-findings.ts';
import type { Unit } from './unit.ts';

/** What slices need to know of a part, each found once for all of them: slices of one program have most parts in common. */
export interface SliceRow {
  readonly part: Part;
  /** Digest of what the part says by itself, without what it refers to. */
  readonly content: Uint8Array;
  /** What each of its references stands for. */
  readonly edges: readonly (readonly RowTarget[])[];
  /** Units that may change what it holds. */
  readonly mutators: readonly UnitPart[];
  /** True for a unit that changes something as it is evaluated, though nobody names it. */
  readonly isEffect: boolean;
  /** The files that it loads by itself. */
  readonly loads: readonly string[];
  /** What a hash of source cannot see in it. */
  readonly findings: readonly LocatedFinding[];
  /** The slice that found it last, and its number there: spares a look into a map for every reference. */
  slice: number;
  number: number;
}

/** A row, and which of the names that its part binds is meant. */
export interface RowTarget {
  readonly row: SliceRow;
  readonly bind: number;
}

/** The parts of a program as slices see them. */
export class SliceTable {
  readonly mutations: Mutations;
  readonly findings: SliceFindings;
  readonly #linker: Linker;
  readonly #rows = new Map<Part, SliceRow>();
  #slices = 0;

  constructor(linker: Linker, mutations: Mutations, findings: SliceFindings) {
    this.#linker = linker;
    this.mutations = mutations;
    this.findings = findings;
  }

  row(part: Part): SliceRow {
    const known = this.#rows.get(part) ?? new LazyRow(part, this, this.#linker);
    this.#rows.set(part, known);
    return known;
  }

  /** A number for a new slice; one slice is made at a time. */
  nextSlice(): number {
    this.#slices += 1;
    return this.#slices;
  }
}

/** Edges are found when they are asked for: rows lead to each other in cycles. */
class LazyRow implements SliceRow {
  readonly part: Part;
  readonly content: Uint8Array;
  readonly mutators: readonly UnitPart[];
  readonly isEffect: boolean;
  readonly loads: readonly string[];
  readonly findings: readonly LocatedFinding[];
  slice = 0;
  number = 0;
  readonly #table: SliceTable;
  readonly #linker: Linker;
  #edges: readonly (readonly RowTarget[])[] | undefined;

  constructor(part: Part, table: SliceTable, linker: Linker) {
    this.part = part;
    this.content = digestOfContent(contentOf(part, linker));
    this.mutators = table.mutations.of(part);
    this.isEffect = part.kind === 'unit' && (part.unit.isEffect || table.mutations.isGlobal(part));
    this.loads = part.kind === 'unit' ? linker.loadedBy(part) : [];
    this.findings = table.findings.of(part);
    this.#table = table;
    this.#linker = linker;
  }

  get edges(): readonly (readonly RowTarget[])[] {
    this.#edges ??= this.#linker
      .edges(this.part)
      .map((targets) => targets.map(({ part, bind }) => ({ row: this.#table.row(part), bind })));
    return this.#edges;
  }
}

/** What a unit says by itself, and what decides how its file is compiled. */
export function unitContent({ own }: Pick<Unit, 'own'>, setting: string): string {
  return `${own} ${setting}`;
}

export function leafContent(token: string): string {
  return `leaf ${token}`;
}

export function digestOfContent(content: string): Uint8Array {
  return Buffer.from(digestText(content), 'hex');
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
