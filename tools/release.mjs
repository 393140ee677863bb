// Publishes every package whose version is not published yet: `npm run release [-- --dry-run]`. CONTRIBUTING.md says when.
import { join } from 'node:path';
import { becomeNode } from './child.mjs';
import { installed, runNode, runProgram } from './command.mjs';
import { ensureSetUp, ROOT, runCommand, SetupError } from './setup.mjs';

const PNPM = installed('pnpm/bin/pnpm.cjs');

await runCommand(async () => {
  await ensureSetUp();
  if (process.argv.includes('--dry-run')) return becomeNode([PNPM, '-r', 'publish', '--dry-run', '--no-git-checks']);
  const { stdout } = await runProgram('git', ['status', '--porcelain']);
  if (stdout.trim() !== '') throw new SetupError('memo: commit or remove the changes in this tree before a release');
  const { ok } = await runNode([join(ROOT, 'tools', 'ci', 'run.mjs')], { echo: true });
  if (!ok) throw new SetupError('memo: not released, because something above fails');
  await becomeNode([installed('@changesets/cli/bin.js'), 'publish']);
});
