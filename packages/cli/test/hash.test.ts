import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { firstOf, job, op, type VersionStrategy } from '@memo/core';
import { describe, expect, test } from 'vitest';
import { fakeStrategy } from './support/fake-strategy.ts';
import { type Prompt, prompt } from './support/prompt.ts';
import { training } from './support/training.ts';

const versions = fakeStrategy({});
const only = (name: string, strategy: VersionStrategy, version?: string) => {
  const step = op('step', { run: () => name, ...(version === undefined ? {} : { version }) });
  return job(name, { versions: strategy, build: () => step() });
};

function written(at: Prompt, file = 'memo.versions.json') {
  const { algorithm, versions } = JSON.parse(readFileSync(join(at.directory, file), 'utf8'));
  return { algorithm, keys: Object.keys(versions) };
}

test('the file has every op of every job, in the order of their names, and nothing runs', async () => {
  const at = prompt().jobs([training({ versions }), only('other', versions)]);
  const { code, out } = await at.memo('hash');
  expect([code, out]).toEqual([0, 'memo.versions.json  6 versions\n']);
  const names = ['chunk', 'embed', 'fetchDocs', 'fit', 'report', 'step'];
  expect(written(at)).toEqual({ algorithm: 'fake@1', keys: names.map((name) => `op ${name}`) });
  expect((await at.memo('runs --json')).out).toContain('"runs":[]');
});

test('one job, in the named file, with the same bytes each time', async () => {
  const at = prompt().jobs([training({ versions }), only('other', versions)]);
  const bytes = () => readFileSync(join(at.directory, 'v.json'), 'utf8');
  expect((await at.memo('hash other -o v.json')).code).toBe(0);
  const before = bytes();
  await at.memo('hash other -o v.json');
  expect([written(at, 'v.json').keys, bytes()]).toEqual([['op step'], before]);
});

test('declared versions are in the code, not in the file', async () => {
  const at = prompt().jobs([training({ versions }), only('other', versions, '1')]);
  await at.memo('hash');
  expect(written(at).keys).not.toContain('op step');
});

test('a strategy that is a part of another one is asked', async () => {
  const at = prompt().jobs([only('other', firstOf({ id: 'none', getOpVersion: () => undefined }, versions))]);
  await at.memo('hash');
  expect(written(at)).toEqual({ algorithm: 'fake@1', keys: ['op step'] });
});

describe('nothing is written, and the code is 2, when', () => {
  const changed = fakeStrategy({ step: { 'function step': 'other' } });
  test.each([
    ['jobs give one op different versions', [only('a', versions), only('b', changed)], 'Jobs "a" and "b"'],
    [
      'strategies have different algorithms',
      [training({ versions }), only('b', fakeStrategy({}, 'fake@2'))],
      'algorithms',
    ],
    ['no strategy can say versions', [only('a', { id: 'none', getOpVersion: () => '1' })], 'No strategy of the jobs'],
    ['two strategies of a job can', [only('a', firstOf(versions, changed))], 'No strategy of the jobs'],
  ])('%s', async (_title, jobs, said) => {
    const at = prompt().jobs(jobs);
    const { code, err } = await at.memo('hash');
    expect(code).toBe(2);
    expect(err).toContain(said);
    expect(existsSync(join(at.directory, 'memo.versions.json'))).toBe(false);
  });

  test('the strategy fails', async () => {
    const failing: VersionStrategy = {
      ...versions,
      versionsForBundle: () => {
        throw new RangeError('no disk');
      },
    };
    const { code, err } = await prompt()
      .jobs([only('a', failing)])
      .memo('hash');
    expect(code).toBe(2);
    expect(err).toContain('M4005');
  });
});
