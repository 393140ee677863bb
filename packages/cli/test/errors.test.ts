import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { defineConfig, job, op } from '@memo/core';
import { expect, test } from 'vitest';
import { fakeStrategy } from './support/fake-strategy.ts';
import { prompt, steady } from './support/prompt.ts';
import { training } from './support/training.ts';

const versions = fakeStrategy({});
const ready = () => prompt().jobs([training({ versions })]);

test('no config: M1001', async () => {
  const at = ready();
  rmSync(join(at.directory, 'memo.config.ts'));
  const { code, err, out } = await at.memo('plan --json');
  expect(code).toBe(2);
  expect(JSON.parse(out)).toMatchObject({ schema: 'memo.error/1', error: { code: 'M1001' } });
  expect(steady(err, at.directory)).toMatchInlineSnapshot(`
    "error M1001  There is no memo.config.ts in <project> or above it.

    fix      Make one: memo init. Or name it: --config <file>.
    docs     memo explain M1001
    "
  `);
  expect((await at.memo('plan --config other.ts')).err).toContain('M1001');
});

test.each([
  ['plann', 'There is no command "plann". Did you mean "plan"?'],
  ['plan --jsno', 'Did you mean --json?'],
  ['plan a b', 'does not take "b"'],
  ['why', 'memo why needs a name: memo why <step>'],
  ['run -j x', '--jobs takes a number'],
  ['run -j 0', 'a whole number of at least 1'],
  ['run --keep-going --fail-fast', 'contradict'],
  ['run --timeout soon', '--timeout takes a time'],
  ['run --only', '--only needs a value'],
  ['plan --progress loud', '--progress is one of auto, tty, plain, quiet, none'],
  ['plan --set =1', '--set takes path=value'],
  ['plan --json=yes', '--json takes no value'],
  ['plan --config-file gone.yaml', 'cannot be read'],
  ['plan -x', 'There is no flag -x'],
])('memo %s is refused: M1002', async (line, says) => {
  const { code, err } = await ready().memo(line);
  expect(code).toBe(2);
  expect(err).toContain('M1002');
  expect(err.replace(/\s+/g, ' ')).toContain(says);
});

test('an unknown job, or none of several: M1003', async () => {
  const at = ready();
  const { code, err, out } = await at.memo('plan trainng --json');
  expect(code).toBe(2);
  expect(JSON.parse(out).error.code).toBe('M1003');
  expect(steady(err)).toMatchInlineSnapshot(`
    "error M1003  There is no job "trainng". Did you mean "training"?

    fix      The jobs are: training.
    docs     memo explain M1003
    "
  `);
  const other = job('other', { versions, build: () => op('one', () => 1)() });
  expect((await at.jobs([training({ versions }), other]).memo('plan')).err).toContain(
    'Which job? The project has 2: training, other.',
  );
});

test('a config that exports something else: M1004', async () => {
  const at = prompt();
  for (const config of [{}, { default: {} }]) {
    at.config = config;
    const { code, err } = await at.memo('plan');
    expect(code).toBe(2);
    expect(err).toContain('M1004');
  }
});

test('a config that throws: M1005, with the error as it was', async () => {
  const at = prompt();
  at.config = new RangeError('too much');
  const { code, err } = await at.memo('plan');
  expect(code).toBe(2);
  expect(err).toContain('M1005');
  expect(err).toContain('too much');
});

test('a config that defineConfig refuses says what to write instead', async () => {
  const at = prompt();
  const refusals: [jobs: unknown[], fix: string][] = [
    [[{ name: 'odd' }], "Make each job with job('name', { build })"],
    [[training({ versions }), training({ versions })], 'Give each job a name of its own'],
  ];
  for (const [jobs, fix] of refusals) {
    at.config = thrownBy(() => defineConfig({ jobs: jobs as never }));
    const { code, err } = await at.memo('plan');
    expect(code).toBe(2);
    expect(err).toContain('M1005');
    expect(err.replace(/\s+/g, ' ')).toContain(fix);
  }
});

test('an error is told to its end, however narrow the terminal', async () => {
  const at = ready();
  const long = `${'deep/'.repeat(20)}memo.config.ts`;
  const { err } = await at.memo(['plan', '--config', long], { columns: 40 });
  expect(err.split('\n').filter((line) => line.length > 40)).toEqual([]);
  expect(err.replace(/\s+/g, '')).toContain(long);
  at.file('broken.ts', `${'// '.padEnd(90, 'x')}\nthrow 1;`);
  at.config = Object.assign(new RangeError('no'), { stack: `RangeError: no\n    at ${at.directory}/broken.ts:2:1` });
  const narrow = (await at.memo('plan', { columns: 40 })).err;
  expect(narrow).toContain('throw 1;');
  expect(narrow.split('\n').filter((line) => line.length > 40)).toEqual([]);
});

test('an unknown run: M1006', async () => {
  const at = ready();
  for (const name of ['last', 'zzzzzz']) {
    const { code, err } = await at.memo(`why fit --against ${name}`);
    expect(code).toBe(3);
    expect(err).toContain('M1006');
  }
});

test('an error of the job is shown with the line of the user that it is about', async () => {
  const at = prompt();
  const load = op('load', () => [1]);
  at.jobs([job('wrong', { versions, build: () => ({ n: (load() as unknown as number[]).length as never }) })]);
  const { code, err } = await at.memo('plan');
  expect(code).toBe(2);
  expect(err).toContain('M2104');
  expect(err).toContain('errors.test.ts');
  expect(err).toContain('memo explain M2104');
});

test('config that the job refuses ends with 2, before anything ran', async () => {
  const { code, err } = await ready().memo('run --set source=5');
  expect(code).toBe(2);
  expect(err).toContain('M3001');
});

test('what memo should not throw ends with 70, and a report', async () => {
  const at = prompt();
  const plan = (): never => {
    throw new Error('a job that is none');
  };
  at.config = { default: { kind: 'project', jobs: [{ name: 'odd', plan }] } };
  const { code, err } = await at.memo('plan');
  expect(code).toBe(70);
  const report = /report +(\S+)/.exec(err)?.[1] ?? '';
  expect(report).toContain('memo-bug-');
  rmSync(report);
});

function thrownBy(act: () => unknown): Error {
  try {
    act();
  } catch (error) {
    return error as Error;
  }
  throw new Error('nothing was thrown');
}
