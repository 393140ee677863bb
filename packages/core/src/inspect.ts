/** For readers of what memo keeps: journals, bindings, version records. Everything here only reads. */

export { consoleReporter } from './events/console-reporter.ts';
export { readJournal } from './events/journal.ts';
export type { EventBody, EventError, MemoEvent, Reporter } from './events/memo-event.ts';
export { describeChange, describeReason } from './plan/describe-reason.ts';
export { formatDuration } from './plan/format-duration.ts';
export type { Plan, PlanStep, PlanWarning } from './plan/plan.ts';
export type { Action, Change, Explanation, Reason, RootCause } from './plan/reason.ts';
export type { Binding, BoundContent, BoundOutput, Commit, Pin } from './records/binding.ts';
export { readBindings } from './records/read-bindings.ts';
export { versionOfRecord } from './versions/record-key.ts';
export type {
  CodeRecord,
  InputRecord,
  ResourceRecord,
  StepVersionRecord,
  UpstreamRecord,
  ValueRecord,
} from './versions/step-version-record.ts';
