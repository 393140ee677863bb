import { test } from 'vitest';
import { planVersionStrategy } from '../src/index.ts';
import { testVersionStrategy } from '../src/vitest.ts';
import { SOURCE_NODE } from './source-node.ts';

const harness = {
  name: '@memo/strategy-source-hash',
  module: new URL('make-source-hash.ts', import.meta.url).href,
  nodeOptions: SOURCE_NODE,
  ignores: ['comments', 'unrelated files', 'a reverted edit', 'another op'],
} as const;

// Each case takes several processes: all of them in CI and in the long form, a sample elsewhere.
if (process.env.MEMO_TEST_FULL === '1' || process.env.MEMO_REQUIRE_SERVERS === '1') {
  testVersionStrategy(harness);
} else {
  const { cases } = await planVersionStrategy(harness);
  const sample = ['determinism/processes', 'sensitivity/helper', 'sensitivity/not-told'];
  test.each(cases.filter(({ id }) => sample.includes(id)))('$id', ({ run }) => run());
}
