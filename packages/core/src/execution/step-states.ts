import { dependsOnUpstream } from '../plan/job-plan.ts';
import type { PlannedJob } from '../plan/plan-job.ts';
import { closure } from '../plan/selection.ts';

/** Where a step is on its way. */
export const State = { idle: 0, waiting: 1, deciding: 2, queued: 3, running: 4, settled: 5 } as const;

/** How a step settled. `absent`: not run, because an input is absent; all its outputs are. `cancelled`: not run, or stopped. */
export type Outcome = 'reused' | 'ran' | 'absent' | 'failed' | 'cancelled';

/**
 * The state of every step of a run, who waits for whom, and the demand that drives it. Steps are demanded from the roots upwards,
 * without recursion; a step that is sent back gets a new epoch, which ends every wait and every question of the old one.
 */
export class StepStates {
  /** False as long as no step failed or was cancelled. */
  isAnyBroken: boolean = false;
  readonly #planned: PlannedJob;
  readonly #advance: (step: number) => void;
  readonly #state: Uint8Array;
  readonly #outcome: (Outcome | undefined)[];
  readonly #waits: Int32Array;
  readonly #epoch: Int32Array;
  /** 1 once it is certain that the step runs. */
  readonly #decided: Uint8Array;
  /** 1 while the step runs whatever the store says; cleared when it has run. */
  readonly #forced: Uint8Array;
  readonly #waiters: (number[] | undefined)[];
  readonly #demanded: number[] = [];
  readonly #ready: number[] = [];

  constructor(planned: PlannedJob, advance: (step: number) => void) {
    this.#planned = planned;
    this.#advance = advance;
    const count = planned.traced.size;
    this.#state = new Uint8Array(count);
    this.#outcome = Array.from<Outcome | undefined>({ length: count });
    this.#waits = new Int32Array(count);
    this.#epoch = new Int32Array(count);
    this.#decided = new Uint8Array(count);
    this.#forced = new Uint8Array(count);
    this.#waiters = Array.from<number[] | undefined>({ length: count });
    for (const step of planned.plan.parts.forced.keys()) this.#forced[step] = 1;
  }

  isIn(step: number, state: number): boolean {
    return this.#state[step] === state;
  }

  set(step: number, state: number): void {
    this.#state[step] = state;
  }

  outcome(step: number): Outcome | undefined {
    return this.#outcome[step];
  }

  is(step: number, outcome: Outcome): boolean {
    return this.#outcome[step] === outcome;
  }

  /** True for a step that gives nothing because something went wrong. */
  isBroken(step: number): boolean {
    const outcome = this.#outcome[step];
    return outcome === 'failed' || outcome === 'cancelled';
  }

  isSettled(step: number): boolean {
    return this.#state[step] === State.settled;
  }

  /** False for a step that was not asked for yet, or waits for others before anything is decided of it. */
  hasMoved(step: number): boolean {
    return this.#state[step] !== State.idle && this.#state[step] !== State.waiting;
  }

  isForced(step: number): boolean {
    return this.#forced[step] === 1;
  }

  /** Makes a step run whatever the store says. */
  force(step: number): void {
    this.#forced[step] = 1;
  }

  isDecided(step: number): boolean {
    return this.#decided[step] === 1;
  }

  /** Changes whenever the step is sent back. */
  epoch(step: number): number {
    return this.#epoch[step] as number;
  }

  /** Demands everything that the plan runs or has to decide because somebody asked for it. */
  demandRoots(): void {
    const { decisions, plan } = this.#planned;
    // The last that is pushed is worked off first, and that shall be the first in wiring order.
    for (let step = decisions.length - 1; step >= 0; step--) {
      const action = decisions[step]?.action;
      if (action === 'run' || (action === 'pending' && plan.parts.roots.has(step))) this.#demanded.push(step);
    }
  }

