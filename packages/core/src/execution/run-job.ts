import { join } from 'node:path';
import { AnswerLimit } from '../definitions/clock.ts';
import type { JobDefinition } from '../definitions/job-definition.ts';
import { MemoError, messageOf } from '../errors/memo-error.ts';
import { EventStream, eventError } from '../events/event-stream.ts';
import { type JournalReporter, journalReporter } from '../events/journal.ts';
import type { EventBody, Reporter, RunStatus } from '../events/memo-event.ts';
import { redaction } from '../events/redaction.ts';
import { type IOManager, managerName } from '../io/io-manager.ts';
import { memoDirectory } from '../io/memo-directory.ts';
import { projectDirectory } from '../io/project-directory.ts';
import { DEFAULT_MANAGER, managerOf } from '../plan/managers.ts';
import type { ContextScope } from '../plan/output-contexts.ts';
import type { PlannedJob } from '../plan/plan-job.ts';
import { storeWarnings } from '../plan/plan-warnings.ts';
import { newRunId, runIdToHex } from '../records/run-id.ts';
import { MemoryIOManager } from '../stored/memory-io-manager.ts';
import type { ExecutionPlan } from '../trace/execution-plan.ts';
import { confirmLateCode } from '../versions/late-code.ts';
import { preview } from '../versions/value-record.ts';
import { adoptUpgrades } from './adopt-upgrades.ts';
import { mayAdopt } from './adoption.ts';
import { CancelGrace } from './cancel-grace.ts';
import { InProcessExecutor } from './in-process-executor.ts';
import {
  type CancellablePlanRequest,
  planCancellably,
  type RunIdentity,
  type RunSurroundings,
  scopeOf,
} from './plan-cancellably.ts';
import { ResourceScope } from './resource-scope.ts';
import { RunCoordinator } from './run-coordinator.ts';
import { RunLedger } from './run-ledger.ts';
import type { OnFailure } from './run-options.ts';
import { type JobRunResult, runResult } from './run-outcome.ts';
import { secretsOf } from './run-secrets.ts';
import { workLeftBehind } from './step-errors.ts';
import { logFor } from './step-log.ts';
import { usedVersions } from './used-versions.ts';
import { ValueRelease } from './value-release.ts';
import { committerOf, writeFewDrafts } from './write-binding.ts';

/** What a run is asked for. */
export interface RunRequest extends CancellablePlanRequest {
  readonly concurrency: number;
  readonly pools: Readonly<Record<string, number>>;
  readonly onFailure: OnFailure;
  readonly reporters: readonly Reporter[];
  readonly journal: false | string | undefined;
}

/**
 * Plans and runs. What fails while running is in the result; what is wrong with the job is thrown, as by planning.
 */
export async function runJob(job: JobDefinition, request: RunRequest, around: RunSurroundings): Promise<JobRunResult> {
  const { clock } = around;
  const start = clock.elapsed();
  const runId = newRunId(clock.now());
  const run = new ActiveRun(job, request, { ...around, runId });
  const planned = await run.plan();
  const planMs = clock.elapsed() - start;
  return run.execute(planned, planMs);
}

/** One run, from its plan to its result. */
class ActiveRun {
  readonly #job: JobDefinition;
  readonly #request: RunRequest;
  readonly #around: RunIdentity;
  readonly #controller = new AbortController();
  readonly #memory = new MemoryIOManager();
  #events: EventStream | undefined;

  constructor(job: JobDefinition, request: RunRequest, around: RunIdentity) {
    this.#job = job;
    this.#request = request;
    this.#around = around;
  }

