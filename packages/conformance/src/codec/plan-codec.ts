import { type ConformancePlan, skipReason, withinTime } from '../conformance-case.ts';
import { CODEC_CASES } from './codec-cases.ts';
import { codecTrial } from './codec-trial.ts';
import { CODEC_FEATURES, type CodecHarness, codecFeatures } from './harness.ts';

/** The cases for a codec, those that do not apply with their reason. */
export async function planCodec(harness: CodecHarness): Promise<ConformancePlan> {
  const features = codecFeatures(harness);
  const trial = codecTrial(harness);
  return {
    name: harness.name,
    kind: 'codecs',
    features: CODEC_FEATURES.filter((feature) => features.has(feature)),
    missing: CODEC_FEATURES.filter((feature) => !features.has(feature)),
    cases: CODEC_CASES.map((one) => ({
      id: one.id,
      title: one.title,
      skip: skipReason(one, features),
      run: () => withinTime(one.id, () => one.run(trial)),
    })),
  };
}
