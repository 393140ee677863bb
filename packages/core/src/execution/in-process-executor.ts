import type { Clock } from '../definitions/clock.ts';
import { placeOf } from '../definitions/definition-site.ts';
import type { Json } from '../definitions/version-strategy.ts';
import { MemoError, messageOf } from '../errors/memo-error.ts';
import { type EventStream, eventError } from '../events/event-stream.ts';
import { type IOManager, managerName } from '../io/io-manager.ts';
import type { ContextScope } from '../plan/output-contexts.ts';
import type { ExecutionPlan, ExecutionStep } from '../trace/execution-plan.ts';
import { type Attempted, type AttemptOptions, cancelledStep, runAttempts, untilAborted } from './attempts.ts';
import type { CancelGrace } from './cancel-grace.ts';
import { isPromiseLike } from './in-turn.ts';
import { type Loader, LostInput, loadInputs } from './load-inputs.ts';
import { type Publisher, publishOutputs, type StepWork, type Storing } from './publish-outputs.ts';
import type { ResourceScope } from './resource-scope.ts';
import type { Executor, StepDone, StepReport, StepTask } from './step-task.ts';
import { SpentStream } from './stream-output.ts';

/** What the executor works with. */
export interface InProcessOptions {
  readonly plan: ExecutionPlan;
  readonly scope: ContextScope;
  readonly events: EventStream;
  readonly resources: ResourceScope;
  readonly clock: Clock;
  readonly managerFor: (io: string, version: string | undefined) => IOManager;
  /** Called after the op ran, before anything is published; throws when its code is not the planned one any more. */
  readonly confirmCode: (step: ExecutionStep) => Promise<void> | undefined;
  readonly see: Loader['see'];
  readonly mayAdopt: Publisher['mayAdopt'];
  readonly slots: number;
  readonly grace: CancelGrace;
}

type SharedOptions = InProcessOptions & Pick<Publisher, 'signal' | 'storing'>;

/** Runs steps in this process. */
export class InProcessExecutor implements Executor {
  readonly slots: number;
  readonly #options: InProcessOptions;
  readonly #lingering = new Set<Promise<unknown>>();
  readonly #storing = new Map<string, Storing>();
  #shared: SharedOptions | undefined;
  #attempts: AttemptOptions | undefined;

  constructor(options: InProcessOptions) {
    this.#options = options;
    this.slots = options.slots;
  }

  execute(task: StepTask, signal: AbortSignal): StepReport | Promise<StepReport> {
    const { plan } = this.#options;
    const step = plan.step(task.index);
    const work = { task, step, passStreams: true };
    try {
      const report = this.#runOnce(work, signal);
      return report instanceof Promise ? report.catch((error: unknown) => this.#fail(work, signal, error)) : report;
    } catch (error) {
      return this.#fail(work, signal, error);
    }
  }

  #fail(work: StepWork, signal: AbortSignal, error: unknown): StepReport | Promise<StepReport> {
    if (!(error instanceof SpentStream)) return failed(error, work.step, signal);
    return this.#rerunSpent(work, signal, error).catch((again: unknown) => failed(again, work.step, signal));
  }

  whereabouts(step: string): string {
    const storing = this.#storing.get(step);
    if (storing === undefined) return 'having its result checked and recorded';
    return `storing ${step}.${storing.output} in ${managerName(storing.manager)}`;
  }

  async close(): Promise<readonly MemoError[]> {
    // Ops may use resources while they end, so that these are torn down under them only when the grace period is over.
    if (this.#lingering.size > 0) await this.#options.grace.linger(Promise.allSettled(this.#lingering));
    return this.#options.resources.close();
  }

  async #rerunSpent(work: StepWork, signal: AbortSignal, spent: SpentStream): Promise<StepReport> {
    const { events } = this.#options;
    events.emit({ type: 'step.retry', step: work.step.id, attempt: 1, delayMs: 0, error: eventError(spent) });
    return this.#runOnce({ ...work, passStreams: false }, signal);
  }

  #runOnce(work: StepWork, signal: AbortSignal): StepReport | Promise<StepReport> {
    const use = this.#instancesFor(work.step, signal);
    return use instanceof Promise
      ? use.then((there: object) => this.#runWith(there, work, signal))
      : this.#runWith(use, work, signal);
  }

  #runWith(use: object, work: StepWork, signal: AbortSignal): StepReport | Promise<StepReport> {
    const { step } = work;
    const given: Calling = { work, use, annotations: undefined, durationMs: 0 };
    const call = (attempt: number, within: AbortSignal): unknown => this.#call(given, attempt, within);
    const attempted = runAttempts({ step, call }, this.#attemptsUnder(signal));
    if (!(attempted instanceof Promise)) return this.#publish(attempted, given, signal);
    return attempted.then((ended) => this.#publish(ended, given, signal));
  }

  #publish(attempted: Attempted, given: Calling, signal: AbortSignal): StepReport | Promise<StepReport> {
    const { work } = given;
    if (!attempted.ok) {
      const { cause } = attempted.error;
      if (cause instanceof LostInput) throw cause;
      if (cause instanceof InputFailure) throw cause.cause;
      return { kind: 'failed', ...attempted, durationMs: given.durationMs };
    }
    const { value, attempts } = attempted;
    const confirmed = this.#options.confirmCode(work.step);
    const shared = this.#sharedUnder(signal);
    const publishing =
      confirmed === undefined
        ? publishOutputs(value, work, shared)
        : confirmed.then(() => publishOutputs(value, work, shared));
    if (!(publishing instanceof Promise)) return doneWith(publishing, attempts, given);
    return publishing.then((outputs) => {
      this.#storing.delete(work.step.id);
      return doneWith(outputs, attempts, given);
    });
  }

