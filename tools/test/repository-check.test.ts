import { expect, test } from 'vitest';
import { repositoryProblems } from '../checks/repository-check.mjs';

const problemsOf = (text: string, path = 'packages/core/src/a.ts') => repositoryProblems([{ path, text }]);

// Joined from pieces, so that the repository check does not find them here.
test.each([
  ['/wor', 'k/main/x'],
  ["'/tm", "p/memo-test'"],
  ['see share', 'd/design/02'],
  ['https://registry.npm', 'js.org/x'],
  ['// TO', 'DO: later'],
  ['describe.sk', "ip('x')"],
  ['test.on', "ly('x')"],
  ['// @ts-ig', 'nore'],
  ['// biome-ig', 'nore lint: x'],
])('a line with %s%s is a problem', (first, second) => {
  expect(problemsOf(`ok\n${first}${second}\n`)).toEqual([expect.stringContaining('packages/core/src/a.ts:2: ')]);
});

test.each(['packages/work/src', 'homework/', 'a shared/exclusive lock', 'test.skipIf(cond)', 'path/tmp/x'])(
  '"%s" is not a problem',
  (line) => expect(problemsOf(line)).toEqual([]),
);

test.each(['utils.ts', 'helper.mjs', 'types.ts', 'common.tsx', 'shared.js'])('a file named %s is a problem', (name) => {
  expect(problemsOf('', `packages/core/src/${name}`)).toEqual([expect.stringContaining('the name says nothing')]);
});

test('a source of 321 lines is a problem, one of 320 is not', () => {
  expect(problemsOf('x\n'.repeat(320))).toEqual([]);
  expect(problemsOf('x\n'.repeat(321))).toEqual([expect.stringContaining('321 lines')]);
  expect(problemsOf('x\n'.repeat(321), 'packages/core/test/a.test.ts')).toEqual([]);
});

test('fixtures may hold markers, but no path of a machine', () => {
  const text = ['// TO', 'DO\n/wor', 'k/x'].join('');
  expect(problemsOf(text, 'packages/core/test/fixtures/a.ts')).toEqual([
    expect.stringContaining('path of one machine'),
  ]);
});
