/** How often a property is tried: `usual` times, or twenty times as often with MEMO_TEST_FULL. */
export function cases(usual: number): { readonly numRuns: number } {
  return { numRuns: process.env['MEMO_TEST_FULL'] === undefined ? usual : usual * 20 };
}
