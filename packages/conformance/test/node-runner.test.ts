import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { SOURCE_NODE } from '../../../tools/source-node/source-node.mjs';

test('the cases run under node --test, and a broken promise fails there', () => {
  const program = fileURLToPath(new URL('harnesses/node-runner.ts', import.meta.url));
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  const { stdout, status } = spawnSync(process.execPath, [...SOURCE_NODE, '--test-reporter=tap', program], {
    encoding: 'utf8',
    env,
  });
  expect(status).toBe(1);
  expect(stdout).toMatch(/# pass 23\n# fail 3\n/);
  expect(stdout).toMatch(/not ok \d+ - round-trip\/same-value/);
});
