import type { ConformanceCase } from '../conformance-case.ts';
import type { CodecTrial } from './codec-trial.ts';
import type { CodecFeature } from './harness.ts';

/** A promise of codecs. */
export type CodecCase = ConformanceCase<CodecTrial, CodecFeature>;
