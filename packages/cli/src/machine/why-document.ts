import type { Explanation } from '@memo/core/inspect';
import type { PlannedJob } from '../project/planned-job.ts';
import { partsOf } from '../why/checked-parts.ts';
import type { MachineDocument } from './machine-document.ts';

/** `memo why --json`. */
export function whyDocument({ plan, inspection }: PlannedJob, explanation: Explanation): MachineDocument {
  const { step, op, action, version, against, reasons, rootCauses } = explanation;
  const record = inspection.record(step);
  return {
    schema: 'memo.why/1',
    job: plan.job,
    step,
    op,
    action,
    version,
    against,
    reasons,
    rootCauses,
    checked: record === undefined ? [] : partsOf(record),
  };
}
