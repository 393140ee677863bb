import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { SOURCE_NODE } from '../../../../tools/source-node/source-node.mjs';

const MOST_BYTES_A_RUN = 4_000;

test('a thousand runs in one process keep memory and handles flat, and add no listeners', () => {
  const program = fileURLToPath(new URL('a-thousand-runs.ts', import.meta.url));
  const flags = ['--expose-gc', ...SOURCE_NODE, program];
  const { stdout, stderr, status } = spawnSync(process.execPath, flags, { encoding: 'utf8' });
  expect(status, stderr).toBe(0);
  // Node warns of a leak when a signal gets more than ten listeners.
  expect(stderr).not.toContain('MaxListenersExceededWarning');
  const [early, late] = JSON.parse(stdout) as readonly { heap: number; resources: number }[];
  expect(late?.resources).toBe(early?.resources);
  expect(((late?.heap ?? 0) - (early?.heap ?? 0)) / 800).toBeLessThan(MOST_BYTES_A_RUN);
});
