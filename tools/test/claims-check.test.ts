import { expect, test } from 'vitest';
import { claimProblems } from '../checks/claims-check.mjs';

const FILE = 'packages/core/test/a.test.ts';
const read = (path: string) => (path === FILE ? "test('holds it, always', () => {});" : undefined);
const row = (held: string) => `| Who | Held by |\n|---|---|\n| Mallory | ${held} |\n`;

test('a claim with a test that exists is fine, and so is what is trusted', () => {
  expect(claimProblems(row(`[a](${FILE}) "holds it"`), read)).toEqual([]);
  expect(claimProblems(row('–'), read)).toEqual([]);
});

test.each([
  ['a sentence', 'names no test that holds it'],
  [`[a](${FILE})`, 'names no test that holds it'],
  [`[a](${FILE}) "holds something else"`, 'has no test "holds something else"'],
  [`[a](${FILE}) "holds it", "and that"`, 'has no test "and that"'],
  ['[b](packages/core/test/b.test.ts) "holds it"', 'packages/core/test/b.test.ts is not there'],
])('a claim that is held by %s is a problem', (held, problem) => {
  expect(claimProblems(row(held), read)[0]).toContain(problem);
});

test('a link to a test in a sentence needs the name of the test', () => {
  expect(claimProblems(`Held by [a](${FILE}).`, read)).toEqual(['1 links to tests are not followed by "their names"']);
  expect(claimProblems(`Held by [a](${FILE})\n"holds it, always".`, read)).toEqual([]);
});
