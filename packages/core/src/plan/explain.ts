import { isDigest } from '../hash/digest.ts';
import type { Binding } from '../records/binding.ts';
import type { ExecutionPlan } from '../trace/execution-plan.ts';
import type { StepVersionRecord } from '../versions/step-version-record.ts';
import { explanationText } from './explanation-text.ts';
import type { Action, Change, Explanation, Reason, RootCause } from './reason.ts';
import { type CodeChanges, compareRecords } from './record-diff.ts';
import { isReadableRecord } from './record-shape.ts';
import { isRegeneration, stepVersionIn } from './upstream-match.ts';

/** What an explanation is made from. */
export interface ExplainSource {
  readonly plan: ExecutionPlan;
  action(step: number): Action;
  reasons(step: number): readonly Reason[];
  /** The version that a step has now; `undefined` while it is not known. */
  version(step: number): string | undefined;
  /** The record behind that version. */
  record(step: number): StepVersionRecord | undefined;
  /** The nearest earlier binding: of the same step and op, else of the same op. */
  nearest(step: number): Binding | undefined;
  /** The binding of an earlier step version. */
  bindingOf(stepVersion: string): Binding | undefined;
  readonly codeChanges: CodeChanges;
}

/**
 * Why a step has the action that it has, followed down to what changed first. Time and space grow with the steps that are followed.
 *
 * @param against the step version to compare with. Default: that of the nearest earlier binding.
 */
export function explainStep(source: ExplainSource, step: number, against?: string): Explanation {
  const facts: Omit<Explanation, 'toString'> = {
    step: idOf(source.plan, step),
    op: source.plan.steps[step]?.op.name ?? '',
    action: source.action(step),
    version: source.version(step),
    against: comparedWith(against === undefined ? source.nearest(step) : source.bindingOf(against)),
    reasons: source.reasons(step),
    rootCauses: new CauseSearch(source).from(step, against),
  };
  const explanation: Explanation = { ...facts, toString: () => explanationText(facts) };
  // What is a function is no fact: it must not show up where explanations are printed or compared.
  return Object.defineProperty(explanation, 'toString', { enumerable: false });
}

/** What an explanation says of a binding; nothing of one that is not whole: bindings come from a store. */
function comparedWith(binding: Binding | undefined): Explanation['against'] {
  if (binding === undefined) return undefined;
  const { run, when, step, stepVersion } = binding;
  const isWhole = [run, step, stepVersion].every((text) => typeof text === 'string') && typeof when === 'number';
  return isWhole ? { run, when, step, version: stepVersion } : undefined;
}

/** A step on the way to the causes, and how the search came to it. */
interface Visit {
  readonly step: number;
  /** The step version that a consumer had used, where the search follows a change. */
  readonly used: string | undefined;
  readonly consumer: Visit | undefined;
  /** The change of the consumer that led here. */
  readonly link: Change | undefined;
}

/** Searches breadth-first, so that each path is a shortest one; what is reached twice is looked at once. */
class CauseSearch {
  readonly #source: ExplainSource;
  readonly #seen = new Set<string>();
  readonly #queue: Visit[] = [];
  readonly #causes = new Map<string, { readonly visit: Visit; readonly cause: RootCause }>();
  readonly #comparison: Parameters<typeof compareRecords>[2];

  constructor(source: ExplainSource) {
    this.#source = source;
    this.#comparison = { codeChanges: source.codeChanges, hasStep: (id) => source.plan.indexOf.has(id) };
  }

  from(step: number, against: string | undefined): readonly RootCause[] {
    const start: Visit = { step, used: against, consumer: undefined, link: undefined };
    this.#follow(start);
    for (let next = 0; next < this.#queue.length; next++) this.#look(this.#queue[next] as Visit);
    if (this.#causes.size === 0) for (const reason of this.#source.reasons(step)) this.#add(start, reason);
    return [...this.#causes.values()].sort((a, b) => a.visit.step - b.visit.step).map(({ cause }) => cause);
  }

  #look(visit: Visit): void {
    const before = this.#earlierRecord(visit);
    const changes = this.#changes(visit, before);
    let found = changes.length > 0;
    for (const change of changes) this.#lookAt(visit, change, before);
    for (const reason of this.#source.reasons(visit.step)) {
      if (reason.code === 'changed' || isMoot(reason, visit, changes)) continue;
      found = true;
      this.#because(visit, reason);
    }
    if (!found && visit.link !== undefined) this.#add(visit, { code: 'changed', changes: [visit.link] }, visit.link);
  }

  /** The record that a step had when its consumer used it, or when it ran last. */
  #earlierRecord({ step, used, consumer }: Visit): StepVersionRecord | undefined {
    const action = this.#source.action(step);
    const isDecided = consumer === undefined ? action === 'reuse' || action === 'skip' : action === 'reuse';
    if (used === undefined && isDecided) return undefined;
    const binding = used === undefined ? this.#source.nearest(step) : this.#bindingOf(used);
    return isReadableRecord(binding?.record) ? binding.record : undefined;
  }

  /** Contents of volatile steps stand in records where step versions do; they have no bindings. */
  #bindingOf(version: string): Binding | undefined {
    const binding = isDigest(version) ? this.#source.bindingOf(version) : undefined;
    return binding?.stepVersion === version ? binding : undefined;
  }

