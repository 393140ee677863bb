import { AssertionError } from 'node:assert';
import { job, op } from '@memo/core';
import {
  type AnyRun,
  expectRan,
  expectRanOnly,
  expectReused,
  expectReusedEverything,
  testJob,
} from '@memo/core/testing';
import { describe, expect, test } from 'vitest';
import { counting } from './count-letters.ts';

async function twoRuns() {
  const tested = testJob(counting);
  const first = await tested.run({ config: { text: 'abc' } });
  const second = await tested.rerun({ config: { text: 'abc', atLeast: 9 } });
  return { tested, first, second, third: await tested.rerun() };
}

function messageOf(assertion: () => void): string {
  try {
    assertion();
  } catch (error) {
    if (error instanceof AssertionError) return error.message;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('expectReused', () => {
  test('takes ids and patterns of steps that were reused', async () => {
    const { second, third } = await twoRuns();
    expectReused(second, 'read', 'clean');
    expectReused(second, '*ea*');
    expectReused(third, '*');
    expectReused(third);
  });

  test('says what ran instead and why', async () => {
    const { second } = await twoRuns();
    expect(messageOf(() => expectReused(second, 'read', 'count'))).toBe(
      [
        'Expected read, count to have been reused, but count ran.',
        '',
        '  read    reused',
        '  clean   reused',
        '  count   ran      config `atLeast` 0 → 9',
        '  report  ran      input total ← count changed',
      ].join('\n'),
    );
  });

  test('says so when nothing could be reused', async () => {
    const plain = await counting.run({ config: { text: 'a' } });
    expect(messageOf(() => expectReused(plain))).toContain('the run was not memoized: nothing could be reused');
  });

  test('refuses names of steps that are not there, and suggests', async () => {
    const { second } = await twoRuns();
    expect(messageOf(() => expectReused(second, 'raed'))).toBe(
      'No step is called "raed". Did you mean "read"? Steps: read, clean, count, report.',
    );
    expect(messageOf(() => expectReused(second, 'x*'))).toContain('No step is called "x*".');
    expect(messageOf(() => expectReused(second, 'r.ad'))).toContain('No step is called "r.ad".');
  });
});

describe('expectReusedEverything', () => {
  test('passes when nothing ran and something was reused', async () => {
    const { third } = await twoRuns();
    expectReusedEverything(third);
  });

  test('names what ran', async () => {
    const { second } = await twoRuns();
    expect(messageOf(() => expectReusedEverything(second))).toContain(
      'Expected everything to be reused, but count ran, report ran.',
    );
  });

  test('fails when there was nothing to reuse', async () => {
    const empty = await testJob(job('empty', { build: () => undefined })).run();
    expect(messageOf(() => expectReusedEverything(empty))).toContain('but nothing was.');
  });

  test('fails after a failure, and tells it', async () => {
    const failing = op('failing', (): number => {
      throw new Error('no luck');
    });
    const broken = await testJob(job('broken', { build: () => failing() })).run();
    const message = messageOf(() => expectReusedEverything(broken));
    expect(message).toContain('but failing failed.');
    expect(message).toContain('failing  failed   Step "failing" failed: no luck');
  });
});

describe('expectRan', () => {
  test('takes ids and patterns of steps that ran', async () => {
    const { first, second } = await twoRuns();
    expectRan(first, '*');
    expectRan(second, 'count', 'rep*');
    expectRan(second);
  });

  test('says what happened instead', async () => {
    const { second, third } = await twoRuns();
    expect(messageOf(() => expectRan(second, 'read'))).toContain('Expected read to have run, but read was reused.');
    expect(messageOf(() => expectRan(third))).toContain('Expected any step to have run.');
  });
});

describe('expectRanOnly', () => {
  test('takes exactly the steps that ran', async () => {
    const { second, third } = await twoRuns();
    expectRanOnly(second, 'count', 'report');
    expectRanOnly(third);
  });

  test('says what ran too and what did not', async () => {
    const { second } = await twoRuns();
    expect(messageOf(() => expectRanOnly(second, 'report', 'read'))).toContain(
      'Expected only read, report to run, but read did not run and count ran too.',
    );
    expect(messageOf(() => expectRanOnly(second))).toContain(
      'Expected only nothing to run, but count, report ran too.',
    );
  });
});

test('of many steps, those that were reused are counted instead of listed', async () => {
  const constant = op('constant', ({ n }: { n: number }) => n);
  const wide = job('wide', {
    build: () => Object.fromEntries(Array.from({ length: 60 }, (_, n) => [`n${n}`, constant({ n }, { id: `s${n}` })])),
  });
  const tested = testJob(wide);
  await tested.run();
  const again = await tested.rerun({ force: 's7' });
  const message = messageOf(() => expectReused(again, 's7'));
  expect(message.split('\n').slice(2)).toEqual([
    '  s7  ran      refreshed, as this run was asked to',
    '  (59 steps were reused)',
  ]);
});

test('what is no result of a run is refused', () => {
  for (const wrong of [undefined, {}, 3, Promise.resolve()]) {
    expect(() => expectRan(wrong as unknown as AnyRun, 'a')).toThrow(TypeError);
  }
});
