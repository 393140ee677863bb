/**
 * Whether tests try everything: in the long form, and in CI, which requires its servers. Otherwise those that take long
 * try a sample, for which a developer waits.
 */
export const IS_WHOLE = process.env.MEMO_TEST_FULL === '1' || process.env.MEMO_REQUIRE_SERVERS === '1';