  #changes(visit: Visit, before: StepVersionRecord | undefined): readonly Change[] {
    const reasons = this.#source.reasons(visit.step);
    const isUpgraded = reasons.some(({ code }) => code === 'upgraded');
    const now = before === undefined || isUpgraded ? undefined : this.#source.record(visit.step);
    if (before !== undefined && now !== undefined) return compareRecords(before, now, this.#comparison);
    return reasons.flatMap((reason) => (reason.code === 'changed' ? reason.changes : []));
  }

  /** Follows a change that comes from another step; any other change is a root cause. */
  #lookAt(visit: Visit, change: Change, before: StepVersionRecord | undefined): void {
    const { indexOf } = this.#source.plan;
    const target = change.kind === 'upstream' || change.kind === 'after' ? indexOf.get(change.step) : undefined;
    const used = target === undefined ? undefined : usedVersion(change, before);
    if (target === undefined || used === undefined) {
      this.#add(visit, { code: 'changed', changes: [change] }, change);
    } else if (change.kind === 'upstream' && isRegeneration(change)) {
      this.#rebound(visit, target);
    } else {
      this.#follow({ step: target, used, consumer: visit, link: change });
    }
  }

  /** A step that gave something else under the version that it had: by what it runs for, if it does. */
  #rebound(visit: Visit, target: number): void {
    const reasons = this.#source.reasons(target).filter(({ code }) => code !== 'changed');
    if (reasons.length > 0) this.#follow({ step: target, used: undefined, consumer: visit, link: undefined });
    else {
      const upstream: Visit = { step: target, used: undefined, consumer: visit, link: undefined };
      this.#add(upstream, { code: 'upstream-rebound', step: idOf(this.#source.plan, target) });
    }
  }

  #because(visit: Visit, reason: Reason): void {
    const follows = reason.code === 'needed-if' || reason.code === 'upstream-rebound';
    const target = follows ? this.#source.plan.indexOf.get(reason.step) : undefined;
    if (target === undefined || target === visit.step) this.#add(visit, reason);
    else if (reason.code === 'upstream-rebound') this.#rebound(visit, target);
    else this.#follow({ step: target, used: undefined, consumer: visit, link: undefined });
  }

  #follow(visit: Visit): void {
    const key = `${visit.step} ${visit.used ?? ''}`;
    if (this.#seen.has(key)) return;
    this.#seen.add(key);
    this.#queue.push(visit);
  }

  #add(visit: Visit, reason: Reason, change?: Change): void {
    const key = JSON.stringify([visit.step, change ?? reason]);
    if (this.#causes.has(key)) return;
    const { plan } = this.#source;
    const cause: RootCause = {
      step: idOf(plan, visit.step),
      reason,
      ...(change === undefined ? {} : { change }),
      // Made on demand: in a long chain where every step changed, all paths together are large.
      get path(): readonly string[] {
        return pathFrom(plan, visit);
      },
    };
    this.#causes.set(key, { visit, cause });
  }
}

/** Reasons that say nothing new about a step whose changes are known, or that only concern the step that was asked about. */
function isMoot(reason: Reason, visit: Visit, changes: readonly Change[]): boolean {
  if (reason.code === 'first-run') return changes.length > 0;
  if (reason.code === 'not-needed' || reason.code === 'not-selected' || reason.code === 'absent-input') {
    return visit.consumer !== undefined;
  }
  return false;
}

/** The step version of an upstream in the earlier record. */
function usedVersion(change: Change, before: StepVersionRecord | undefined): string | undefined {
  if (change.kind === 'upstream') return stepVersionIn(change.before);
  if (change.kind !== 'after') return undefined;
  return before?.after?.find(({ step }) => step === change.step)?.version;
}

function pathFrom(plan: ExecutionPlan, cause: Visit): readonly string[] {
  const path: string[] = [];
  for (let visit: Visit | undefined = cause; visit !== undefined; visit = visit.consumer)
    path.push(idOf(plan, visit.step));
  return path;
}

function idOf(plan: ExecutionPlan, step: number): string {
  return plan.steps[step]?.id ?? '';
}
