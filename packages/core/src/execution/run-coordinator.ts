import { MemoError } from '../errors/memo-error.ts';
import type { EventStream } from '../events/event-stream.ts';
import { eventError } from '../events/event-stream.ts';
import type { StepStatus } from '../events/memo-event.ts';
import type { MemoizableIOManager } from '../io/io-manager.ts';
import { reasonsFor } from '../plan/job-plan.ts';
import { managerOf } from '../plan/managers.ts';
import type { ContextScope } from '../plan/output-contexts.ts';
import { StepOutputContext } from '../plan/output-contexts.ts';
import type { PlannedJob } from '../plan/plan-job.ts';
import { findMissing } from '../plan/presence.ts';
import type { Reason } from '../plan/reason.ts';
import { type Committer, commitStep } from './commit-step.ts';
import type { RunLedger } from './run-ledger.ts';
import type { OnFailure } from './run-options.ts';
import type { FailedStep } from './run-result.ts';
import { flightsOf } from './single-flight.ts';
import { StepQueue } from './step-queue.ts';
import type { Executor, StepDone, StepFailed, StepLost, StepReport } from './step-task.ts';
import { State, StepStates } from './step-states.ts';

/** What a coordinator works with. */
export interface CoordinatorOptions {
  readonly planned: PlannedJob;
  readonly ledger: RunLedger;
  readonly executor: Executor;
  readonly events: EventStream;
  readonly scope: ContextScope;
  readonly committer: Committer | undefined;
  readonly controller: AbortController;
  readonly onFailure: OnFailure;
  /** Fail instead of running anything. */
  readonly require: boolean;
  readonly pools: Readonly<Record<string, number>>;
  /** Told each time a step is over, so that values nobody needs any more can be let go. */
  readonly onSettled: (step: number) => void;
}

const MOST_RECOMPUTATIONS = 3;

/**
 * Brings the demanded steps up to date. It owns order, demand, commits and failures; how a step is run is the executor's. A step
 * waits for its upstreams, is decided when they are settled, runs if it must, and settles; the loop ends when nothing moves.
 */
export class RunCoordinator {
  readonly failed: FailedStep[] = [];
  readonly executed: string[] = [];
  readonly #options: CoordinatorOptions;
  readonly #states: StepStates;
  readonly #queue: StepQueue;
  readonly #recomputed = new Map<number, number>();
  /** Step versions that this run has computed. */
  readonly #computed = new Set<string>();
  /** Why a step runs, where that became known only while running. */
  readonly #reasons = new Map<number, readonly Reason[]>();
  #running = 0;
  #moving = 0;
  #stopping = false;
  #finish: () => void = () => undefined;

  constructor(options: CoordinatorOptions) {
    this.#options = options;
    this.#states = new StepStates(options.planned, (step) => this.#advance(step));
    this.#queue = new StepQueue(options.pools);
  }

  get states(): StepStates {
    return this.#states;
  }

  /** Runs until nothing is left to do. Never rejects: failures are in {@link failed}. */
  async run(): Promise<void> {
    const { controller } = this.#options;
    const finished = new Promise<void>((resolve) => {
      this.#finish = resolve;
    });
    const onAbort = (): void => this.#stop();
    controller.signal.addEventListener('abort', onAbort);
    if (controller.signal.aborted) this.#stop();
    this.#reportReused();
    this.#states.demandRoots();
    this.#pump();
    await finished;
    controller.signal.removeEventListener('abort', onAbort);
  }