  /** Works off what is demanded and what has nothing left to wait for. */
  drain(): void {
    for (;;) {
      const ready = this.#ready.pop();
      if (ready !== undefined) {
        this.#advance(ready);
        continue;
      }
      const demanded = this.#demanded.pop();
      if (demanded === undefined) return;
      if (this.#state[demanded] === State.idle) this.#begin(demanded);
    }
  }

  settle(step: number, outcome: Outcome): void {
    this.#state[step] = State.settled;
    this.#outcome[step] = outcome;
    if (outcome === 'failed' || outcome === 'cancelled') this.isAnyBroken = true;
    if (outcome === 'ran') this.#forced[step] = 0;
    const waiters = this.#waiters[step];
    if (waiters === undefined) return;
    this.#waiters[step] = undefined;
    for (let at = waiters.length - 2; at >= 0; at -= 2) {
      const waiter = waiters[at] as number;
      if (this.#epoch[waiter] !== waiters[at + 1]) continue;
      const left = (this.#waits[waiter] as number) - 1;
      this.#waits[waiter] = left;
      if (left === 0) this.#ready.push(waiter);
    }
  }

  /** From here on the step runs: it waits for all its upstreams. */
  decideToRun(step: number): void {
    this.#decided[step] = 1;
    this.#beginWaiting(step);
    this.#planned.traced.upstream.forEach(step, (other) => this.#waitForOne(step, other));
    this.#endWaiting(step);
  }

  /** Decides a step again when some others are settled. */
  await(step: number, others: readonly number[]): void {
    this.#waitFor(step, others);
  }

  /** Looks again whether a step has to run. */
  reconsider(step: number): void {
    this.#decided[step] = 0;
    this.#waitFor(step, []);
  }

  /** Looks again at a step whose version was computed just now: that is as good as what was asked for, whatever the store says. */
  takeComputed(step: number): void {
    this.#forced[step] = 0;
    this.reconsider(step);
  }

  /** A running step waits for what it missed, unless it was sent back since it had this epoch. */
  waitAgain(step: number, epoch: number): void {
    if (epoch === this.#epoch[step]) this.decideToRun(step);
    else this.redemand(step);
  }

  /** Sends a step back to where nobody has asked for it, and asks again if somebody had. */
  reset(step: number): void {
    const state = this.#state[step];
    this.#epoch[step] = (this.#epoch[step] as number) + 1;
    this.#decided[step] = 0;
    this.#outcome[step] = undefined;
    if (state === State.running) return;
    this.#state[step] = State.idle;
    // One that had settled is asked for again by who reads it, unless it was asked for in its own right.
    const isWanted = state !== State.settled || this.#planned.plan.parts.roots.has(step);
    if (state !== State.idle && isWanted) this.#demanded.push(step);
  }

  /** Makes a step that had settled run again, whatever the store says. */
  rerun(step: number): void {
    this.#epoch[step] = (this.#epoch[step] as number) + 1;
    this.#state[step] = State.idle;
    this.#outcome[step] = undefined;
    this.#decided[step] = 1;
    this.#demanded.push(step);
  }

  /** Demands again a step that was sent back while it ran. */
  redemand(step: number): void {
    this.#state[step] = State.idle;
    this.#demanded.push(step);
  }

  /** Every step below some, in topological order, those left out. */
  below(steps: readonly number[]): readonly number[] {
    const reached = closure(steps, this.#planned.traced.downstream);
    return [...reached].filter((other) => !steps.includes(other)).sort((a, b) => a - b);
  }

  #begin(step: number): void {
    const { decisions, memoized, traced } = this.#planned;
    const certain = this.#decided[step] === 1 || memoized === undefined || this.#certainBefore(step);
    if (certain) return this.decideToRun(step);
    // Undecided: it needs to know what its upstreams are, not yet their values, so only those in motion are waited for.
    this.#waitFor(
      step,
      traced.upstream.of(step).filter((other) => this.#isInMotion(other, decisions[other]?.action)),
    );
  }

  /** True for a step that the plan knew to run, under a version that the plan knew. */
  #certainBefore(step: number): boolean {
    if (this.#epoch[step] !== 0 || this.#planned.memoized?.stored.versions.isKnown(step) !== true) return false;
    return this.#planned.decisions[step]?.action === 'run';
  }

  #isInMotion(step: number, action: string | undefined): boolean {
    return (
      this.#epoch[step] !== 0 ||
      action === 'run' ||
      (action === 'pending' && dependsOnUpstream(this.#planned.plan.parts, step))
    );
  }

  #waitFor(step: number, others: Iterable<number>): void {
    this.#beginWaiting(step);
    for (const other of others) this.#waitForOne(step, other);
    this.#endWaiting(step);
  }

  #beginWaiting(step: number): void {
    this.#state[step] = State.waiting;
    this.#waits[step] = 0;
  }

  #waitForOne(step: number, other: number): void {
    if (this.#state[other] === State.settled) return;
    (this.#waits[step] as number)++;
    const waiters = this.#waiters[other];
    if (waiters === undefined) this.#waiters[other] = [step, this.#epoch[step] as number];
    else waiters.push(step, this.#epoch[step] as number);
    if (this.#state[other] === State.idle) this.#demanded.push(other);
  }

  #endWaiting(step: number): void {
    if (this.#waits[step] === 0) this.#ready.push(step);
  }
}
