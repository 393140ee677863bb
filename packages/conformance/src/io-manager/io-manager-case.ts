import type { ConformanceCase } from '../conformance-case.ts';
import type { IOManagerFeature } from './harness.ts';
import type { IOManagerTrial } from './trial.ts';

/** A promise of IO managers. */
export type IOManagerCase = ConformanceCase<IOManagerTrial, IOManagerFeature>;
