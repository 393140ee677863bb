import type { MemoError } from '../errors/memo-error.ts';
import type { Reason } from '../plan/reason.ts';
import { absentInputOf } from './absent-input.ts';
import { type Committed, commitStep } from './commit-step.ts';
import { ComputedMeanwhile } from './computed-meanwhile.ts';
import type { CoordinatorOptions } from './coordinator-options.ts';
import { followGeneration } from './generations.ts';
import { OutputCopies } from './output-copies.ts';
import { Recomputations } from './recomputations.ts';
import { RunReasons } from './run-reasons.ts';
import type { FailedStep } from './run-result.ts';
import { StepDecider } from './step-decider.ts';
import { notCommitted, runEnded, stepLeftBehind, workLeftBehind } from './step-errors.ts';
import { StepMoves } from './step-moves.ts';
import { StepQueue } from './step-queue.ts';
import { StepReporter } from './step-reporter.ts';
import { type BegunStep, StepRuns } from './step-runs.ts';
import { State, StepStates } from './step-states.ts';
import { contentsOf, type StepDone, type StepFailed, type StepLost, type StepReport } from './step-task.ts';

/**
 * Brings the demanded steps up to date. It owns order, demand, commits and failures; how a step is run is the executor's. A step
 * waits for its upstreams, is decided when they are settled, runs if it must, and settles; the loop ends when nothing moves.
 */
export class RunCoordinator {
  readonly failed: FailedStep[] = [];
  /** The steps that ran, in the order in which they ended. */
  readonly ran: number[] = [];
  /** What ended the run although no step failed by itself. */
  readonly errors: MemoError[] = [];
  readonly #options: CoordinatorOptions;
  readonly #states: StepStates;
  readonly #reporter: StepReporter;
  readonly #queue: StepQueue;
  readonly #computed: ComputedMeanwhile;
  readonly #decider: StepDecider;
  readonly #runs: StepRuns;
  readonly #copies: OutputCopies;
  readonly #reasons: RunReasons;
  readonly #recomputations: Recomputations;
  readonly #moves: StepMoves<BegunStep>;
  #stopping = false;
  /** True once the run has ended without waiting for what still moves: nothing that it gives counts. */
  #isOver = false;
  #finish: () => void = () => undefined;

