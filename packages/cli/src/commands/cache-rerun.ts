import { createHash } from 'node:crypto';
import { type IOManagers, type MemoizableIOManager, memory, type RunOptions, type RunResult, tiered } from '@memo/core';
import { inspectJob, type MemoEvent } from '@memo/core/inspect';
import { usageError } from '../failures/usage-error.ts';
import { type PlannedJob, planJob, type RunnableJob } from '../project/planned-job.ts';
import type { Invocation } from './command.ts';

/** A re-used step that was computed once more, and what that gave. */
export interface RerunStep {
  readonly step: string;
  readonly status: 'same' | 'differs' | 'failed';
  /** True for a result that counts because somebody said so. */
  readonly blessed: boolean;
  /** The outputs that differ. */
  readonly outputs: readonly string[];
  /** What it failed with. */
  readonly message?: string;
}

/**
 * Computes some re-used steps again, from stored inputs and into memory, and compares contents; blessed ones first. Nothing is written. Steps
 * that act on the world are left out.
 */
export async function rerunSteps(invocation: Invocation, count: number): Promise<readonly RerunStep[]> {
  const planned = await planJob(invocation, invocation.flags.text('job'));
  const stop = invocation.around.onOutput((text) => invocation.err.write(text));
  try {
    const rerun: RerunStep[] = [];
    for (const step of candidates(planned, invocation.around.now()).slice(0, count))
      rerun.push(await rerunStep(planned, step));
    return rerun;
  } finally {
    stop();
  }
}

/** The steps that could be computed again, another choice each time. */
function candidates({ plan, inspection }: PlannedJob, seed: number): readonly string[] {
  const worldly = new Set(inspection.nodes.filter(({ effect }) => effect).map(({ id }) => id));
  const steps = plan.steps.filter(({ action, id }) => action === 'reuse' && !worldly.has(id));
  const order = (id: string): string =>
    `${inspection.binding(id)?.by === 'bless' ? 0 : 1}${createHash('sha256').update(`${seed} ${id}`).digest('hex')}`;
  return steps
    .map(({ id }) => [order(id), id] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, id]) => id);
}

async function rerunStep({ job, config, inspection }: PlannedJob, step: string): Promise<RerunStep> {
  const digests = new Map<string, string | undefined>();
  const reporter = (event: MemoEvent): void => {
    if (event.type === 'output.stored' && event.step === step) digests.set(event.output, event.digest);
  };
  const { run } = job as RunnableJob & {
    run(options: RunOptions<unknown>): Promise<RunResult<Record<string, unknown>>>;
  };
  const result = await run({ config, io: overlay(job), only: step, force: step, journal: false, reporter });
  const binding = inspection.binding(step);
  const blessed = binding?.by === 'bless';
  const failed = result.failed.find((other) => other.step === step) ?? result.failed[0];
  if (failed !== undefined) return { step, status: 'failed', blessed, outputs: [], message: failed.error.message };
  const stored = Object.entries(binding?.outputs ?? {});
  const outputs = stored
    .filter(([name, output]) => (output === 'absent' ? undefined : output.digest) !== digests.get(name))
    .map(([name]) => name);
  return { step, status: outputs.length === 0 ? 'same' : 'differs', blessed, outputs };
}

/** The stores of a job, to be read; what is computed goes to memory. */
function overlay(job: RunnableJob): IOManagers {
  const layers = new Map<string, ReturnType<typeof tiered>>();
  for (const { key, name, manager } of inspectJob(job).stores) {
    const store = manager as MemoizableIOManager;
    if (store.records === undefined && key === 'default')
      throw usageError(`${name} keeps no records beside its values: nothing of it can be computed again apart.`);
    const bindings = layers.get('default');
    const options = { policy: 'read-only', ...(bindings === undefined ? {} : { bindings }) } as const;
    layers.set(key, tiered(memory(), store, options));
  }
  return Object.fromEntries(layers);
}
