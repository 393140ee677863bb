// `npm test`: sets up when it must, then runs every test that needs nothing but Node. `--full` also runs the long
// property tests; every other argument goes to vitest.
import { join } from 'node:path';
import { becomeNode } from './child.mjs';
import { ensureSetUp, ROOT, runCommand } from './setup.mjs';

await runCommand(async () => {
  const args = process.argv.slice(2);
  const env = args.includes('--full') ? { ...process.env, MEMO_TEST_FULL: '1' } : process.env;
  await ensureSetUp();
  const vitest = join(ROOT, 'node_modules', 'vitest', 'vitest.mjs');
  const passedOn = args.filter((arg) => arg !== '--full');
  await becomeNode([vitest, 'run', ...passedOn], { cwd: ROOT, env });
});
