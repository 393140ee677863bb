import { job, op } from '@memo/core';
import { afterEach, expect, test, vi } from 'vitest';
import { SetVersions } from '../support/set-versions.ts';
import { WatchedManager } from '../support/watched-manager.ts';
import { whatRan } from '../support/what-ran.ts';

afterEach(() => {
  vi.unstubAllEnvs();
});

const greet = op('greet', { env: ['MEMO_TEST_GREETING'], run: () => process.env.MEMO_TEST_GREETING ?? 'unset' });
const other = op('other', () => 'other');
const greeting = job('greeting', {
  versions: new SetVersions(),
  io: new WatchedManager(),
  build: () => ({ greeting: greet(), other: other() }),
});

test('set, changed, empty and unset are four versions', async () => {
  const values = ['hello', 'goodbye', '', undefined];
  for (const value of values) {
    vi.stubEnv('MEMO_TEST_GREETING', value);
    const result = await greeting.run();
    expect(result.executed).toContain('greet');
    expect(await result.load('greeting')).toBe(value ?? 'unset');
  }
  for (const value of values) {
    vi.stubEnv('MEMO_TEST_GREETING', value);
    expect(whatRan(await greeting.run())).toEqual({ reused: ['greet', 'other'] });
  }
});
