import type { MemoError } from '../errors/memo-error.ts';
import type { Reason } from '../plan/reason.ts';
import { absentInputOf } from './absent-input.ts';
import { commitStep } from './commit-step.ts';
import { ComputedMeanwhile } from './computed-meanwhile.ts';
import type { CoordinatorOptions } from './coordinator-options.ts';
import { followGeneration } from './generations.ts';
import { deleteDamaged, keptVanishing, MOST_RECOMPUTATIONS, restoreFromOthers } from './lost-output.ts';
import { OutputCopies } from './output-copies.ts';
import { RunReasons } from './run-reasons.ts';
import type { FailedStep } from './run-result.ts';
import { StepDecider } from './step-decider.ts';
import { notCommitted, runEnded, stepLeftBehind, workLeftBehind, wouldRun } from './step-errors.ts';
import { StepFlights } from './step-flights.ts';
import { StepQueue } from './step-queue.ts';
import { StepReporter } from './step-reporter.ts';
import { State, StepStates } from './step-states.ts';
import { contentsOf, type StepDone, type StepFailed, type StepLost, type StepReport } from './step-task.ts';

/**
 * Brings the demanded steps up to date. It owns order, demand, commits and failures; how a step is run is the executor's. A step
 * waits for its upstreams, is decided when they are settled, runs if it must, and settles; the loop ends when nothing moves.
 */
