import type { OpDefinition } from '../definitions/op-definition.ts';
import type { ResolvedPolicy } from '../definitions/policy.ts';
import type { ConfigValue } from './config-value.ts';
import type { InputSource, OutputSource } from './input-source.ts';
import type { Neighbours } from './neighbours.ts';
import type { SourceColumns } from './source-columns.ts';

/** How steps use an op: most that use the same one differ only in their number and in what they read. */
export interface StepUse {
  readonly op: OpDefinition;
  /** The names of the inputs, sorted. */
  readonly names: readonly string[];
  /** Steps that come before though nothing flows from them, in the order given. */
  readonly after: readonly number[];
  /** The validated op config. */
  readonly config: ConfigValue;
  readonly policy: ResolvedPolicy;
}

/** One use of an op in a job. */
export interface ExecutionStep extends StepUse {
  /** Position in the plan; a topological order. */
  readonly index: number;
  readonly id: string;
  /** What each input reads, in the order of the names. */
  readonly sources: readonly InputSource[];
}

/** What `build` returned, with references resolved. */
export type ResultShapeNode =
  | { readonly kind: 'output'; readonly step: number; readonly output: string }
  | { readonly kind: 'list'; readonly items: readonly ResultShapeNode[] }
  | { readonly kind: 'object'; readonly fields: ReadonlyMap<string, ResultShapeNode> };

/** A traced job: its steps in topological order, and its outputs. Structure only; no versions, no I/O. */
export interface ExecutionPlan {
  readonly job: string;
  /** How many steps there are. */
  readonly size: number;
  /** All steps as objects: made when somebody asks for them, which what is done for every plan should do without. */
  readonly steps: readonly ExecutionStep[];
  /** One step as an object. */
  step(index: number): ExecutionStep;
  /** What steps have in common, in the order of their first steps. */
  readonly uses: readonly StepUse[];
  /** Which of the uses is that of a step. */
  useNumber(step: number): number;
  /** The use of a step. */
  useOf(step: number): StepUse;
  /** What the inputs of each step read. */
  readonly sources: SourceColumns;
  readonly indexOf: ReadonlyMap<string, number>;
  /** For each step, the steps that consume it or come after it. */
  readonly downstream: Neighbours;
  /** For each step, the steps that it consumes or comes after. */
  readonly upstream: Neighbours;
  readonly results: ReadonlyMap<string, ResultShapeNode>;
}

/** Key of the IO manager that keeps an output of a step. */
export function ioOf(step: ExecutionStep, output: string): string {
  for (const { name, io } of step.op.outputs) if (name === output) return io;
  return 'default';
}

/** Calls `visit` for each output that an input reads, in order. */
export function forEachOutput(source: InputSource, visit: (source: OutputSource) => void): void {
  if (source.kind === 'output') visit(source);
  else if (source.kind === 'list') for (const item of source.items) if (item.kind === 'output') visit(item);
}
