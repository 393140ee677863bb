// `npm run demo`: sets up and builds when it must, then runs the job of apps/demo through memo, with the arguments given.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ensureBuilt } from './build.mjs';
import { ensureSetUp, ROOT, runCommand } from './setup.mjs';

const MAIN = join(ROOT, 'apps', 'demo', 'scripts', 'demo.mjs');

await runCommand(async () => {
  const args = process.argv.slice(2);
  await ensureSetUp();
  const built = await ensureBuilt();
  // A process must not run code that was written after it started: the source hash refuses such files.
  if (built) {
    const { becomeNode } = await import('./child.mjs');
    await becomeNode([...process.execArgv, MAIN, ...args]);
  } else {
    await runHere(args);
  }
});

/** @param {string[]} args */
async function runHere(args) {
  process.argv = [process.execPath, MAIN, ...args];
  await import(pathToFileURL(MAIN).href);
}
