/** For keepers of stores: what is in them, whether it is whole, and what may be deleted. */
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
export { type OpStats, type StoreStats, storeStats } from './retention/store-stats.ts';
export { type StoreFinding, type VerifyOptions, type VerifyReport, verifyStore } from './retention/verify-store.ts';
