import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { SOURCE_NODE } from '../../../../tools/source-node/source-node.mjs';
import { IS_WHOLE } from '../../../../tools/test-form.mjs';

const RUNS = IS_WHOLE ? 1_000 : 500;
const BEFORE = 200;
const MOST_BYTES_A_RUN = 4_000;

test(`${RUNS} runs in one process keep memory and handles flat, and add no listeners`, () => {
  const program = fileURLToPath(new URL('many-runs.ts', import.meta.url));
  const flags = ['--expose-gc', ...SOURCE_NODE, program, String(BEFORE), String(RUNS)];
  const { stdout, stderr, status } = spawnSync(process.execPath, flags, { encoding: 'utf8' });
  expect(status, stderr).toBe(0);
  // Node warns of a leak when a signal gets more than ten listeners.
  expect(stderr).not.toContain('MaxListenersExceededWarning');
  const [early, late] = JSON.parse(stdout) as readonly { heap: number; resources: number }[];
  expect(late?.resources).toBe(early?.resources);
  expect(((late?.heap ?? 0) - (early?.heap ?? 0)) / (RUNS - BEFORE)).toBeLessThan(MOST_BYTES_A_RUN);
});
