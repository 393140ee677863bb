/** For keepers of stores: what is in them, whether it is whole, what may be deleted, what is taken along, and what counts by a person's word. */
export {
  type BundleOptions,
  type ExportedBundle,
  type ExportOptions,
  exportBundle,
  type ImportedBundle,
  importBundle,
} from './bundles/bundle.ts';
export { type BlessOptions, blessStep } from './execution/bless-step.ts';
export { type ApplyOptions, applyPrune } from './retention/apply-prune.ts';
export { planPrune } from './retention/plan-prune.ts';
export type {
  ForgottenStep,
  KeepReason,
  PrunedValue,
  PruneOptions,
  PrunePlan,
  PruneReason,
  PruneResult,
} from './retention/prune-plan.ts';
export { prunedSince } from './retention/pruned-results.ts';
export { type ResultUse, resultUses } from './retention/result-uses.ts';
export { type OpStats, type StoreStats, storeStats } from './retention/store-stats.ts';
export { type StoreFinding, type VerifyOptions, type VerifyReport, verifyStore } from './retention/verify-store.ts';
