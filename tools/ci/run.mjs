// Set-up, build, tests and static checks, with the time that each takes. The last line counts tests and checks together.
// `--checks-only` leaves the tests out (npm run check).
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureSetUp, ROOT } from '../setup.mjs';

const checksOnly = process.argv.includes('--checks-only');
const started = performance.now();
const total = { passed: 0, failed: 0, skipped: 0 };
/** @type {string[]} */
const problems = [];

try {
  await everything();
} catch (error) {
  count(false, error instanceof Error ? (error.stack ?? error.message) : String(error));
}
for (const problem of problems) print(`FAILED ${problem}`);
print(`total ${seconds(started)}`);
print(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exitCode = total.failed > 0 || total.passed === 0 ? 1 : 0;

async function everything() {
  await timed('set-up', () => ensureSetUp({ print }));
  // Imported now: they need what set-up installs.
  const { installSystemPackages } = await import('./system-packages.mjs');
  const { installNodeVersions } = await import('../node-versions.mjs');
  const installs = checksOnly
    ? []
    : [
        timed('system packages', () => installSystemPackages(print)),
        timed('Node versions', () => installNodeVersions(print)),
      ];
  await Promise.all([...installs, timed('build', cleanBuild)]);
  if (!checksOnly) await timed('tests', runTests);
  await runChecks();
}

/** All packages are packed once, and every check that needs tarballs takes the same. */
async function runChecks() {
  const { CHECKS, runCheck } = await import('./checks.mjs');
  const { inLanes } = await import('./lanes.mjs');
  const { packedIn, withTarballs } = await import('../checks/tarballs.mjs');
  await withTarballs((packages, folder) =>
    inLanes(CHECKS, async (check) => {
      const { ok, output } = await timed(check.name, () => runCheck(check, packedIn(packages, folder)));
      count(ok, check.name);
      if (!ok) print(output.trimEnd());
    }),
  );
}

/** From nothing, so that no output of a removed source is packed. */
async function cleanBuild() {
  const { projectFolders, ensureBuilt } = await import('../build.mjs');
  for (const folder of projectFolders(ROOT)) rmSync(join(ROOT, folder, 'dist'), { recursive: true, force: true });
  try {
    await ensureBuilt();
    count(true, 'build');
  } catch (error) {
    count(false, 'build');
    print(error instanceof Error ? error.message : String(error));
  }
}

async function runTests() {
  const { runNode } = await import('../command.mjs');
  const { countTests } = await import('./test-results.mjs');
  const folder = mkdtempSync(join(tmpdir(), 'memo-ci-'));
  try {
    const report = join(folder, 'tests.json');
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
    const { ok } = await runNode([join(ROOT, 'tools', 'test.mjs'), ...reporters], { echo: true });
    if (!existsSync(report)) return count(false, 'the tests did not run to their end');
    const requireServers = process.env.MEMO_REQUIRE_SERVERS === '1';
    const counts = countTests(JSON.parse(readFileSync(report, 'utf8')), { ok, requireServers });
    total.passed += counts.passed;
    total.failed += counts.failed;
    total.skipped += counts.skipped;
    problems.push(...counts.problems);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * @template T
 * @param {string} name
 * @param {() => Promise<T>} step
 */
async function timed(name, step) {
  const begun = performance.now();
  const result = await step();
  print(`-- ${name}: ${seconds(begun)}`);
  return result;
}

/**
 * @param {boolean} ok
 * @param {string} name
 */
function count(ok, name) {
  total[ok ? 'passed' : 'failed'] += 1;
  if (!ok) problems.push(name);
}

/** @param {number} since */
function seconds(since) {
  return `${((performance.now() - since) / 1000).toFixed(1)} s`;
}

/** @param {string} line */
function print(line) {
  process.stdout.write(`${line}\n`);
}
