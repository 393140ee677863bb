import { expect, test } from 'vitest';
import { FORMS } from '../src/forms/every-form.ts';
import { helpAtOnce } from '../src/help-at-once.ts';
import { prompt } from './support/prompt.ts';

/** What is said before anything is loaded; `undefined` where that is left to the command. */
function atOnce(words: readonly string[], { columns = 100, env = {} }: { columns?: number; env?: object } = {}) {
  const said: string[] = [];
  const stdout = { isTTY: true, columns, rows: 24, write: (text: string | Uint8Array) => void said.push(String(text)) };
  return helpAtOnce(words, () => ({ stdout, env: { ...env } })) ? said.join('') : undefined;
}

const LINES = [[], ...Object.keys(FORMS).map((name) => [name])].flatMap((words) => [
  [...words, '--help'],
  ['help', ...words],
]);

test('every help is said at once as it is said otherwise, in each width and style', async () => {
  const at = prompt();
  for (const style of [
    { columns: 44 },
    { columns: 200, env: { NO_COLOR: '1' } },
    { columns: 80, env: { TERM: 'dumb' } },
  ])
    for (const words of LINES) {
      const { code, out, err } = await at.memo(words, { ...style, tty: true });
      expect([code, err]).toEqual([0, '']);
      expect(atOnce(words, style)).toBe(out);
    }
});

test('the version is said at once', () => {
  for (const word of ['--version', '-V']) expect(atOnce([word])).toMatch(/^memo \d+\.\d+\.\d+ · Node \d+\.\d+\.\d+\n$/);
});

test.each([
  [],
  ['plan'],
  ['run', 'help'],
  ['bogus', '--help'],
  ['plan', '--bogus', '--help'],
  ['get', 'step', '--', '--help'],
  ['plan', '--version'],
])('memo %s %s %s %s is left to the command', (...words) => {
  expect(atOnce(words)).toBeUndefined();
});
