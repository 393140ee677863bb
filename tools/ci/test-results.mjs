/**
 * @typedef {object} TestReport what of vitest's JSON report is read
 * @property {{ name: string, status: string, message?: string, assertionResults: { status: string, fullName: string }[] }[]} testResults
 */

/** @typedef {{ passed: number, failed: number, skipped: number, problems: string[] }} TestCounts */

/** Tests that need a server of their own, and may be skipped only where none can be started. */
const SERVER_TEST = /\.server\.test\.ts$/;

/**
 * Counts the tests of a report. A file that could not be loaded is one failure, and so is a run that failed though every
 * test passed: an unhandled rejection, for one.
 *
 * @param {TestReport} report
 * @param {{ ok: boolean, requireServers: boolean }} run `ok`: the exit code was 0
 * @returns {TestCounts}
 */
export function countTests(report, { ok, requireServers }) {
  const counts = { passed: 0, failed: 0, skipped: 0, problems: /** @type {string[]} */ ([]) };
  for (const file of report.testResults) {
    for (const { status, fullName } of file.assertionResults) {
      if (status === 'passed') {
        counts.passed += 1;
      } else if (status === 'failed') {
        fail(counts, `${file.name}: ${fullName}`);
      } else if (requireServers && SERVER_TEST.test(file.name)) {
        fail(counts, `${file.name}: ${fullName}: a test of a real server was skipped`);
      } else {
        counts.skipped += 1;
      }
    }
    if (file.status === 'failed' && !file.assertionResults.some(({ status }) => status === 'failed')) {
      fail(counts, `${file.name}: ${file.message?.split('\n')[0] || 'could not be run'}`);
    }
  }
  if (!ok && counts.failed === 0) fail(counts, 'vitest reports a failure outside the tests');
  return counts;
}

/**
 * @param {TestCounts} counts
 * @param {string} problem
 */
function fail(counts, problem) {
  counts.failed += 1;
  counts.problems.push(problem);
}
