import { inspectJob, type StepVersionRecord } from '@memo/core/inspect';
import type { PlannedJob } from '../project/planned-job.ts';

/**
 * The recorded result of the same op, of any step and job that share the store, from which a step differs in the fewest things; of several the
 * newest. `undefined` where none is recorded, or the step has no version yet.
 */
export async function nearestOfAny({ job, plan, inspection }: PlannedJob, step: string): Promise<string | undefined> {
  const record = inspection.record(step);
  if (record === undefined) return undefined;
  const now = plan.step(step).version;
  let nearest: { readonly version: string; readonly differs: number; readonly when: number } | undefined;
  for await (const { stepVersion, record: earlier, when } of inspectJob(job).bindings()) {
    if (stepVersion === now || !isOfOp(earlier, record)) continue;
    const differs = inspection.compare(earlier, record).length;
    const isNearer =
      nearest === undefined || differs < nearest.differs || (differs === nearest.differs && when >= nearest.when);
    if (isNearer) nearest = { version: stepVersion, differs, when };
  }
  return nearest?.version;
}

function isOfOp({ op }: StepVersionRecord, { op: other }: StepVersionRecord): boolean {
  return op.name === other.name && op.namespace === other.namespace;
}
