import { expect, test } from 'vitest';
import { MemoError } from '../../src/errors/memo-error.ts';
import { digestOf } from '../../src/hash/digest.ts';
import { checkVersion, isVersion, versionOf } from '../../src/hash/version.ts';

test.each(['1', 'v1.2.3', 'a_B', '2024-06-01.b', 'npm:@scope/x@1.0+b~1', 'x'.repeat(200)])(
  '%s is a version',
  (text) => {
    expect(checkVersion(text, "op 'a'")).toBe(text);
  },
);

test.each(['', ' ', 'a b', 'a\n', 'é', 'a"b', 'a\u0000', 'x'.repeat(201), undefined, null, 3, ['1']])(
  '%j is not a version, and the error says who gave it',
  (value) => {
    expect(isVersion(value)).toBe(false);
    const error = failureOf(() => checkVersion(value, "op 'a'"));
    expect(error.code).toBe('M4003');
    expect(error.problem).toMatch(/^op 'a' gave .*, which is not a version\.$/);
    expect(error.because).toContain('[A-Za-z0-9_.:+@/~-]{1,200}');
  },
);

test('the error shows the beginning of a long text only', () => {
  const error = failureOf(() => checkVersion(` ${'x'.repeat(5000)}`, "op 'a'"));
  expect(error.problem.length).toBeLessThan(200);
});

test('every digest is a version', () => {
  expect(isVersion(versionOf(digestOf('d')))).toBe(true);
});

function failureOf(act: () => unknown): MemoError {
  try {
    act();
  } catch (thrown) {
    if (MemoError.is(thrown)) return thrown;
    throw thrown;
  }
  throw new Error('nothing was thrown');
}
