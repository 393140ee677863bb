/** For readers of what memo keeps: journals, bindings, version records; and of what stands behind jobs and plans. Everything here only reads. */

export type { BundledVersions } from './definitions/version-strategy.ts';
export { consoleReporter } from './events/console-reporter.ts';
export { readJournal } from './events/journal.ts';
export type { EventBody, EventError, MemoEvent, Reporter } from './events/memo-event.ts';
export { type Color, type ColorSituation, type Paint, painter, wantsColor } from './events/terminal-color.ts';
export {
  type InspectOptions,
  inspectJob,
  type JobInspection,
  type JobStore,
  type StoredAddress,
} from './execution/inspect-job.ts';
export { inspectPlan, type PlanEdge, type PlanInspection, type PlanNode } from './execution/inspect-plan.ts';
export { describeChange, describeReason } from './plan/describe-reason.ts';
export { formatAge, formatCount, formatDuration, formatTime } from './plan/format-duration.ts';
export { cutEnd, cutMiddle, oneLine, padTo, plainLines, widthOf } from './plan/line-text.ts';
export type { Plan, PlanStep, PlanWarning } from './plan/plan.ts';
export { planSummary, stepEstimate } from './plan/plan-summary.ts';
export type { Action, Change, Explanation, Reason, RootCause } from './plan/reason.ts';
export type { Binding, BoundContent, BoundOutput, Commit, Pin } from './records/binding.ts';
export { addressesOf, type BoundAddress } from './records/binding-addresses.ts';
export { readBindings } from './records/read-bindings.ts';
export { didYouMean } from './trace/did-you-mean.ts';
export { versionOfRecord } from './versions/record-key.ts';
export type {
  CodeRecord,
  InputRecord,
  ResourceRecord,
  StepVersionRecord,
  UpstreamRecord,
  ValueRecord,
} from './versions/step-version-record.ts';