export class RunCoordinator {
  readonly failed: FailedStep[] = [];
  readonly executed: string[] = [];
  /** What ended the run although no step failed by itself. */
  readonly errors: MemoError[] = [];
  readonly #options: CoordinatorOptions;
  readonly #states: StepStates;
  readonly #reporter: StepReporter;
  readonly #queue: StepQueue;
  readonly #recomputed = new Map<number, number>();
  readonly #computed: ComputedMeanwhile;
  readonly #decider: StepDecider;
  readonly #flights: StepFlights;
  readonly #copies: OutputCopies;
  readonly #reasons: RunReasons;
  /** What is being decided or run. */
  readonly #moves = new Set<Move>();
  #running = 0;
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
    this.#flights = new StepFlights(options);
    this.#copies = new OutputCopies(options);
    const deciding = { states: this.#states, computed: this.#computed, copies: this.#copies };
    this.#decider = new StepDecider(options, { ...deciding, because: this.#reasons.learn });
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
    this.#pump();
    await grace.within(finished, { from: 'cancellation', late: () => this.#leaveBehind() });
    const left = (): unknown => this.errors.push(workLeftBehind('giving back leases', grace.graceMs));
    await grace.within<unknown>(this.#flights.settled(), { from: 'call', late: left });
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
    if (upstream.find(index, (other) => states.isBroken(other)) !== undefined)
      return this.#skip(index, 'cancelled', []);
    const absent = absentInputOf(index, this.#options.ledger, this.#states);
    if (absent !== undefined) return this.#skip(index, 'absent', [absent]);
    if (states.isDecided(index) || planned.memoized === undefined) return this.#enqueue(index);
    void this.#move(index, 'decide');
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

  #pump(): void {
    this.#states.drain();
    while (!this.#stopping && this.#running < this.#options.executor.slots) {
      const index = this.#queue.take();
      if (index === undefined) break;
      const { pool } = this.#options.ledger.step(index).policy;
      if (!this.#states.isIn(index, State.queued)) this.#queue.release(pool);
      else {
        this.#states.set(index, State.running);
        void this.#move(index, 'run');
      }
    }
    if (this.#moves.size === 0 && (this.#stopping || this.#queue.size === 0)) this.#finish();
  }

  /** Keeps account of what is going on, and goes on when it is over. What goes wrong unforeseen ends the run. */
  async #move(index: number, how: Move['how']): Promise<void> {
    const move = { index, how };
    this.#moves.add(move);
    if (how === 'run') this.#running++;
    try {
      await (how === 'run' ? this.#run(index) : this.#decide(index));
    } catch (error) {
      this.#failRun(error);
    }
    if (this.#isOver) return;
    if (how === 'run') {
      this.#running--;
      this.#queue.release(this.#options.ledger.step(index).policy.pool);
    }
    this.#moves.delete(move);
    this.#pump();
  }

  /** The run was cancelled, and something does not end: it is named, and from here on nothing that it gives counts. */
  #leaveBehind(): void {
    const { ledger, executor, grace } = this.#options;
    this.#isOver = true;
    this.#flights.abandon();
    for (const { index, how } of this.#moves) {
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

  async #run(index: number): Promise<void> {
    if (this.#copies.isDue(index)) return this.#copy(index);
    const { ledger, planned } = this.#options;
    const version = ledger.isRunScoped(index) ? undefined : ledger.versions?.version(index);
    if (version === undefined || planned.memoized === undefined) return this.#runNow(index);
    // Values of one result come from one execution of each version, also where two steps have the same one.
    if (this.#computed.sees(index, version)) return this.#states.takeComputed(index);
    const flown = await this.#flights.fly(index, version, () => this.#runNow(index));
    if (flown === 'elsewhere') this.#states.reconsider(index);
    else if (flown === 'cancelled') this.#states.settle(index, 'cancelled');
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

  async #runNow(index: number): Promise<void> {
    const { ledger, executor, controller, planned, require } = this.#options;
    const states = this.#states;
    const { id, op, policy } = ledger.step(index);
    if ((require || policy.memo === 'require') && planned.memoized !== undefined)
      return this.#fail(index, wouldRun(id, op.name), noTime);
    const epoch = states.epoch(index);
    this.#reporter.started(index, () => this.#reasons.of(index));
    const task = ledger.task(index, (step) => states.is(step, 'absent'), states.isForced(index));
    const report = await executor.execute(task, controller.signal);
    if (this.#isOver) return;
    // What it was computed from is not what counts any more: the result stays under its old version, and the step is decided again.
    if (epoch !== states.epoch(index)) return states.redemand(index);
    await this.#finishStep(index, report, epoch);
  }

  async #finishStep(index: number, report: StepReport, epoch: number): Promise<void> {
    if (report.kind === 'lost') return this.#recompute(index, report);
    if (report.kind === 'failed') return this.#fail(index, report.error, report);
    try {
      await this.#commit(index, report, epoch);
    } catch (error) {
      const failure = notCommitted(this.#options.ledger.step(index).id, error);
      this.#fail(index, failure, { ...report, cancelled: false });
    }
  }

  async #commit(index: number, report: StepDone, epoch: number): Promise<void> {
    const { ledger, committer } = this.#options;
    if (committer === undefined || ledger.isRunScoped(index)) {
      ledger.setComputed(index, report.outputs);
      if (committer !== undefined) ledger.versions?.setContent(index, contentsOf(report));
      if (this.#recomputed.has(index)) this.#follow(index);
      return this.#succeed(index, report);
    }
    const committing = commitStep(index, report, committer);
    const { outputs, rebound } = committing instanceof Promise ? await committing : committing;
    if (this.#isOver) return;
    if (epoch !== this.#states.epoch(index)) return this.#states.redemand(index);
    ledger.setComputed(index, outputs);
    this.#computed.add(ledger.versions?.version(index) ?? '');
    if (rebound) this.#follow(index);
    this.#succeed(index, report);
  }

  #follow(index: number): void {
    followGeneration(index, { ledger: this.#options.ledger, states: this.#states, because: this.#reasons.learn });
  }

  #succeed(index: number, report: StepDone): void {
    this.executed.push(this.#options.ledger.step(index).id);
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
    if (this.#moves.size === 0) this.#finish();
  }

  /** A value that counted as present cannot be read: it is copied from where it is, or its step runs again, and who asked for it waits. */
  async #recompute(consumer: number, lost: StepLost): Promise<void> {
    const { ledger } = this.#options;
    const { address, error } = lost;
    const { index } = address;
    // Another consumer has missed it too, and its step runs already, or has run.
    if (ledger.begun(index) !== address.take || !this.#states.isIn(index, State.settled))
      return this.#states.decideToRun(consumer);
    const epoch = this.#states.epoch(consumer);
    const waiting = { ...this.#options, states: this.#states, copies: this.#copies };
    if (this.#copies.mayRestore(address) && (await restoreFromOthers(lost, waiting)))
      return this.#states.waitAgain(consumer, epoch);
    this.#reporter.lost(lost);
    const count = (this.#recomputed.get(index) ?? 0) + 1;
    this.#recomputed.set(index, count);
    this.#computed.delete(ledger.versions?.version(index) ?? '');
    // While it is not settled, who misses it waits.
    this.#states.set(index, count > MOST_RECOMPUTATIONS ? State.settled : State.deciding);
    if (count > MOST_RECOMPUTATIONS) return this.#fail(consumer, keptVanishing(address, error), noTime);
    if (error.code === 'M5003') await deleteDamaged(address, this.#options);
    ledger.dropComputed(index);
    this.#reasons.learnLoss(index, lost);
    this.#states.rerun(index);
    this.#states.waitAgain(consumer, epoch);
  }
}

interface Move {
  readonly index: number;
  readonly how: 'decide' | 'run';
}

const noTime = { durationMs: 0, attempts: 0, cancelled: false } as const;
