import { afterEach, expect, test } from 'vitest';
import { useInstalledCore } from '../../../tools/installed-strategy.mjs';
import { SOURCE_NODE } from '../../../tools/source-node/source-node.mjs';
import { IS_WHOLE } from '../../../tools/test-form.mjs';
import { planVersionStrategy } from '../src/index.ts';

/** A way to get a strategy wrong, and the case that finds it. */
const DEFECTS: Readonly<Record<string, string>> = {
  constant: 'sensitivity/op',
  'own source only': 'sensitivity/helper',
  'package version': 'sensitivity/not-told',
  'process id': 'determinism/processes',
  'time zone': 'determinism/processes',
  'absolute path': 'determinism/places',
  'spaces in versions': 'determinism/valid',
};

/** Each takes several processes: a sample of them, or all. */
const SAMPLE = ['own source only', 'process id'];
const sown = Object.entries(DEFECTS).filter(([defect]) => IS_WHOLE || SAMPLE.includes(defect));

afterEach(() => {
  delete process.env.CARELESS_STRATEGY;
});

test.each(sown)('a strategy that depends on this is caught: %s', async (defect, caughtBy) => {
  process.env.CARELESS_STRATEGY = defect;
  const module = new URL('defects/careless-strategies.ts', import.meta.url).href;
  const { cases } = await planVersionStrategy({
    name: defect,
    module,
    nodeOptions: SOURCE_NODE,
    prepare: useInstalledCore,
  });
  await expect(cases.find(({ id }) => id === caughtBy)?.run()).rejects.toThrow(Error);
});
