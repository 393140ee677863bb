import { planVersionStrategy } from '@memo/conformance';
import { testVersionStrategy } from '@memo/conformance/vitest';
import { test } from 'vitest';
import { installedStrategy, useInstalledCore } from '../../../tools/installed-strategy.mjs';
import { SOURCE_NODE } from '../../../tools/source-node/source-node.mjs';
import { IS_WHOLE } from '../../../tools/test-form.mjs';
import { gitIn } from './support/repository.ts';

function prepare(directory: string): void {
  useInstalledCore(directory);
  gitIn(directory, ['init', '-q']);
  commit(directory);
}

function commit(directory: string): void {
  gitIn(directory, ['add', '-A']);
  gitIn(directory, ['commit', '-qm', 'a commit']);
}

const shared = {
  module: installedStrategy('@memo/strategy-git', 'gitVersion()'),
  nodeOptions: SOURCE_NODE,
  prepare,
};

const committing = {
  ...shared,
  name: 'gitVersion() with a commit after each change',
  changed: commit,
  ignores: ['unrelated files', 'a reverted edit', 'another op'],
} as const;

// Each case takes several processes: all of them in CI and in the long form, a sample elsewhere.
if (IS_WHOLE) {
  testVersionStrategy(committing);
} else {
  const { cases } = await planVersionStrategy(committing);
  const sample = ['determinism/processes', 'sensitivity/helper'];
  test.each(cases.filter(({ id }) => sample.includes(id)))('$id', ({ run }) => run());
}

// The guide to version strategies runs the suite on a composed one each time.
if (process.env.MEMO_TEST_FULL === '1') {
  testVersionStrategy({
    ...shared,
    module: new URL('./support/composed.ts', import.meta.url).href,
    name: 'combine(firstOf(forOps("clean", gitVersion()), sourceHash()), …) with nothing committed',
    ignores: ['unrelated files', 'a reverted edit', 'another op'],
  });
}
