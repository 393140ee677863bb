import type { ConformancePlan } from './conformance-case.ts';

/** What is tested and what is not, in one line. */
export function planTitle({ kind, missing }: ConformancePlan): string {
  return `keeps the promises of ${kind}${missing.length === 0 ? '' : ` (it does not have: ${missing.join(', ')})`}`;
}
