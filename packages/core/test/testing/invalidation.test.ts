import { AssertionError } from 'node:assert';
import { configure, provide } from '@memo/core';
import { expectInvalidates } from '@memo/core/testing';
import { describe, expect, test } from 'vitest';
import { caught } from '../support/caught-error.ts';
import { SetVersions } from '../support/set-versions.ts';
import { alphabet, counting } from './count-letters.ts';

const config = { text: 'abcd' };

describe('expectInvalidates', () => {
  test('passes when a change of config runs exactly the named steps, and re-uses the others', async () => {
    await expectInvalidates(counting, {
      config,
      change: { config: { atLeast: 9 } },
      runs: ['count', 'report'],
      reuses: ['read', 'clean'],
    });
    await expectInvalidates(counting, { config, change: { config: { title: 'x' } }, runs: ['report'] });
    await expectInvalidates(counting, { config, change: { config: { text: 'ab' } }, runs: ['*'] });
  });

  test('passes when a change of a resource does', async () => {
    const resources = [configure(alphabet, { letters: 'abc' })];
    await expectInvalidates(counting, {
      config,
      resources,
      change: { resources: [configure(alphabet, { letters: 'abcd' })] },
      runs: ['clean', 'count', 'report'],
      reuses: ['read'],
    });
    await expectInvalidates(counting, {
      config,
      resources: [provide(alphabet, { has: () => true })],
      change: { resources: [provide(alphabet, { has: () => false })] },
      reuses: ['read'],
    });
  });

  test('fails when the change runs something else, and says why it ran', async () => {
    const check = expectInvalidates(counting, { config, change: { config: { atLeast: 9 } }, runs: ['report'] });
    await expect(check).rejects.toThrow(AssertionError);
    await expect(check).rejects.toThrow('Expected only report to run, but count ran too.');
    await expect(check).rejects.toThrow('count   ran      config `atLeast` 0 → 9');
  });

  test('fails when the change runs less, or nothing', async () => {
    const nothing = expectInvalidates(counting, { config, change: { config: { atLeast: 0 } }, runs: ['count'] });
    await expect(nothing).rejects.toThrow('Expected only count to run, but count did not run.');
    const reuses = expectInvalidates(counting, { config, change: { config: { text: 'x' } }, reuses: ['read'] });
    await expect(reuses).rejects.toThrow('Expected read to have been reused, but read ran.');
  });

  test('uses the strategy that it is given', async () => {
    const versions = new SetVersions();
    await expectInvalidates(counting, { config, versions, change: { config: { title: 'x' } }, runs: ['report'] });
    expect(versions.asked).toContain('report');
  });

  test('throws when a run fails, and refuses to check nothing', async () => {
    const failing = provide(alphabet, {
      has: () => {
        throw new Error('no');
      },
    });
    await caught('M6006', () =>
      expectInvalidates(counting, { config, change: { resources: [failing] }, runs: ['clean'] }),
    );
    await expect(expectInvalidates(counting, { config, change: {} })).rejects.toThrow(TypeError);
  });
});
