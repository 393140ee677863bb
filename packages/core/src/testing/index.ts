/**
 * For tests of ops, jobs and IO managers, with any test runner; matchers for vitest are in `@memo/core/testing/vitest`.
 */
export type { Json } from '../definitions/version-strategy.ts';
export { type DeterminismOptions, expectDeterministic } from './expect-deterministic.ts';
export { expectInvalidates, type Invalidation } from './expect-invalidates.ts';
export { expectRan, expectRanOnly, expectReused, expectReusedEverything } from './expect-run.ts';
export { functionIdentity } from './function-identity.ts';
export { type OutputContextParts, outputContext, type TestOutputContext, versionOf } from './output-context.ts';
export { planText } from './plan-text.ts';
export { expectPlan } from './plan-verdict.ts';
export type { AnyRun } from './run-story.ts';
export { TestClock } from './test-clock.ts';
export { type TestedJob, type TestJobOptions, type TestRun, testJob } from './test-job.ts';
export { type OpOutputs, type TestOpArguments, type TestOpOptions, testOp } from './test-op.ts';