  constructor(options: CoordinatorOptions) {
    this.#options = options;
    this.#reasons = new RunReasons(options.planned.plan);
    this.#states = new StepStates(options.planned, (step) => this.#advance(step));
    this.#reporter = new StepReporter(options.ledger, options.events);
    this.#queue = new StepQueue(options.pools);
    this.#computed = new ComputedMeanwhile(options.ledger);
    this.#copies = new OutputCopies(options);
    const deciding = { states: this.#states, computed: this.#computed, copies: this.#copies };
    this.#decider = new StepDecider(options, { ...deciding, because: this.#reasons.learn });
    const telling = { ...deciding, reporter: this.#reporter, reasons: this.#reasons };
    this.#recomputations = new Recomputations(options, telling);
    this.#runs = new StepRuns(options, {
      ...telling,
      take: (begun, report) => this.#take(begun, report),
      refuse: (index, error) => this.#fail(index, error, noTime),
    });
    this.#moves = new StepMoves({
      queue: this.#queue,
      slots: options.executor.slots,
      poolOf: (index) => options.ledger.plan.useOf(index).policy.pool,
      drain: () => this.#states.drain(),
      isStopping: () => this.#stopping,
      isDue: (index) => this.#states.isIn(index, State.queued),
      begin: (index) => this.#begin(index),
      run: (begun) => this.#runs.execute(begun),
      onError: (error) => this.#failRun(error),
      onStill: () => this.#finish(),
    });
  }

  get states(): StepStates {
    return this.#states;
  }

  /** Runs until nothing is left to do. Never rejects: failures are in {@link failed}. */
  async run(): Promise<void> {
    const { controller, grace } = this.#options;
    const finished = new Promise<void>((resolve) => {
      this.#finish = resolve;
    });
    const onAbort = (): void => this.#stop();
    controller.signal.addEventListener('abort', onAbort);
    if (controller.signal.aborted) this.#stop();
    this.#settlePlanned();
    this.#states.demandRoots();
    this.#moves.pump();
    await grace.within(finished, { from: 'cancellation', late: () => this.#leaveBehind() });
    const left = (): unknown => this.errors.push(workLeftBehind('giving back leases', grace.graceMs));
    await grace.within<unknown>(this.#runs.settled(), { from: 'call', late: left });
    controller.signal.removeEventListener('abort', onAbort);
  }

  /** Settles what the plan knows already: what is re-used, and what is skipped because an input is absent. */
  #settlePlanned(): void {
    const { planned, ledger } = this.#options;
    for (const [index, { action, because }] of planned.decisions.entries()) {
      if (action === 'reuse' && this.#copies.isDue(index)) this.#enqueue(index);
      else if (action === 'reuse') this.#reuse(index);
      else if (typeof because !== 'object') continue;
      else this.#skip(index, 'absent', [{ code: 'absent-input', ...because, step: ledger.step(because.step).id }]);
    }
  }

  #reuse(index: number, isNew: boolean = false): void {
    this.#states.settle(index, 'reused');
    this.#reporter.reused(index, isNew);
    this.#options.onSettled(index);
  }

  /** Called for a step whose waits are over: decide it, run it, or pass on that it cannot run. */
  #advance(index: number): void {
    const { ledger, planned } = this.#options;
    const states = this.#states;
    const { upstream } = ledger.plan;
    if (this.#stopping) return states.settle(index, 'cancelled');
    if (states.isAnyBroken && upstream.find(index, (other) => states.isBroken(other)) !== undefined)
      return this.#skip(index, 'cancelled', []);
    const absent = absentInputOf(index, this.#options.ledger, this.#states);
    if (absent !== undefined) return this.#skip(index, 'absent', [absent]);
    if (states.isDecided(index) || planned.memoized === undefined) return this.#enqueue(index);
    void this.#moves.follow({ index, how: 'decide' }, this.#decide(index));
  }

  #skip(index: number, how: 'absent' | 'cancelled', reasons: readonly Reason[]): void {
    this.#reporter.skipped(index, reasons);
    if (how === 'absent') this.#options.ledger.setSkipped(index);
    this.#states.settle(index, how);
    this.#options.onSettled(index);
  }

  /** Looks whether a step is there under the version that it turned out to have, or has to run. */
  async #decide(index: number): Promise<void> {
    const verdict = await this.#decider.decide(index);
    if (verdict === 'reuse' || verdict === 'alias') this.#reuse(index, verdict === 'alias');
    else if (verdict === 'run') this.#states.decideToRun(index);
    else if (verdict !== 'moot') this.#states.await(index, verdict.waitFor);
  }

  #enqueue(index: number): void {
    this.#states.set(index, State.queued);
    this.#queue.push(index, this.#options.ledger.step(index).policy.pool);
  }

  /** The run was cancelled, and something does not end: it is named, and from here on nothing that it gives counts. */
  #leaveBehind(): void {
    const { ledger, executor, grace } = this.#options;
    this.#isOver = true;
    this.#runs.abandon();
    this.#moves.abandon();
    for (const { index, how } of this.#moves.pending()) {
      const { id } = ledger.step(index);
      const doing = how === 'decide' ? 'asking what is stored of it' : executor.whereabouts(id);
      const error = stepLeftBehind(id, doing, grace.graceMs);
      this.errors.push(error);
      this.#reporter.ended(index, 'cancelled', { ...noTime, error });
      this.#states.settle(index, 'cancelled');
    }
  }

  #failRun(error: unknown): void {
    const { planned, controller } = this.#options;
    const ended = runEnded(planned.job.name, error);
    this.errors.push(ended);
    controller.abort(ended);
  }

  #begin(index: number): BegunStep | Promise<void> | undefined {
    this.#states.set(index, State.running);
    return this.#copies.isDue(index) ? this.#copy(index) : this.#runs.begin(index);
  }

  /** What another manager holds is copied to where its step keeps it; what cannot be copied is computed again. */
  async #copy(index: number): Promise<void> {
    const epoch = this.#states.epoch(index);
    const lost = await this.#copies.copyDue(index);
    if (this.#isOver) return;
    if (epoch !== this.#states.epoch(index)) return this.#states.redemand(index);
    if (lost === undefined) return this.#reuse(index);
    this.#reporter.lost(lost);
    this.#reasons.learnLoss(index, lost);
    this.#states.rerun(index);
  }

  #take({ index, epoch }: BegunStep, report: StepReport): Promise<void> | undefined {
    if (this.#isOver) return undefined;
    // What it was computed from is not what counts any more: the result stays under its old version, and the step is decided again.
    if (epoch !== this.#states.epoch(index)) {
      this.#states.redemand(index);
      return undefined;
    }
    if (report.kind === 'lost') return this.#recompute(index, report);
    if (report.kind === 'done') return this.#finishStep(index, report, epoch);
    this.#fail(index, report.error, report);
    return undefined;
  }

  #finishStep(index: number, report: StepDone, epoch: number): Promise<void> | undefined {
    const fail = (error: unknown): void => {
      const failure = notCommitted(this.#options.ledger.step(index).id, error);
      this.#fail(index, failure, { ...report, cancelled: false });
    };
    try {
      return this.#commit(index, report, epoch)?.catch(fail);
    } catch (error) {
      fail(error);
      return undefined;
    }
  }

  #commit(index: number, report: StepDone, epoch: number): Promise<void> | undefined {
    const { ledger, committer } = this.#options;
    if (committer === undefined || ledger.isRunScoped(index)) {
      ledger.setComputed(index, report.outputs);
      if (committer !== undefined) ledger.versions?.setContent(index, contentsOf(report));
      if (this.#recomputations.has(index)) this.#followGeneration(index);
      this.#succeed(index, report);
      return undefined;
    }
    const committing = commitStep(index, report, committer);
    if (committing instanceof Promise) return committing.then((done) => this.#count(index, report, { epoch, done }));
    this.#count(index, report, { epoch, done: committing });
    return undefined;
  }

  #count(index: number, report: StepDone, { epoch, done }: { readonly epoch: number; readonly done: Committed }): void {
    const { ledger } = this.#options;
    if (this.#isOver) return;
    if (epoch !== this.#states.epoch(index)) return this.#states.redemand(index);
    ledger.setComputed(index, done.outputs);
    this.#computed.add(ledger.versions?.version(index) ?? '');
    if (done.rebound) this.#followGeneration(index);
    this.#succeed(index, report);
  }

  #followGeneration(index: number): void {
    followGeneration(index, { ledger: this.#options.ledger, states: this.#states, because: this.#reasons.learn });
  }

  #succeed(index: number, report: StepDone): void {
    this.ran.push(index);
    this.#reporter.ended(index, 'ran', report);
    this.#states.settle(index, 'ran');
    this.#options.onSettled(index);
  }

  #fail(index: number, error: MemoError, report: Pick<StepFailed, 'durationMs' | 'attempts' | 'cancelled'>): void {
    const { ledger, onFailure, controller } = this.#options;
    this.#reporter.ended(index, report.cancelled ? 'cancelled' : 'failed', { ...report, error });
    if (!report.cancelled) this.failed.push({ step: ledger.step(index).id, error });
    this.#states.settle(index, report.cancelled ? 'cancelled' : 'failed');
    this.#options.onSettled(index);
    if (report.cancelled || onFailure === 'continue') return;
    if (onFailure === 'abort') controller.abort(error);
    this.#stop();
  }

  #stop(): void {
    this.#stopping = true;
    for (const index of this.#queue.clear()) this.#states.settle(index, 'cancelled');
    this.#moves.checkStill();
  }

  async #recompute(consumer: number, lost: StepLost): Promise<void> {
    const error = await this.#recomputations.begin(consumer, lost);
    if (error !== undefined) this.#fail(consumer, error, noTime);
  }
}

const noTime = { durationMs: 0, attempts: 0, cancelled: false } as const;
