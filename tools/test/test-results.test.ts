import { expect, test } from 'vitest';
import { countTests } from '../ci/test-results.mjs';

const file = (name: string, status: string, ...statuses: string[]) => ({
  name,
  status,
  message: 'cannot load\n    at x',
  assertionResults: statuses.map((each, i) => ({ status: each, fullName: `test ${i}` })),
});
const run = { ok: true, requireServers: true };

test('tests are counted by their status', () => {
  const testResults = [
    file('a.test.ts', 'failed', 'passed', 'failed', 'passed'),
    file('b.test.ts', 'passed', 'pending', 'todo'),
  ];
  const counts = countTests({ testResults }, { ...run, ok: false });
  expect(counts).toEqual({ passed: 2, failed: 1, skipped: 2, problems: ['a.test.ts: test 1'] });
});

test('a file that cannot be loaded is one failure', () => {
  const counts = countTests({ testResults: [file('a.test.ts', 'failed')] }, { ...run, ok: false });
  expect(counts).toEqual({ passed: 0, failed: 1, skipped: 0, problems: ['a.test.ts: cannot load'] });
});

test('a skipped test of a server is a failure where servers are required', () => {
  const testResults = [file('s3.server.test.ts', 'passed', 'pending')];
  expect(countTests({ testResults }, run)).toMatchObject({ failed: 1, skipped: 0 });
  expect(countTests({ testResults }, { ...run, requireServers: false })).toMatchObject({ failed: 0, skipped: 1 });
});

test('a run that failed though every test passed is a failure', () => {
  const testResults = [file('a.test.ts', 'passed', 'passed')];
  expect(countTests({ testResults }, { ...run, ok: false })).toMatchObject({ passed: 1, failed: 1 });
});
