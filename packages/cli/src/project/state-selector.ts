import { didYouMean } from '@memo/core/inspect';
import { MemoError } from '@memo/core/plugin';
import type { Invocation } from '../commands/command.ts';
import { failedSteps } from '../commands/failed-steps.ts';
import { usageError } from '../failures/usage-error.ts';
import { type PlannedJob, planJob } from './planned-job.ts';

/** What is selected to run, and to run again. */
export interface Selection {
  readonly only?: readonly string[];
  readonly force?: boolean | readonly string[];
}

const STATES = ['stale', 'failed', 'reused'] as const;

/**
 * A selection with steps in place of states: `state:stale` (a run would run them, or decide while running), `state:reused`, `state:failed` (in
 * the last run). `+`, `!` and the `+` behind mean what they mean with a step.
 *
 * @throws MemoError M1002 for another state, M7001 where no step is in it.
 */
export async function resolveStates(
  invocation: Invocation,
  job: string | undefined,
  selection: Selection,
): Promise<Selection> {
  const planned = await planJob(invocation, job);
  const { only, force } = selection;
  return {
    ...(only === undefined ? {} : { only: await resolved(planned, only) }),
    ...(force === undefined ? {} : { force: typeof force === 'boolean' ? force : await resolved(planned, force) }),
  };
}

async function resolved(planned: PlannedJob, selectors: readonly string[]): Promise<readonly string[]> {
  const terms = selectors.flatMap((text) => text.split(',')).map((term) => term.trim());
  const steps: string[] = [];
  for (const term of terms) {
    const [, before = '', state, after = ''] = /^(!?\+?)state:(.*?)(\+?)$/.exec(term) ?? [];
    if (state === undefined) steps.push(term);
    else for (const id of await stepsIn(planned, state)) steps.push(`${before}${id}${after}`);
  }
  return steps;
}

async function stepsIn({ plan }: PlannedJob, state: string): Promise<readonly string[]> {
  const found =
    state === 'failed' ? await failedSteps('last', plan.job) : plan.steps.filter(inState(state)).map(({ id }) => id);
  if (found.length > 0) return found;
  throw new MemoError('M7001', `No step of job "${plan.job}" is ${state} now.`, {
    fix: 'memo plan says what each step is.',
    details: { job: plan.job, state },
  });
}

function inState(state: string): (step: PlannedJob['plan']['steps'][number]) => boolean {
  if (state === 'stale') return ({ action }) => action === 'run' || action === 'pending';
  if (state === 'reused') return ({ action }) => action === 'reuse';
  throw usageError(
    `There is no state ${JSON.stringify(state)}.${didYouMean(state, STATES)}`,
    `state:${STATES.join(', state:')}`,
  );
}
