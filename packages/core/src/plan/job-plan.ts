import type { CodeChange } from '../definitions/version-strategy.ts';
import { MemoError } from '../errors/memo-error.ts';
import { didYouMean } from '../trace/did-you-mean.ts';
import type { ExecutionPlan } from '../trace/execution-plan.ts';
import type { CodeRecord } from '../versions/step-version-record.ts';
import type { Decision } from './demand.ts';
import type { Elsewhere } from './elsewhere.ts';
import { type ExplainSource, explainStep } from './explain.ts';
import type { Plan, PlanStep, PlanWarning } from './plan.ts';
import { planTable } from './plan-table.ts';
import type { Action, Change, Explanation, Reason } from './reason.ts';
import { compareRecords } from './record-diff.ts';
import { isReadableRecord, upgradeBetween } from './record-shape.ts';
import type { Steps } from './step-set.ts';
import type { StoredSteps } from './stored-steps.ts';

/** Why a step must run whatever the store says. */
export type Forced = Extract<
  Reason,
  { readonly code: 'expired' | 'refreshed' | 'volatile' | 'memo-off' | 'upstream-rebound' }
>;

/** Everything that a plan is made of. */
export interface PlanParts {
  readonly traced: ExecutionPlan;
  readonly decisions: readonly Decision[];
  readonly forced: ReadonlyMap<number, Forced>;
  readonly missing: ReadonlyMap<number, readonly string[]>;
  readonly elsewhere: Elsewhere;
  readonly roots: Steps;
  readonly inSelection: (step: number) => boolean;
  /** `undefined` when the run is not memoized. */
  readonly stored: StoredSteps | undefined;
  readonly codeChanges: (before: CodeRecord, after: CodeRecord) => readonly CodeChange[];
  readonly warnings: readonly PlanWarning[];
}

/** A plan over its parts. Steps and reasons are made when they are asked for, so that a large plan costs little. */
export class JobPlan implements Plan {
  readonly job: string;
  readonly memoized: boolean;
  readonly run: number;
  readonly reuse: number;
  readonly skip: number;
  readonly pending: number;
  readonly warnings: readonly PlanWarning[];
  /** What the plan is made of, for running it. */
  readonly parts: PlanParts;
  #steps: readonly PlanStep[] | undefined;

  constructor(parts: PlanParts) {
    this.parts = parts;
    this.job = parts.traced.job;
    this.memoized = parts.stored !== undefined;
    this.warnings = parts.warnings;
    const counts: Record<Action, number> = { run: 0, reuse: 0, skip: 0, pending: 0 };
    for (const { action } of parts.decisions) counts[action]++;
    ({ run: this.run, reuse: this.reuse, skip: this.skip, pending: this.pending } = counts);
  }

  get steps(): readonly PlanStep[] {
    this.#steps ??= Array.from({ length: this.parts.traced.size }, (_, index) => new LazyStep(this.parts, index));
    return this.#steps;
  }

  get savedMs(): number {
    return this.#sum('reuse');
  }

  get estimateMs(): { readonly least: number; readonly most: number } {
    const least = this.#sum('run');
    return { least, most: least + this.#sum('pending') };
  }

  step(id: string): PlanStep {
    return this.steps[this.#indexOf(id)] as PlanStep;
  }

  explain(step: string): Explanation {
    return explainStep(explainSource(this.parts), this.#indexOf(step));
  }

  toString(): string {
    return planTable(this);
  }

  #indexOf(id: string): number {
    const { indexOf } = this.parts.traced;
    const index = indexOf.get(id);
    if (index !== undefined) return index;
    throw new MemoError('M7001', `Job "${this.job}" has no step "${id}".${didYouMean(id, indexOf.keys())}`, {
      fix: `Name a step of the plan: ${namesOf([...indexOf.keys()])}.`,
      details: { job: this.job, step: id },
    });
  }

  #sum(action: Action): number {
    const { decisions, stored } = this.parts;
    if (stored === undefined) return 0;
    let sum = 0;
    for (const [index, decision] of decisions.entries())
      if (decision.action === action) sum += stored.lastDuration(index) ?? 0;
    return sum;
  }
}

class LazyStep implements PlanStep {
  readonly #parts: PlanParts;
  readonly #index: number;
  #reasons: readonly Reason[] | undefined;

  constructor(parts: PlanParts, index: number) {
    this.#parts = parts;
    this.#index = index;
  }

  get id(): string {
    return this.#parts.traced.step(this.#index).id;
  }

  get op(): string {
    return this.#parts.traced.useOf(this.#index).op.name;
  }

  get action(): Action {
    return this.#parts.decisions[this.#index]?.action as Action;
  }

  get reasons(): readonly Reason[] {
    this.#reasons ??= reasonsFor(this.#parts, this.#index);
    return this.#reasons;
  }

  get version(): string | undefined {
    return this.#parts.stored?.versions.version(this.#index);
  }

