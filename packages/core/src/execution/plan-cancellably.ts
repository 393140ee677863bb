import type { Clock } from '../definitions/clock.ts';
import type { JobDefinition } from '../definitions/job-definition.ts';
import { MemoError } from '../errors/memo-error.ts';
import type { EventStream } from '../events/event-stream.ts';
import type { IOManager } from '../io/io-manager.ts';
import type { ContextScope } from '../plan/output-contexts.ts';
import { type PlannedJob, type PlanRequest, planJob } from '../plan/plan-job.ts';
import { bindingsFor } from '../records/bindings-for.ts';
import { newRunId } from '../records/run-id.ts';
import type { VersionSchemas } from '../versions/step-version-record.ts';
import { CancelGrace } from './cancel-grace.ts';
import { rememberPlan } from './inspect-plan.ts';
import { workLeftBehind } from './step-errors.ts';
import { logFor } from './step-log.ts';

/** What a plan is asked for, and what ends the asking. */
export interface CancellablePlanRequest extends PlanRequest {
  readonly signal?: AbortSignal | undefined;
  readonly cancelGraceMs: number;
}

/** What a plan or run needs of its surroundings. */
export interface RunSurroundings {
  readonly clock: Clock;
  readonly defaultManager: IOManager;
  /** Default: those of this release. */
  readonly schemas?: VersionSchemas;
}

/** The surroundings of one run. */
export interface RunIdentity extends RunSurroundings {
  readonly runId: string;
}

/** Plans without running. */
export function planOnly(
  job: JobDefinition,
  request: CancellablePlanRequest,
  around: RunSurroundings,
): Promise<PlannedJob> {
  return planCancellably(job, request, { ...around, runId: newRunId(around.clock.now()) });
}

/** Plans for a run. @throws MemoError M6004 when it is cancelled, also where something that is asked does not answer. */
export async function planCancellably(
  job: JobDefinition,
  request: CancellablePlanRequest,
  around: RunIdentity,
): Promise<PlannedJob> {
  const signal = request.signal ?? new AbortController().signal;
  const scope = scopeOf(job, around.runId, { signal, events: undefined });
  const grace = new CancelGrace({ clock: around.clock, signal, graceMs: request.cancelGraceMs });
  const late = (): never => {
    throw workLeftBehind(`planning job "${job.name}"`, grace.graceMs);
  };
  try {
    const planning = planJob(job, request, { ...around, scope, bindingsOf: bindingsFor });
    const planned = await grace.within(planning, { from: 'cancellation', late });
    rememberPlan(planned, scope);
    return planned;
  } catch (error) {
    if (!signal.aborted) throw error;
    if (MemoError.is(error, 'M6004')) throw error;
    throw new MemoError('M6004', `The planning of job "${job.name}" was cancelled.`, {
      fix: 'Plan or run it again.',
      details: { job: job.name },
      cause: signal.reason,
    });
  }
}

/** What the contexts of a plan or run share. */
export function scopeOf(
  job: JobDefinition,
  runId: string,
  { signal, events }: { readonly signal: AbortSignal; readonly events: EventStream | undefined },
): ContextScope {
  return { job: job.name, runId, signal, logFor: (step) => logFor(events, { step }) };
}