  plan(): Promise<PlannedJob> {
    return planCancellably(this.#job, this.#request, this.#around);
  }

  async execute(planned: PlannedJob, planMs: number): Promise<JobRunResult> {
    const { clock, runId } = this.#around;
    const start = clock.elapsed();
    const journal = this.#openJournal(planned);
    const reporters = journal === undefined ? this.#request.reporters : [...this.#request.reporters, journal.reporter];
    const events = new EventStream(reporters, redaction(secretsOf(planned)), () => clock.now());
    this.#events = events;
    const unlink = this.#followSignal();
    this.#emitStart(planned, planMs);
    const scope = scopeOf(this.#job, runId, { signal: this.#controller.signal, events });
    const { coordinator, ledger, errors } = await this.#coordinate(planned, events, scope);
    for (const { code, message } of storeWarnings(planned.managers)) events.warn(code, message);
    unlink();
    const aborted = this.#request.signal?.aborted === true;
    const status: RunStatus = aborted
      ? 'cancelled'
      : coordinator.failed.length + errors.length > 0
        ? 'failure'
        : 'success';
    const managerFor = (io: string, version: string | undefined): IOManager => this.#managerFor(planned, io, version);
    const durationMs = clock.elapsed() - start + planMs;
    const ended = { runId, status, errors, durationMs, journal: journal?.file, managerFor, scope };
    const result = runResult({ planned, ledger, coordinator, ...ended });
    if (events.observed) events.emit(runEnd(result, errors));
    journal?.reporter.close();
    return result;
  }

  async #coordinate(
    planned: PlannedJob,
    events: EventStream,
    scope: ContextScope,
  ): Promise<{ coordinator: RunCoordinator; ledger: RunLedger; errors: readonly MemoError[] }> {
    const { clock, runId } = this.#around;
    const { concurrency, onFailure, pools, memo } = this.#request;
    const { signal } = this.#controller;
    const grace = new CancelGrace({ clock, signal, graceMs: this.#request.cancelGraceMs });
    const ledger = new RunLedger(planned, runId);
    const { memoized } = planned;
    const committer = memoized && committerOf({ ledger, memoized, events, clock, runId });
    const resources = new ResourceScope({
      resources: planned.resources,
      events,
      clock,
      signal,
      grace,
      logFor: (resource) => logFor(events, { resource }),
    });
    const managerFor = (io: string, version: string | undefined): IOManager => this.#managerFor(planned, io, version);
    const { versions: strategy } = this.#job;
    const limit = new AnswerLimit({ clock, timeoutMs: this.#request.answerTimeoutMs });
    const plannedCode = memoized && { strategy, code: memoized.code, resources: planned.resources, limit };
    const values = new ValueRelease({ plan: planned.traced, scope, memory: this.#memory });
    const executor = new InProcessExecutor({
      plan: planned.traced,
      scope,
      events,
      resources,
      clock,
      managerFor,
      confirmCode: ({ op }) => (plannedCode === undefined ? undefined : confirmLateCode(op, plannedCode)),
      see: ({ index, output }, digest) => ledger.see(index, output, digest),
      mayAdopt: async ({ index }, theirs) => committer === undefined || mayAdopt(index, theirs, committer),
      slots: concurrency,
      grace,
    });
    const coordinator = new RunCoordinator({
      planned,
      ledger,
      executor,
      events,
      scope,
      committer,
      controller: this.#controller,
      grace,
      onFailure,
      require: memo === 'require',
      pools: { ...this.#job.pools, ...pools },
      managerFor,
      onSettled: memoized === undefined ? (step) => values.settled(step) : () => undefined,
    });
    const left: MemoError[] = [];
    if (committer !== undefined) {
      const late = (): unknown => left.push(workLeftBehind('binding results of earlier releases', grace.graceMs));
      await grace.within<unknown>(adoptUpgrades(committer), { from: 'cancellation', late });
    }
    await coordinator.run();
    if (committer !== undefined) writeFewDrafts(committer);
    // Steps of a memoized run may be decided again, so that what they read is kept until it is over.
    if (memoized !== undefined) {
      if (this.#memory.bytes > 0) for (const { index } of planned.traced.steps) values.settled(index);
      const versions = usedVersions(ledger, coordinator.states);
      memoized.log.addUse({ job: this.#job.name, run: runIdToHex(runId), when: clock.now(), versions });
    }
    const errors = [
      ...left,
      ...coordinator.errors,
      ...(await executor.close()),
      ...(await closeLog(memoized?.log, grace)),
    ];
    return { coordinator, ledger, errors };
  }

  /** Outputs of this run only are not left behind in a store that lives as long as the process. */
  #managerFor(planned: PlannedJob, io: string, version: string | undefined): IOManager {
    const manager = managerOf(planned.managers, io);
    return version === undefined && manager instanceof MemoryIOManager ? this.#memory : manager;
  }

  #followSignal(): () => void {
    const { signal } = this.#request;
    if (signal === undefined) return () => undefined;
    const onAbort = (): void => this.#controller.abort(signal.reason);
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    return () => signal.removeEventListener('abort', onAbort);
  }

  #openJournal(planned: PlannedJob): { readonly file: string; readonly reporter: JournalReporter } | undefined {
    const { journal } = this.#request;
    if (journal === false) return undefined;
    const durable = planned.managers.get(DEFAULT_MANAGER)?.capabilities?.durable === true;
    if (journal === undefined && !durable) return undefined;
    const runs = journal ?? join(memoDirectory(projectDirectory()), 'runs');
    const file = join(runs, this.#around.runId, 'events.ndjson');
    const onError = (error: unknown): void =>
      this.#events?.warn('journal-failed', `The journal cannot be written: ${messageOf(error)}`);
    return { file, reporter: journalReporter(file, { onError }) };
  }

  #emitStart(planned: PlannedJob, planMs: number): void {
    const events = this.#events as EventStream;
    if (!events.observed) return;
    const { plan, traced, managers, tags } = planned;
    const stores = Object.fromEntries([...managers].map(([key, manager]) => [key, managerName(manager)]));
    const { runId } = this.#around;
    const memo = plan.memoized ? this.#request.memo : 'off';
    const config = preview(planned.config.visible);
    events.emit({
      type: 'run.start',
      run: runId,
      job: traced.job,
      memo,
      steps: traced.size,
      stores,
      ...(config === undefined ? {} : { config }),
      tags,
    });
    const { run, reuse, skip, pending, savedMs } = plan;
    const listed = plan.steps.filter(({ action }) => action === 'run' || action === 'pending');
    const steps = listed.slice(0, MOST_LISTED).map(({ id, op, action, reasons, estimateMs }) => ({
      step: id,
      op,
      action,
      reasons,
      ...(estimateMs === undefined ? {} : { estimateMs }),
    }));
    events.emit({ type: 'plan', run, reuse, skip, pending, savedMs, planMs, steps, ops: opSizes(traced) });
    for (const { code, message, step } of plan.warnings) events.warn(code, message, step);
  }
}

function runEnd(result: JobRunResult, errors: readonly MemoError[]): EventBody {
  const { id, status, executed, reused, skipped, failed, durationMs, savedMs } = result;
  return {
    type: 'run.end',
    run: id,
    status,
    ran: executed.length,
    reused: reused.length,
    skipped: skipped.length,
    failed: failed.length,
    durationMs,
    savedMs,
    ...(errors[0] === undefined ? {} : { error: eventError(errors[0]) }),
  };
}

/** Most steps, and most ops, that the plan event lists; each step's own event has its reasons anyway. */
const MOST_LISTED = 1_000;

function opSizes({ steps }: ExecutionPlan): readonly { readonly op: string; readonly steps: number }[] {
  const sizes = new Map<string, number>();
  for (const { op } of steps) sizes.set(op.name, (sizes.get(op.name) ?? 0) + 1);
  return [...sizes].slice(0, MOST_LISTED).map(([op, size]) => ({ op, steps: size }));
}

async function closeLog(
  log: { close(): Promise<void> } | undefined,
  grace: CancelGrace,
): Promise<readonly MemoError[]> {
  if (log === undefined) return [];
  const late = (): readonly MemoError[] => [workLeftBehind('writing its last records', grace.graceMs)];
  try {
    return await grace.within(
      log.close().then(() => []),
      { from: 'call', late },
    );
  } catch (error) {
    if (MemoError.is(error)) return [error];
    throw error;
  }
}
