import type { PlannedJob } from '../project/planned-job.ts';
import type { MachineDocument } from './machine-document.ts';

/** `memo plan --json`. */
export function planDocument({ plan, inspection, planMs }: PlannedJob): MachineDocument {
  const nodes = new Map(inspection.nodes.map((node) => [node.id, node]));
  const { run, reuse, skip, pending, savedMs, estimateMs } = plan;
  return {
    schema: 'memo.plan/1',
    job: plan.job,
    memoized: plan.memoized,
    counts: { run, reuse, skip, pending },
    savedMs,
    estimateMs,
    planMs: Math.round(planMs),
    steps: plan.steps.map((step) => ({
      id: step.id,
      op: step.op,
      action: step.action,
      reasons: step.reasons,
      version: step.version,
      estimateMs: step.estimateMs,
      producedBy: step.producedBy,
      inputs: nodes.get(step.id)?.inputs ?? [],
    })),
    warnings: plan.warnings,
  };
}
