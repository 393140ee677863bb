import { IS_WHOLE } from '../../../../tools/test-form.mjs';

const IS_LONG = process.env['MEMO_TEST_FULL'] !== undefined;
/** For `npm test`, for CI, and for the long form. */
const TIMES = IS_LONG ? 20 : IS_WHOLE ? 5 : 1;

/** How often a property is tried that the engine stands on: 100 times where a developer waits, 2,000 times in CI, twice as often in the long form. */
export const THOUSANDS: { readonly numRuns: number } = { numRuns: IS_LONG ? 4_000 : IS_WHOLE ? 2_000 : 100 };

/** How often any other property is tried: `usual` times where a developer waits, five times as often in CI, twenty times in the long form. */
export function cases(usual: number): { readonly numRuns: number } {
  return { numRuns: usual * TIMES };
}
