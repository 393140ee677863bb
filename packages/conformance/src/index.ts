/** The promises of memo's plugins as cases that any test runner can run. `@memo/conformance/vitest` and `/node` run them. */
export type { CodecFeature, CodecHarness } from './codec/harness.ts';
export { planCodec } from './codec/plan-codec.ts';
export type { ConformanceCase, ConformancePlan, PlannedCase } from './conformance-case.ts';
export { type DirectoryHarnessOptions, directoryHarness } from './io-manager/directory-harness.ts';
export type {
  IOManagerFeature,
  IOManagerHarness,
  IOManagerStorage,
  ProcessDoor,
  RawStorage,
} from './io-manager/harness.ts';
export { planIOManager } from './io-manager/plan-io-manager.ts';
export { type Harness, planHarness } from './plan-harness.ts';
export { conformanceBlock, withBlock } from './readme-block.ts';
export { type CaseResult, runPlan } from './run-plan.ts';
export type { NamedValues } from './sample-values.ts';
export type { Ignored, VersionStrategyFeature, VersionStrategyHarness } from './version-strategy/harness.ts';
export { planVersionStrategy } from './version-strategy/plan-version-strategy.ts';
