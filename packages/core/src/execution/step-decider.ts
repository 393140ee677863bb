import { findElsewhere, type OutputElsewhere } from '../plan/elsewhere.ts';
import { expiryOf } from '../plan/forced-steps.ts';
import type { MemoizedJob } from '../plan/plan-job.ts';
import { findMissing, type PresenceQuestion } from '../plan/presence.ts';
import type { Reason } from '../plan/reason.ts';
import { aliasStep } from './alias-step.ts';
import type { ComputedMeanwhile } from './computed-meanwhile.ts';
import type { CoordinatorOptions } from './coordinator-options.ts';
import { madeFromOthers } from './made-from-others.ts';
import type { OutputCopies } from './output-copies.ts';
import type { StepStates } from './step-states.ts';

/**
 * What becomes of a pending step. `alias`: it is re-used, and its version was bound for that. `moot`: it was sent back meanwhile.
 */
export type Verdict = 'reuse' | 'alias' | 'run' | 'moot' | { readonly waitFor: readonly number[] };

/** What deciding works with, beside what the coordinator does. */
export interface DecidingScope {
  readonly states: StepStates;
  readonly computed: ComputedMeanwhile;
  readonly copies: OutputCopies;
  /** Told why a step runs, where that became known only now. */
  readonly because: (step: number, reasons: readonly Reason[]) => void;
}

/** Decides pending steps when what they read is known: whether they are there, were computed from the same before, or run. */
export class StepDecider {
  readonly #options: CoordinatorOptions;
  readonly #scope: DecidingScope;

  constructor(options: CoordinatorOptions, scope: DecidingScope) {
    this.#options = options;
    this.#scope = scope;
  }

  async decide(index: number): Promise<Verdict> {
    const { ledger } = this.#options;
    const { stored, versions } = ledger;
    if (stored === undefined || versions === undefined) return 'run';
    stored.forget(index);
    versions.resolve(index);
    const verdict = ledger.isRunScoped(index) || this.#scope.states.isForced(index) ? 'run' : await this.#look(index);
    if (verdict === 'run') this.#scope.computed.delete(versions.version(index) ?? '');
    return verdict;
  }

  async #look(index: number): Promise<Verdict> {
    const { ledger, planned, scope } = this.#options;
    const { states } = this.#scope;
    const epoch = states.epoch(index);
    const isMoot = (): boolean => epoch !== states.epoch(index);
    const { stored } = ledger;
    const { now } = planned.memoized as MemoizedJob;
    if (stored === undefined) return 'run';
    const question = { stored, managers: planned.managers, scope, isRead: planned.isRead };
    const isMissing = await this.#isMissing(index, question);
    if (isMoot()) return 'moot';
    if (this.#hasExpired(index, isMissing)) return 'run';
    if (!isMissing) return this.#lookAbove(index, isMoot);
    const waitFor = this.#unknownAbove(index);
    if (waitFor.length > 0) return { waitFor };
    const { committer } = this.#options;
    const isAlias =
      committer !== undefined &&
      (await aliasStep(index, { committer, question, copies: this.#scope.copies, now, isMoot }));
    if (isMoot()) return 'moot';
    return isAlias ? 'alias' : 'run';
  }

  /** What another manager holds is not missing: it is copied. */
  async #isMissing(index: number, question: PresenceQuestion): Promise<boolean> {
    const missing = await findMissing(question, [index]);
    if (!missing.has(index)) return false;
    const elsewhere = (await findElsewhere(question, missing)).get(index);
    return elsewhere === undefined || (await this.#copy(index, elsewhere)) !== undefined;
  }

  #copy(index: number, outputs: readonly OutputElsewhere[]): Promise<unknown> {
    return this.#scope.copies.copy(outputs, (output) => this.#options.ledger.digest(index, output));
  }

  /** What is there counts unless it was made from something else than this run holds: then the step runs, as a new generation. */
  async #lookAbove(index: number, isMoot: () => boolean): Promise<Verdict> {
    const { planned } = this.#options;
    const memoized = planned.memoized as MemoizedJob;
    const { states } = this.#scope;
    const { ledger } = this.#options;
    const scope = { ledger, memoized, isSettled: (step: number) => states.isSettled(step) };
    const because = await madeFromOthers(index, scope);
    if (isMoot()) return 'moot';
    if (because === undefined) return 'reuse';
    states.force(index);
    this.#scope.because(index, [{ code: 'upstream-rebound', step: ledger.step(because).id }]);
    return 'run';
  }

  /** A step whose version only turned out now may have expired under it. */
  #hasExpired(index: number, isMissing: boolean): boolean {
    const { ledger, planned } = this.#options;
    const { stored, versions } = ledger;
    const version = versions?.version(index);
    if (version === undefined || stored === undefined || this.#scope.computed.has(version)) return false;
    const expired = expiryOf(index, stored, (planned.memoized as MemoizedJob).now);
    // What is not there and has no age was never computed.
    if (expired === undefined || (isMissing && expired.ageMs === undefined)) return false;
    this.#scope.states.force(index);
    if (expired.ageMs !== undefined) this.#scope.because(index, [expired]);
    return true;
  }

  /** The steps right above of which nobody knows what they give: to know what a step would read, they are needed. */
  #unknownAbove(index: number): readonly number[] {
    const { ledger } = this.#options;
    const { op } = ledger.step(index);
    if (op.effect) return [];
    return [...ledger.plan.upstream.of(index)].filter(
      (other) => !this.#scope.states.isSettled(other) && ledger.stored?.entry(other) === undefined,
    );
  }
}
