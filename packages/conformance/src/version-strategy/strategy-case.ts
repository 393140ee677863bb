import type { ConformanceCase } from '../conformance-case.ts';
import type { VersionStrategyFeature } from './harness.ts';
import type { VersionStrategyTrial } from './strategy-trial.ts';

/** A promise of version strategies. */
export type VersionStrategyCase = ConformanceCase<VersionStrategyTrial, VersionStrategyFeature>;
