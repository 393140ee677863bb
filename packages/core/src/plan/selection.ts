import { MemoError } from '../errors/memo-error.ts';
import { didYouMean } from '../trace/did-you-mean.ts';
import type { ExecutionPlan } from '../trace/execution-plan.ts';
import type { Neighbours } from '../trace/neighbours.ts';
import { StepSet, type Steps } from './step-set.ts';

/**
 * The steps that selectors name: ids, `+id` (with all that it needs), `id+` (with all below), `tag:key`, `tag:key=value`;
 * `!selector` takes away; commas separate. Taking away comes last. Only `!` selectors: from all steps. An empty list selects nothing.
 *
 * @throws MemoError M7001 for a selector that matches no step.
 */
export function selectSteps(plan: ExecutionPlan, selectors: string | readonly string[]): ReadonlySet<number> {
  const terms = (typeof selectors === 'string' ? [selectors] : selectors)
    .flatMap((text) => text.split(','))
    .map((term) => term.trim())
    .filter((term) => term !== '');
  const selected = new Set<number>();
  if (terms.length === 0) return selected;
  const taken = terms.filter((term) => term.startsWith('!'));
  const added = terms.filter((term) => !term.startsWith('!'));
  if (added.length === 0) for (const step of plan.steps) selected.add(step.index);
  for (const term of added) for (const step of matching(plan, term)) selected.add(step);
  for (const term of taken) for (const step of matching(plan, term.slice(1))) selected.delete(step);
  return selected;
}

function matching(plan: ExecutionPlan, term: string): ReadonlySet<number> {
  const upward = term.startsWith('+');
  const downward = term.endsWith('+') && term.length > 1;
  const name = term.slice(upward ? 1 : 0, downward ? -1 : undefined);
  const named = name.startsWith('tag:') ? tagged(plan, name.slice(4)) : byId(plan, name);
  if (named.length === 0) throw matchesNothing(plan, term, name);
  const found = new Set(named);
  if (upward) for (const step of closure(named, plan.upstream)) found.add(step);
  if (downward) for (const step of closure(named, plan.downstream)) found.add(step);
  return found;
}

function byId(plan: ExecutionPlan, id: string): readonly number[] {
  const index = plan.indexOf.get(id);
  return index === undefined ? [] : [index];
}

function tagged(plan: ExecutionPlan, tag: string): readonly number[] {
  const [key = '', ...rest] = tag.split('=');
  const value = rest.length === 0 ? undefined : rest.join('=');
  return plan.steps
    .filter(({ policy }) => Object.hasOwn(policy.tags, key) && (value === undefined || policy.tags[key] === value))
    .map(({ index }) => index);
}

function matchesNothing(plan: ExecutionPlan, term: string, name: string): MemoError {
  return new MemoError(
    'M7001',
    `"${term}" matches no step of job "${plan.job}".${didYouMean(name, plan.indexOf.keys())}`,
    {
      fix: 'Select steps by id, +id, id+, tag:key or tag:key=value.',
      details: { job: plan.job, selector: term },
    },
  );
}

/** Everything that can be reached from some steps, those included. */
export function closure(from: Iterable<number>, edges: Neighbours): ReadonlySet<number> {
  const reached = new Set(from);
  const open = [...reached];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const other of edges.of(next)) {
      if (reached.has(other)) continue;
      reached.add(other);
      open.push(other);
    }
  }
  return reached;
}

/** What a plan is to bring up to date. */
export interface Demanded {
  readonly roots: Steps;
  readonly cone: Steps;
  /** True for steps that the selection, or the whole job, asks for. */
  readonly selected: (step: number) => boolean;
}

/** What a selection, or in place of one the whole job, asks for. */
export function demandedBy(plan: ExecutionPlan, only: string | readonly string[] | undefined): Demanded {
  const asked = only === undefined ? sinksAndResults(plan) : selectSteps(plan, only);
  const cone = only === undefined ? StepSet.all(plan.size) : closure(asked, plan.upstream);
  const roots = new StepSet(plan.size);
  for (const step of asked) roots.add(step);
  // What an effect does to the world is wanted even where nobody reads what it gives.
  if (plan.uses.some(({ op }) => op.effect))
    for (const { op, index } of plan.steps) if (op.effect && cone.has(index)) roots.add(index);
  return { roots, cone, selected: (step) => cone.has(step) };
}

function sinksAndResults(plan: ExecutionPlan): Steps {
  const roots = StepSet.without(plan.upstream.named());
  const open = [...plan.results.values()];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (node.kind === 'output') roots.add(node.step);
    else open.push(...(node.kind === 'list' ? node.items : node.fields.values()));
  }
  return roots;
}
