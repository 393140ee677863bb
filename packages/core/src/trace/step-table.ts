import type { DefinitionSite } from '../definitions/definition-site.ts';
import type { OpDefinition } from '../definitions/op-definition.ts';
import type { ResolvedPolicy } from '../definitions/policy.ts';
import type { ConfigValue } from './config-value.ts';
import type { ExecutionStep, StepUse } from './execution-plan.ts';
import type { InputSource } from './input-source.ts';
import { grown, SourceColumns } from './source-columns.ts';
import { idOf } from './step-ids.ts';

const FIRST = 64;

/** How a step uses its op, as `build` says it. */
export interface TracedUse extends Omit<StepUse, 'after'> {
  /** Steps by number or id. */
  readonly after: readonly (number | string)[];
  readonly site: DefinitionSite | undefined;
}

/** A step as `build` made it, before it is put in order. */
export type TracedStep = Omit<ExecutionStep, 'after'> & TracedUse;

/**
 * The steps of a build as columns: a large plan has many, and most differ in their number and in what they read. Objects that stand for them are
 * made when somebody asks for them.
 */
export class StepTable {
  readonly sources: SourceColumns;
  readonly uses: TracedUse[] = [];
  count = 0;
  #useOf = new Int32Array(FIRST);
  /** The number of each step among those of its op; what it was called, counted from -1 downwards. */
  #named = new Int32Array(FIRST);
  readonly #given: string[] = [];
  #steps: (TracedStep | undefined)[] | undefined;

  constructor(sources: SourceColumns = new SourceColumns()) {
    this.sources = sources;
  }

  /** Adds a use that is like no other; gives its number. */
  addUse(use: TracedUse): number {
    return this.uses.push(use) - 1;
  }

  /** Adds a step by the number of its use; what it reads is in its columns. */
  add(use: number, named: number | string): void {
    if (this.count === this.#useOf.length) {
      this.#useOf = grown(this.#useOf);
      this.#named = grown(this.#named);
    }
    this.#useOf[this.count] = use;
    this.#named[this.count] = typeof named === 'number' ? named : -this.#given.push(named);
    this.count++;
  }

  /** How a step uses its op. */
  useOf(step: number): TracedUse {
    return this.uses[this.#useOf[step] as number] as TracedUse;
  }

  /** Which of the uses that is. */
  useNumber(step: number): number {
    return this.#useOf[step] as number;
  }

  id(step: number): string {
    const named = this.#named[step] as number;
    return named < 0 ? (this.#given[-named - 1] as string) : idOf(this.useOf(step).op.name, named);
  }

  /** A step as an object; always the same one. */
  step(index: number): TracedStep {
    this.#steps ??= Array.from<TracedStep | undefined>({ length: this.count });
    let step = this.#steps[index];
    if (step === undefined) {
      step = new StepView(this, index);
      this.#steps[index] = step;
    }
    return step;
  }

  all(): readonly TracedStep[] {
    return Array.from({ length: this.count }, (_, index) => this.step(index));
  }

  /** The same steps in another order, and with `after` by number. */
  renumbered(order: readonly number[], at: (step: number) => number, byId: ReadonlyMap<string, number>): StepTable {
    const moved = new StepTable(this.sources.renumbered(order, at));
    for (const use of this.uses) {
      const after = use.after.map((step) => (typeof step === 'number' ? at(step) : (byId.get(step) ?? 0)));
      moved.addUse(after.length === 0 ? use : { ...use, after });
    }
    for (const made of order) {
      const named = this.#named[made] as number;
      moved.add(this.useNumber(made), named < 0 ? (this.#given[-named - 1] as string) : named);
    }
    return moved;
  }
}

/** A step of a table, as an object. */
class StepView implements TracedStep {
  readonly index: number;
  readonly #table: StepTable;
  #id: string | undefined;
  #sources: readonly InputSource[] | undefined;

  constructor(table: StepTable, index: number) {
    this.#table = table;
    this.index = index;
  }

  get id(): string {
    this.#id ??= this.#table.id(this.index);
    return this.#id;
  }

  get op(): OpDefinition {
    return this.#table.useOf(this.index).op;
  }

  get names(): readonly string[] {
    return this.#table.useOf(this.index).names;
  }

  get sources(): readonly InputSource[] {
    this.#sources ??= this.#table.sources.of(this.index);
    return this.#sources;
  }

  get after(): readonly (number | string)[] {
    return this.#table.useOf(this.index).after;
  }

  get config(): ConfigValue {
    return this.#table.useOf(this.index).config;
  }

  get policy(): ResolvedPolicy {
    return this.#table.useOf(this.index).policy;
  }

  get site(): DefinitionSite | undefined {
    return this.#table.useOf(this.index).site;
  }
}
