/**
 * For authors of pipelines: ops, jobs, resources, and what runs give. Authors of IO managers and version strategies use
 * `@memo/core/plugin`, readers of records and journals `@memo/core/inspect`, tests `@memo/core/testing`.
 */
export type { Duration } from './definitions/duration.ts';
export {
  type CheckedResult,
  type IOManagers,
  type JobOutputs,
  type JobSpec,
  MEMOIZED_RUN_TAG,
  type NotAnOutput,
} from './definitions/job-spec.ts';
export {
  type CheckedOutputs,
  type Op,
  type OpContext,
  type OpFunction,
  type OpResult,
  type OpRun,
  type OpSpec,
  type OutputSpec,
  type OutputsSpec,
  op,
  type ResultShape,
  type StepArguments,
  type StepOptions,
  type Wire,
  type Wires,
} from './definitions/op.ts';
export type { MemoMode, Policy, Retry } from './definitions/policy.ts';
export type { AfterTarget, Ref, StepRef } from './definitions/reference.ts';
export {
  type AnyResource,
  type Instances,
  type Resource,
  type ResourceContext,
  type ResourceSpec,
  resource,
  type Uses,
} from './definitions/resource.ts';
export { configure, provide, type ResourceBinding } from './definitions/resource-binding.ts';
export type { SecretPath } from './definitions/secrets.ts';
export type {
  EmptyConfig,
  InputOf,
  NoConfig,
  OutputOf,
  SchemaIssue,
  SchemaResult,
  StandardSchema,
  TakesNoConfig,
} from './definitions/standard-schema.ts';
export type {
  AnyFunction,
  Certainty,
  CodeChange,
  CodeVersion,
  Json,
  OpVersionContext,
  PreviousVersions,
  ResourceVersionContext,
  Uncertainty,
  VersionStrategy,
} from './definitions/version-strategy.ts';
export { ERROR_CODES, type ErrorCode, type ErrorName } from './errors/error-codes.ts';
export { MemoError, type MemoErrorOptions, type Place } from './errors/memo-error.ts';
export { type ConsoleReporterOptions, consoleReporter } from './events/console-reporter.ts';
export type { EventBody, EventError, MemoEvent, Reporter, RunStatus, StepStatus } from './events/memo-event.ts';
export type { OnFailure, PlanOptions, RunOptions } from './execution/run-options.ts';
export type { FailedStep, RunResult } from './execution/run-result.ts';
export type { InputContext, Log, OutputContext } from './io/io-contexts.ts';
export type { IOManager, IOManagerCapabilities, MemoizableIOManager } from './io/io-manager.ts';
export { type AnyJob, type Job, type JobDefaults, job, type Options } from './job.ts';
export type { Plan, PlanStep, PlanWarning } from './plan/plan.ts';
export type { Action, Change, Explanation, Reason, RootCause } from './plan/reason.ts';
export { defineConfig, type ProjectConfig, type ProjectSpec } from './project-config.ts';
export { MemoryIOManager, type MemoryOptions, memory } from './stored/memory-io-manager.ts';
export type { TierPolicy } from './tiers/shared-tier.ts';
export {
  type PushedResults,
  type PushOptions,
  TieredIOManager,
  type TieredOptions,
  tiered,
} from './tiers/tiered-io-manager.ts';
export { newSigningKey, type SigningKey } from './trust/signing-keys.ts';
export { type Trust, type TrustOptions, trust } from './trust/trust.ts';
export { combine } from './versions/combine.ts';
export { firstOf } from './versions/first-of.ts';
export { forOps, type OpSelector } from './versions/for-ops.ts';