  #reportReused(): void {
    const { planned, events } = this.#options;
    for (const [index, decision] of planned.decisions.entries()) {
      if (decision.action !== 'reuse') continue;
      this.#states.settle(index, 'reused');
      if (events.observed) this.#emitReuse(index);
      this.#options.onSettled(index);
    }
  }

  #emitReuse(index: number): void {
    const { ledger, events } = this.#options;
    const { id, op } = ledger.step(index);
    const entry = ledger.stored?.entry(index);
    const known = entry === undefined ? {} : { producedBy: entry.run, producedAt: entry.when, savedMs: entry.duration };
    events.emit({
      type: 'step.reuse',
      step: id,
      op: op.name,
      version: ledger.versions?.version(index) ?? '',
      ...known,
    });
  }

  /** Called for a step whose waits are over: decide it, run it, or pass on that it cannot run. */
  #advance(index: number): void {
    const { ledger, planned } = this.#options;
    const states = this.#states;
    const upstream = ledger.plan.upstream[index] ?? [];
    if (this.#stopping) return states.settle(index, 'cancelled');
    if (upstream.some((other) => states.isBroken(other))) return this.#skip(index, 'cancelled', []);
    const absent = this.#absentInput(index);
    if (absent !== undefined) return this.#skip(index, 'absent', [absent]);
    if (states.isDecided(index) || planned.memoized === undefined) return this.#enqueue(index);
    this.#move(this.#decide(index));
  }

  #absentInput(index: number): Reason | undefined {
    const { ledger } = this.#options;
    const planned = this.#options.planned.decisions[index]?.because;
    if (typeof planned === 'object' && this.#states.epoch(index) === 0) {
      return { code: 'absent-input', ...planned, step: ledger.step(planned.step).id };
    }
    for (const { name, source } of ledger.step(index).inputs) {
      if (source.kind !== 'output') continue;
      const gone = this.#states.is(source.step, 'absent') || ledger.isAbsent(source.step, source.output);
      if (gone) return { code: 'absent-input', input: name, step: ledger.step(source.step).id, output: source.output };
    }
    return undefined;
  }

  #skip(index: number, how: 'absent' | 'cancelled', reasons: readonly Reason[]): void {
    const { ledger, events } = this.#options;
    const { id, op } = ledger.step(index);
    events.emit({ type: 'step.end', step: id, op: op.name, status: 'skipped', durationMs: 0, attempts: 0, reasons });
    this.#states.settle(index, how);
    this.#options.onSettled(index);
  }

  /** Looks whether a step is there under the version that it turned out to have. */
  async #decide(index: number): Promise<void> {
    const { ledger, planned, scope } = this.#options;
    const { stored, versions } = ledger;
    if (stored === undefined || versions === undefined) return this.#enqueue(index);
    const epoch = this.#states.epoch(index);
    stored.forget(index);
    versions.resolve(index);
    if (!ledger.isRunScoped(index) && !this.#states.isForced(index)) {
      const question = { stored, managers: planned.managers, scope, isRead: planned.isRead };
      const missing = await findMissing(question, [index]);
      if (epoch !== this.#states.epoch(index)) return;
      if (!missing.has(index)) {
        this.#states.settle(index, 'reused');
        this.#emitReuse(index);
        this.#options.onSettled(index);
        return;
      }
    }
    const version = versions.version(index);
    if (version !== undefined) this.#computed.delete(version);
    // Certain to run: from here on it needs the values of all its upstreams.
    this.#states.decideToRun(index);
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
        this.#running++;
        this.#states.set(index, State.running);
        this.#move(
          this.#run(index).finally(() => {
            this.#running--;
            this.#queue.release(pool);
          }),
        );
      }
    }
    if (this.#moving === 0 && (this.#stopping || this.#queue.size === 0)) this.#finish();
  }

  /** Keeps count of what is going on, and goes on when it is over. What goes wrong unforeseen ends the run. */
  #move(work: Promise<void>): void {
    this.#moving++;
    work
      .catch((error: unknown) => this.#failRun(error))
      .finally(() => {
        this.#moving--;
        this.#pump();
      });
  }

  #failRun(error: unknown): void {
    const { planned, controller } = this.#options;
    const wrapped = MemoError.is(error)
      ? error
      : new MemoError('M6001', `Job "${planned.job.name}" failed.`, { cause: error });
    this.failed.push({ step: planned.job.name, error: wrapped });
    controller.abort(wrapped);
  }

  async #run(index: number): Promise<void> {
    const { ledger, planned, controller } = this.#options;
    const version = ledger.isRunScoped(index) ? undefined : ledger.versions?.version(index);
    if (version === undefined || planned.memoized === undefined) return this.#runNow(index);
    // Values of one result come from one execution of each version, also where two steps have the same one.
    if (this.#computed.has(version)) return this.#states.reconsider(index);
    const flight = flightsOf(planned.memoized.log).take(version);
    if (flight instanceof Promise) {
      await flight;
      if (controller.signal.aborted) return this.#states.settle(index, 'cancelled');
      return this.#states.reconsider(index);
    }
    try {
      await this.#runNow(index);
    } finally {
      flight.release();
    }
  }

  async #runNow(index: number): Promise<void> {
    const { ledger, executor, controller, events, planned, require } = this.#options;
    const states = this.#states;
    const { id, op, policy } = ledger.step(index);
    if ((require || policy.memo === 'require') && planned.memoized !== undefined)
      return this.#fail(index, wouldRun(id, op.name), noTime);
    const epoch = states.epoch(index);
    const version = ledger.versions?.version(index);
    if (events.observed) {
      const shown = version === undefined ? {} : { version };
      events.emit({ type: 'step.start', step: id, op: op.name, attempt: 1, ...shown, reasons: this.#why(index) });
    }
    const task = ledger.task(index, (step) => states.is(step, 'absent'), states.isForced(index));
    const report = await executor.execute(task, controller.signal);
    // What it was computed from is not what counts any more: the result stays under its old version, and the step is decided again.
    if (epoch !== states.epoch(index)) return states.redemand(index);
    await this.#finishStep(index, report);
  }

  #why(index: number): readonly Reason[] {
    return this.#reasons.get(index) ?? reasonsFor(this.#options.planned.plan.parts, index);
  }

  async #finishStep(index: number, report: StepReport): Promise<void> {
    if (report.kind === 'lost') return this.#recompute(index, report);
    if (report.kind === 'failed') return this.#fail(index, report.error, report);
    try {
      await this.#commit(index, report);
    } catch (error) {
      const wrapped = MemoError.is(error)
        ? error
        : new MemoError('M5009', 'A result could not be committed.', { cause: error });
      this.#fail(index, wrapped, { ...report, cancelled: false });
    }
  }

  async #commit(index: number, report: StepDone): Promise<void> {
    const { ledger, committer } = this.#options;
    if (committer === undefined || ledger.isRunScoped(index)) {
      ledger.setComputed(index, report.outputs);
      if (committer !== undefined) ledger.versions?.setContent(index, contentsOf(report));
      return this.#succeed(index, report);
    }
    const { outputs, rebound } = await commitStep(index, report, committer);
    ledger.setComputed(index, outputs);
    this.#computed.add(ledger.versions?.version(index) ?? '');
    if (rebound) this.#reversion(index);
    this.#succeed(index, report);
  }

  #succeed(index: number, report: StepDone): void {
    this.executed.push(this.#options.ledger.step(index).id);
    this.#emitEnd(index, 'ran', report);
    this.#states.settle(index, 'ran');
    this.#options.onSettled(index);
  }

  #emitEnd(index: number, status: StepStatus, report: Ended): void {
    const { ledger, events } = this.#options;
    if (!events.observed) return;
    const { id, op } = ledger.step(index);
    const version = ledger.versions?.version(index);
    events.emit({
      type: 'step.end',
      step: id,
      op: op.name,
      status,
      durationMs: report.durationMs,
      attempts: report.attempts,
      ...(version === undefined ? {} : { version }),
      ...(report.annotations === undefined ? {} : { annotations: report.annotations }),
      ...(report.error === undefined ? {} : { error: eventError(report.error) }),
    });
  }

  #fail(index: number, error: MemoError, report: Pick<StepFailed, 'durationMs' | 'attempts' | 'cancelled'>): void {
    const { ledger, onFailure, controller } = this.#options;
    this.#emitEnd(index, report.cancelled ? 'cancelled' : 'failed', { ...report, error });
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
    if (this.#moving === 0) this.#finish();
  }

  /** Below a step with a new generation everything has new versions, what was settled already included. */
  #reversion(index: number): void {
    const { ledger } = this.#options;
    const twins = this.#rebindTwins(index);
    for (const below of this.#states.below([index, ...twins])) {
      const before = ledger.versions?.version(below);
      ledger.stored?.forget(below);
      if (ledger.versions?.resolve(below) === before) continue;
      this.#reasons.set(below, [{ code: 'upstream-rebound', step: ledger.step(index).id }]);
      ledger.dropComputed(below);
      this.#states.reset(below);
    }
  }

  /** Other steps of the same version are bound to the new generation too. */
  #rebindTwins(index: number): readonly number[] {
    const { ledger } = this.#options;
    const version = ledger.versions?.version(index);
    const pub = ledger.versions?.pub(index);
    if (pub === undefined) return [];
    const twins = ledger.plan.steps
      .map((step) => step.index)
      .filter((other) => other !== index && ledger.versions?.version(other) === version);
    for (const twin of twins) {
      ledger.versions?.rebind(twin, pub);
      ledger.stored?.forget(twin);
      ledger.dropComputed(twin);
      this.#states.reset(twin);
    }
    return twins;
  }

  /** A value that counted as present cannot be read: its step runs again, and who asked for it waits. */
  async #recompute(consumer: number, { address, error }: StepLost): Promise<void> {
    const { ledger, events } = this.#options;
    const index = ledger.plan.indexOf.get(address.step) as number;
    const { version } = address;
    const shown = version === undefined ? {} : { version };
    events.emit({
      type: 'output.lost',
      step: address.step,
      output: address.output,
      ...shown,
      error: eventError(error),
    });
    const count = (this.#recomputed.get(index) ?? 0) + 1;
    this.#recomputed.set(index, count);
    this.#computed.delete(ledger.versions?.version(index) ?? '');
    if (count > MOST_RECOMPUTATIONS)
      return this.#fail(consumer, keptVanishing(address.step, address.output, error), noTime);
    if (error.code === 'M5003') await this.#deleteDamaged(index, address);
    this.#reasons.set(index, [{ code: error.code === 'M5003' ? 'damaged' : 'missing', outputs: [address.output] }]);
    ledger.dropComputed(index);
    this.#states.rerun(index);
    this.#states.decideToRun(consumer);
  }

  /** Publishing never replaces, so a damaged object must go before its step can publish again. */
  async #deleteDamaged(index: number, { output, io, version }: StepLost['address']): Promise<void> {
    const { ledger, planned, scope } = this.#options;
    const manager = managerOf(planned.managers, io) as MemoizableIOManager;
    await manager.deleteOutput?.(new StepOutputContext(scope, ledger.step(index), { output, version }));
  }
}

/** What a step's end event says of the work. */
interface Ended extends Pick<StepDone, 'durationMs' | 'attempts'>, Partial<Pick<StepDone, 'annotations'>> {
  readonly error?: MemoError;
}

const noTime = { durationMs: 0, attempts: 0, cancelled: false } as const;

function contentsOf(report: StepDone): ReadonlyMap<string, string> {
  const contents = new Map<string, string>();
  for (const [name, output] of Object.entries(report.outputs))
    if (output !== 'absent') contents.set(name, output.digest);
  return contents;
}

function wouldRun(step: string, op: string): MemoError {
  return new MemoError('M6008', `Step "${step}" would run, but its memo mode is 'require'.`, {
    fix: 'Run the job where results may be computed, share the store, then run here again.',
    details: { step, op },
  });
}

function keptVanishing(step: string, output: string, cause: MemoError): MemoError {
  return new MemoError(
    'M6009',
    `Output ${step}.${output} could not be read ${MOST_RECOMPUTATIONS + 1} times, though its step ran again each time.`,
    {
      because: cause.problem,
      fix: 'Look at the store: something deletes or damages what is written.',
      details: { step, output },
      cause,
    },
  );
}
