import type { AnyJob, Plan, PlanOptions } from '@memo/core';
import { inspectPlan, type PlanInspection } from '@memo/core/inspect';
import { MemoError } from '@memo/core/plugin';
import type { Invocation } from '../commands/command.ts';
import { jobConfig } from './job-config.ts';
import { jobOf, openProject, type Project } from './project.ts';

/** What all jobs can do; their config and outputs are known only to the user's own code. */
export interface RunnableJob extends AnyJob {
  plan(options: PlanOptions<unknown>): Promise<Plan>;
}

/** A job that was planned. */
export interface PlannedJob {
  readonly project: Project;
  readonly job: RunnableJob;
  readonly config: unknown;
  readonly plan: Plan;
  readonly inspection: PlanInspection;
  /** What planning took, milliseconds, loading left out. */
  readonly planMs: number;
}

/** Opens the project and plans a job. */
export async function planJob(
  invocation: Invocation,
  name: string | undefined,
  options: Omit<PlanOptions<unknown>, 'config'> = {},
): Promise<PlannedJob> {
  const project = await openProject(invocation);
  const config = await jobConfig(invocation);
  return planOf(invocation, { project, job: jobOf(project, name) as RunnableJob, config }, options);
}

/** Plans a job of a project that is open. */
export async function planOf(
  { around }: Invocation,
  { project, job, config }: Pick<PlannedJob, 'project' | 'job' | 'config'>,
  options: Omit<PlanOptions<unknown>, 'config'> = {},
): Promise<PlannedJob> {
  const start = around.elapsed();
  const plan = await job.plan({ ...options, config });
  const planMs = around.elapsed() - start;
  return { project, job, config, plan, inspection: inspectPlan(plan), planMs };
}

/**
 * Plans the job that has a step: the one of `--job`, the only one, or the first that has it.
 *
 * @throws MemoError M7001 when no job has it; M1003.
 */
export async function planJobOfStep(invocation: Invocation, step: string): Promise<PlannedJob> {
  const named = invocation.flags.text('job');
  const project = await openProject(invocation);
  const config = await jobConfig(invocation);
  if (named !== undefined || project.jobs.length < 2) {
    const planned = await planOf(invocation, { project, job: jobOf(project, named) as RunnableJob, config });
    planned.plan.step(step);
    return planned;
  }
  const failures: unknown[] = [];
  for (const job of project.jobs) {
    try {
      const planned = await planOf(invocation, { project, job: job as RunnableJob, config });
      planned.plan.step(step);
      return planned;
    } catch (error) {
      failures.push(error);
    }
  }
  // A job that cannot be planned is worth saying only where no other one has the step.
  throw failures.find((error) => !MemoError.is(error, 'M7001')) ?? failures[0];
}
