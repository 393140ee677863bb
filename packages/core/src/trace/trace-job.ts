import { placeOf } from '../definitions/definition-site.ts';
import { namespaceOf } from '../definitions/namespace.ts';
import type { OpDefinition } from '../definitions/op-definition.ts';
import type { Policy } from '../definitions/policy.ts';
import { withWiring } from '../definitions/wiring.ts';
import { MemoError, messageOf } from '../errors/memo-error.ts';
import { BuildWiring } from './build-wiring.ts';
import type { ExecutionPlan, ExecutionStep, ResultShapeNode, StepUse } from './execution-plan.ts';
import type { InputSource } from './input-source.ts';
import type { Neighbours } from './neighbours.ts';
import { readResult } from './read-result.ts';
import type { SourceColumns } from './source-columns.ts';
import { type StepOrder, stepOrder } from './step-order.ts';
import type { StepTable, TracedUse } from './step-table.ts';

/** What tracing needs of a job. */
export interface Traceable {
  readonly job: string;
  readonly build: (config: never) => unknown;
  readonly config: unknown;
  readonly defaults: Policy | undefined;
}

/**
 * Runs `build` and gives the execution plan. A build with errors is run a second time, keeping the position of every step, and
 * all its errors are reported together.
 *
 * @throws MemoError M21xx, M3001 or, for several errors, M2000 with all of them.
 */
export function traceJob(traceable: Traceable): ExecutionPlan {
  try {
    return traceOnce(traceable, false);
  } catch (error) {
    if (!MemoError.is(error)) throw error;
    traceOnce(traceable, true);
    throw new MemoError('M2108', `build() of job "${traceable.job}" fails only sometimes.`, {
      because: `It failed, and worked when it was called again with the same config: ${error.problem}`,
      fix: 'Make build() depend on its config alone; move clocks, random numbers and environment into config or ops.',
      cause: error,
    });
  }
}

/**
 * Checks that a second call of `build` gives the same graph.
 *
 * @throws MemoError M2108 naming the first step that differs.
 */
export function checkDeterministic(traceable: Traceable, first: ExecutionPlan): void {
  const second = traceJob(traceable);
  const count = Math.max(first.steps.length, second.steps.length);
  for (let index = 0; index < count; index++) {
    const [a, b] = [first.steps[index], second.steps[index]];
    if (a !== undefined && b !== undefined && a.id === b.id && sameWiring(a, b)) continue;
    const id = (a ?? b)?.id as string;
    const how =
      a === undefined
        ? 'only the second time'
        : b === undefined
          ? 'only the first time'
          : 'differently the second time';
    throw twoGraphs(traceable.job, `step "${id}" is wired ${how}`, { step: id });
  }
  if (resultsText(first.results) === resultsText(second.results)) return;
  throw twoGraphs(traceable.job, 'it returned other outputs the second time', {});
}

function twoGraphs(job: string, difference: string, details: { readonly step?: string }): MemoError {
  return new MemoError('M2108', `build() of job "${job}" gave two different graphs: ${difference}.`, {
    because: 'Both calls got the same config.',
    fix: 'Move clocks, random numbers and environment from build() into config or ops.',
    details: { job, ...details },
  });
}

function traceOnce(traceable: Traceable, located: boolean): ExecutionPlan {
  const wiring = new BuildWiring({ defaults: traceable.defaults, located });
  const results = runBuild(traceable, wiring);
  const errors = [...wiring.errors, ...duplicateOps(wiring.table)];
  if (MemoError.is(results)) errors.push(results);
  let order: StepOrder | undefined;
  if (errors.length === 0) errors.push(...attempt(() => (order = stepOrder(wiring.table))));
  throwAll(traceable.job, errors);
  return assemble(traceable.job, wiring, {
    ...(order as StepOrder),
    results: results as ReadonlyMap<string, ResultShapeNode>,
  });
}

function runBuild(traceable: Traceable, wiring: BuildWiring): ReadonlyMap<string, ResultShapeNode> | MemoError {
  const { job } = traceable;
  try {
    const returned = withWiring(wiring, () => traceable.build(traceable.config as never));
    return readResult(returned, { job, owner: wiring });
  } catch (cause) {
    if (MemoError.is(cause)) return cause;
    return new MemoError('M2112', `build() of job "${job}" threw: ${messageOf(cause)}`, {
      fix: 'Fix the error; build() only wires steps, work belongs into ops.',
      details: { job },
      cause,
    });
  }
}

function attempt(check: () => unknown): readonly MemoError[] {
  try {
    check();
    return [];
  } catch (error) {
    if (MemoError.is(error)) return [error];
    throw error;
  }
}

function throwAll(job: string, errors: readonly MemoError[]): void {
  const [first, ...others] = errors;
  if (first === undefined) return;
  if (others.length === 0) throw first;
  throw new MemoError('M2000', `Job "${job}" has ${errors.length} definition errors.`, { errors, details: { job } });
}

/** Two different definitions of one name in one namespace would share results. */
function duplicateOps({ uses }: StepTable): readonly MemoError[] {
  const byName = new Map<string, Set<OpDefinition>>();
  const errors: MemoError[] = [];
  let last: OpDefinition | undefined;
  for (const { op } of uses) {
    if (op === last) continue;
    last = op;
    const others = byName.get(op.name);
    if (others === undefined) byName.set(op.name, new Set([op]));
    else if (!others.has(op)) {
      const other = [...others].find(({ run, ...rest }) => run !== op.run && namespaceOf(rest) === namespaceOf(op));
      if (other !== undefined) errors.push(duplicateOp(other, op));
      others.add(op);
    }
  }
  return errors;
}

