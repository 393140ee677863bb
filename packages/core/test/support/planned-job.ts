import { systemClock } from '../../src/definitions/clock.ts';
import { type CancellablePlanRequest, planOnly } from '../../src/execution/plan-cancellably.ts';
import { JOB, type Job } from '../../src/job.ts';
import type { PlannedJob } from '../../src/plan/plan-job.ts';
import { memory } from '../../src/stored/memory-io-manager.ts';

const NOTHING_ASKED: CancellablePlanRequest = {
  config: undefined,
  resources: [],
  io: undefined,
  only: undefined,
  force: undefined,
  memo: 'on',
  tags: {},
  cancelGraceMs: 0,
  answerTimeoutMs: Number.POSITIVE_INFINITY,
};

/** A planned job with what a plan does not show. */
export function plannedJob<C, R>(job: Job<C, R>): Promise<PlannedJob> {
  return planOnly(job[JOB].definition, NOTHING_ASKED, { defaultManager: memory(), clock: systemClock });
}