  get estimateMs(): number | undefined {
    return this.#parts.stored?.lastDuration(this.#index);
  }

  get producedBy(): string | undefined {
    return this.action === 'reuse' ? this.#parts.stored?.entry(this.#index)?.run : undefined;
  }

  toJSON(): PlanStep {
    const { id, op, action, reasons, version, estimateMs, producedBy } = this;
    return { id, op, action, reasons, version, estimateMs, producedBy };
  }
}

/** True for a step whose fate depends on what comes before it, rather than on whether somebody needs it. */
export function dependsOnUpstream({ decisions }: PlanParts, index: number): boolean {
  const { action, because } = decisions[index] as Decision;
  return action === 'pending' && typeof because === 'number' && because <= index;
}

/** Why a step has its action; empty for a step that is re-used. */
export function reasonsFor(parts: PlanParts, index: number): readonly Reason[] {
  const { action, because } = parts.decisions[index] as Decision;
  if (action === 'reuse') return [...upgradeReasons(parts, index), ...elsewhereReasons(parts, index)];
  if (action === 'skip') {
    if (typeof because === 'object') return [{ code: 'absent-input', ...because, step: idOf(parts, because.step) }];
    return parts.inSelection(index) ? NOT_NEEDED : NOT_SELECTED;
  }
  const forced = parts.forced.get(index);
  if (forced !== undefined) return [forced];
  if (action === 'run') return whyAbsent(parts, index);
  if (because === index && parts.missing.has(index)) return whyAbsent(parts, index);
  const waits: Reason = { code: 'needed-if', step: idOf(parts, typeof because === 'number' ? because : index) };
  return parts.missing.has(index) ? [waits, ...whyAbsent(parts, index)] : [waits];
}

/** A step that is re-used has no reason, unless an earlier release left its result. */
function upgradeReasons({ stored }: PlanParts, index: number): readonly Reason[] {
  const upgrade = stored?.upgradeOf(index);
  return upgrade === undefined ? NO_REASONS : [{ code: 'upgraded', from: upgrade.from, to: upgrade.to }];
}

/** One reason for each two managers between which the outputs of a step are copied. */
function elsewhereReasons({ elsewhere }: PlanParts, index: number): readonly Reason[] {
  const held = elsewhere.get(index) ?? [];
  const pairs = new Map(held.map(({ from, to }) => [JSON.stringify([from, to]), { from, to }]));
  return [...pairs.values()].map(({ from, to }) => {
    const outputs = held.filter((other) => other.from === from && other.to === to).map(({ output }) => output);
    return { code: 'elsewhere', outputs, from, to };
  });
}

/** Why the store does not have what a step would give. */
function whyAbsent(parts: PlanParts, index: number): readonly Reason[] {
  const { stored } = parts;
  if (stored === undefined) return [{ code: 'memo-off' }];
  if (stored.entry(index) !== undefined) return [{ code: 'missing', outputs: parts.missing.get(index) ?? [] }];
  const record = stored.versions.record(index);
  const nearest = stored.nearest(index);
  if (record === undefined || nearest === undefined) return [{ code: 'first-run' }];
  const upgraded = upgradeBetween(nearest.record, record);
  if (upgraded !== undefined && !isReadableRecord(nearest.record)) return [upgraded];
  const hasStep = (id: string): boolean => parts.traced.indexOf.has(id);
  const all: readonly Change[] = compareRecords(nearest.record, record, {
    codeChanges: parts.codeChanges,
    hasStep,
  });
  // What the code was called before an upgrade says nothing about what is in it.
  const changes = upgraded === undefined ? all : all.filter(({ kind }) => kind !== 'code');
  if (changes.length > 0) return [...(upgraded === undefined ? [] : [upgraded]), { code: 'changed', changes }];
  return [upgraded ?? { code: 'missing', outputs: parts.missing.get(index) ?? [] }];
}

/** What explanations of a plan are made from. */
export function explainSource(parts: PlanParts): ExplainSource {
  const { stored, traced, decisions, codeChanges } = parts;
  return {
    plan: traced,
    action: (step) => decisions[step]?.action as Action,
    reasons: (step) => reasonsFor(parts, step),
    version: (step) => stored?.versions.version(step),
    record: (step) => stored?.versions.record(step),
    nearest: (step) => stored?.nearest(step),
    bindingOf: (version) => stored?.bindingOf(version),
    codeChanges,
  };
}

const MOST_NAMED = 8;

function namesOf(ids: readonly string[]): string {
  return ids.length > MOST_NAMED ? `${ids.slice(0, MOST_NAMED).join(', ')}, …` : ids.join(', ');
}

function idOf(parts: PlanParts, index: number): string {
  return parts.traced.step(index).id;
}

const NO_REASONS: readonly Reason[] = Object.freeze([]);
const NOT_NEEDED: readonly Reason[] = Object.freeze([{ code: 'not-needed' }]);
const NOT_SELECTED: readonly Reason[] = Object.freeze([{ code: 'not-selected' }]);
