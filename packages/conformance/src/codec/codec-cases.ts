import { CODEC_DAMAGE } from './cases/damage.ts';
import { CODEC_PROCESSES } from './cases/processes.ts';
import { CODEC_REGISTRATION } from './cases/registration.ts';
import { CODEC_ROUND_TRIP } from './cases/round-trip.ts';
import type { CodecCase } from './codec-case.ts';

/** Every promise of codecs, area by area. */
export const CODEC_CASES: readonly CodecCase[] = [
  ...CODEC_REGISTRATION,
  ...CODEC_ROUND_TRIP,
  ...CODEC_DAMAGE,
  ...CODEC_PROCESSES,
];