  /** One attempt: what the op gives, or a promise of it where that, or an input, is one. */
  #call(given: Calling, attempt: number, signal: AbortSignal): unknown {
    const { task, step } = given.work;
    // Every attempt gets inputs of its own: an earlier one may have changed its copies.
    const input = inputsOf(task, step, this.#sharedUnder(signal));
    if (!(input instanceof Promise)) return this.#callWith(input, given, { attempt, signal });
    return input.then((late: object) => this.#callWith(late, given, { attempt, signal }));
  }

  #callWith(
    input: object,
    given: Calling,
    { attempt, signal }: { readonly attempt: number; readonly signal: AbortSignal },
  ): unknown {
    const { step } = given.work;
    const { clock } = this.#options;
    const context = this.#context(given, attempt, signal);
    const start = clock.elapsed();
    const over = (): void => {
      given.durationMs += clock.elapsed() - start;
    };
    let isPending = false;
    try {
      const returned: unknown = step.op.run(input as never, context as never);
      isPending = isPromiseLike(returned);
      return isPending ? Promise.resolve(returned).finally(over) : returned;
    } finally {
      if (!isPending) over();
    }
  }

  /** The resources of a step; when the run is aborted, a setup that goes on is not waited for here. */
  #instancesFor({ op }: ExecutionStep, signal: AbortSignal): object | Promise<object> {
    const instances = this.#options.resources.instancesFor(op);
    return untilAborted(instances, signal, (promise) => this.#linger(promise)) as object | Promise<object>;
  }

  /** What the attempts of all steps of a run share. */
  #attemptsUnder(signal: AbortSignal): AttemptOptions {
    if (this.#attempts?.signal !== signal) {
      const { clock, events } = this.#options;
      this.#attempts = {
        clock,
        signal,
        isFinal: (error) => error instanceof LostInput || error instanceof InputFailure,
        onRetry: ({ id }, { attempt, delayMs, error }) =>
          events.emit({ type: 'step.retry', step: id, attempt, delayMs, error: eventError(error) }),
        onLinger: (promise) => this.#linger(promise),
      };
    }
    return this.#attempts;
  }

  /** The options with the signal of the run, made once for all its steps. */
  #sharedUnder(signal: AbortSignal): SharedOptions {
    if (this.#shared?.signal !== signal) this.#shared = { ...this.#options, signal, storing: this.#storing };
    return this.#shared;
  }

  #linger(promise: Promise<unknown>): void {
    const forget = (): boolean => this.#lingering.delete(promise);
    this.#lingering.add(promise);
    promise.then(forget, forget);
  }

  #context(given: Calling, attempt: number, signal: AbortSignal): object {
    const { work, use } = given;
    const { task, step } = work;
    const { events, scope } = this.#options;
    return {
      config: step.config.fresh(),
      use,
      // Not when somebody asks: what defines a getter costs more than the lines that most ops do not write.
      log: scope.logFor(step.id),
      signal,
      run: { id: task.runId, step: step.id, attempt },
      version: task.version,
      progress: (done: number, total?: number) =>
        events.emit({ type: 'step.progress', step: step.id, done, ...(total === undefined ? {} : { total }) }),
      annotate: (key: string, value: unknown) => {
        given.annotations ??= {};
        given.annotations[key] = value as Json;
      },
    };
  }
}

function doneWith(outputs: StepDone['outputs'], attempts: number, { durationMs, annotations }: Calling): StepDone {
  return { kind: 'done', outputs, durationMs, attempts, annotations };
}

/** What the attempts of a step share. */
interface Calling {
  readonly work: StepWork;
  readonly use: object;
  /** What the op noted of its result, if anything. */
  annotations: Record<string, Json> | undefined;
  /** How long all of them took. */
  durationMs: number;
}

function inputsOf(task: StepTask, step: ExecutionStep, loader: Loader): object {
  try {
    const loading = loadInputs(task, step, loader);
    return loading instanceof Promise ? loading.catch(failInputs) : loading;
  } catch (cause) {
    return failInputs(cause);
  }
}

function failed(error: unknown, step: ExecutionStep, signal: AbortSignal): StepReport {
  if (error instanceof LostInput) return { kind: 'lost', address: error.address, error: error.error };
  const cancelled = signal.aborted;
  const shown = cancelled ? cancelledStep(step, error) : asMemoError(error, step);
  return { kind: 'failed', error: shown, durationMs: 0, attempts: 0, cancelled };
}

/** The inputs could not be had: that is not the op's failure, and no further attempt can mend it. */
class InputFailure extends Error {}

function failInputs(cause: unknown): never {
  if (cause instanceof LostInput) throw cause;
  throw new InputFailure('The inputs cannot be had.', { cause });
}

function asMemoError(error: unknown, step: ExecutionStep): MemoError {
  if (MemoError.is(error)) return error;
  return new MemoError('M6001', `Step "${step.id}" failed: ${messageOf(error)}`, {
    fix: 'Look at the cause; nothing of this step was stored.',
    place: placeOf(step.op.site),
    details: { step: step.id, op: step.op.name },
    cause: error,
  });
}
