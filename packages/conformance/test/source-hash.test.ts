import { test } from 'vitest';
import { installedStrategy, useInstalledCore } from '../../../tools/installed-strategy.mjs';
import { SOURCE_NODE } from '../../../tools/source-node/source-node.mjs';
import { IS_WHOLE } from '../../../tools/test-form.mjs';
import { planVersionStrategy } from '../src/index.ts';
import { testVersionStrategy } from '../src/vitest.ts';

const harness = {
  name: '@memo/strategy-source-hash',
  module: installedStrategy('@memo/strategy-source-hash', 'sourceHash({ cache: false })'),
  nodeOptions: SOURCE_NODE,
  prepare: useInstalledCore,
  ignores: ['comments', 'unrelated files', 'a reverted edit', 'another op'],
} as const;

// Each case takes several processes: all of them in CI and in the long form, a sample elsewhere.
if (IS_WHOLE) {
  testVersionStrategy(harness);
} else {
  const { cases } = await planVersionStrategy(harness);
  const sample = ['determinism/processes', 'sensitivity/helper', 'sensitivity/not-told'];
  test.each(cases.filter(({ id }) => sample.includes(id)))('$id', ({ run }) => run());
}