function duplicateOp(first: OpDefinition, second: OpDefinition): MemoError {
  const place = placeOf(first.site);
  return new MemoError('M2110', `Two different ops are called "${second.name}".`, {
    because:
      place === undefined ? 'Both are used in this job.' : `The other is defined at ${place.file}:${place.line ?? 1}.`,
    fix: 'Rename one of them, or give them different namespaces.',
    place: placeOf(second.site),
    details: { op: second.name },
  });
}

interface Parts extends StepOrder {
  readonly results: ReadonlyMap<string, ResultShapeNode>;
}

function assemble(job: string, { table }: BuildWiring, parts: Parts): ExecutionPlan {
  const { order, waits, results } = parts;
  if (order === undefined && table.uses.every(isNumbered))
    return new TracedPlan(table, { job, upstream: waits, results });
  const inOrder = order ?? Array.from({ length: table.count }, (_, index) => index);
  const position = new Int32Array(table.count);
  for (const [index, made] of inOrder.entries()) position[made] = index;
  const at = (made: number): number => position[made] ?? made;
  const byId = new Map(table.all().map(({ id, index }) => [id, at(index)]));
  const upstream = order === undefined ? waits : waits.renumbered(order, at);
  return new TracedPlan(table.renumbered(inOrder, at, byId), {
    job,
    upstream,
    results: mapResults(results, at),
  });
}

/** A plan over the columns of its build: what stands for a step, ids, and who reads whom, are made once somebody asks for them. */
class TracedPlan implements ExecutionPlan {
  readonly job: string;
  readonly size: number;
  readonly uses: readonly StepUse[];
  readonly sources: SourceColumns;
  readonly upstream: Neighbours;
  readonly results: ReadonlyMap<string, ResultShapeNode>;
  readonly #table: StepTable;
  #steps: readonly ExecutionStep[] | undefined;
  #downstream: Neighbours | undefined;
  #indexOf: ReadonlyMap<string, number> | undefined;

  /** @param table whose steps name no other by its id */
  constructor(table: StepTable, parts: Pick<ExecutionPlan, 'job' | 'upstream' | 'results'>) {
    this.#table = table;
    this.size = table.count;
    this.uses = table.uses as readonly StepUse[];
    this.sources = table.sources;
    this.job = parts.job;
    this.upstream = parts.upstream;
    this.results = parts.results;
  }

  get steps(): readonly ExecutionStep[] {
    this.#steps ??= this.#table.all() as readonly ExecutionStep[];
    return this.#steps;
  }

  get downstream(): Neighbours {
    this.#downstream ??= this.upstream.reversed();
    return this.#downstream;
  }

  step(index: number): ExecutionStep {
    return this.#table.step(index) as ExecutionStep;
  }

  useNumber(step: number): number {
    return this.#table.useNumber(step);
  }

  useOf(step: number): StepUse {
    return this.#table.useOf(step) as StepUse;
  }

  get indexOf(): ReadonlyMap<string, number> {
    this.#indexOf ??= new Map(this.steps.map(({ id, index }) => [id, index]));
    return this.#indexOf;
  }
}

/** True where steps name no other by its id. */
function isNumbered({ after }: TracedUse): boolean {
  return after.every((step) => typeof step === 'number');
}

function mapResults(
  results: ReadonlyMap<string, ResultShapeNode>,
  at: (made: number) => number,
): ReadonlyMap<string, ResultShapeNode> {
  return new Map([...results].map(([name, node]) => [name, mapNode(node, at)]));
}

function mapNode(node: ResultShapeNode, at: (made: number) => number): ResultShapeNode {
  if (node.kind === 'output') return { ...node, step: at(node.step) };
  if (node.kind === 'list') return { kind: 'list', items: node.items.map((item) => mapNode(item, at)) };
  return { kind: 'object', fields: mapResults(node.fields, at) };
}

function sameWiring(a: ExecutionStep, b: ExecutionStep): boolean {
  return (
    a.op.run === b.op.run &&
    a.config.key === b.config.key &&
    a.policy.salt === b.policy.salt &&
    sameItems(a.after, b.after, Object.is) &&
    sameItems(a.names, b.names, Object.is) &&
    sameItems(a.sources, b.sources, sameSource)
  );
}

function sameItems<T>(a: readonly T[], b: readonly T[], same: (one: T, other: T) => boolean): boolean {
  return a.length === b.length && a.every((item, at) => same(item, b[at] as T));
}

function sameSource(a: InputSource, b: InputSource): boolean {
  if (a.kind === 'output') return b.kind === 'output' && a.step === b.step && a.output === b.output;
  if (a.kind === 'literal') return b.kind === 'literal' && a.literal.key === b.literal.key;
  return b.kind === 'list' && sameItems<InputSource>(a.items, b.items, sameSource);
}

function resultsText(results: ReadonlyMap<string, ResultShapeNode>): string {
  return JSON.stringify([...results].map(([name, node]) => [name, resultText(node)]));
}

function resultText(node: ResultShapeNode): unknown {
  if (node.kind === 'output') return [node.step, node.output];
  return node.kind === 'list' ? node.items.map(resultText) : resultsText(node.fields);
}
