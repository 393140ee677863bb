import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { job, memory, op } from '@memo/core';
import { expect, test } from 'vitest';
import { TEMPLATES } from '../src/init/templates.ts';
import { fakeStrategy } from './support/fake-strategy.ts';
import { prompt } from './support/prompt.ts';
import { training } from './support/training.ts';

const versions = fakeStrategy({});

test.each(Object.keys(TEMPLATES))('init writes the %s template and says what comes next', async (template) => {
  const at = prompt();
  const { code, out } = await at.memo(`init new --template ${template} --yes`);
  expect(code).toBe(0);
  expect(readdirSync(join(at.directory, 'new')).sort()).toEqual(['memo.config.ts', 'package.json', 'src', 'test']);
  expect(out).toContain('cd new');
  expect(out).toContain('npm install @memo/core');
});

test('init leaves files that exist as they are, and sees the package manager', async () => {
  const at = prompt().file('src/pipeline.ts', 'mine').file('pnpm-lock.yaml', '');
  const { out } = await at.memo('init --yes --json');
  expect(JSON.parse(out)).toMatchObject({ template: 'etl', kept: ['memo.config.ts', 'src/pipeline.ts'] });
  expect(readFileSync(join(at.directory, 'src/pipeline.ts'), 'utf8')).toBe('mine');
  expect((await at.memo('init --yes')).out).toContain('pnpm add @memo/core');
});

test('init in a monorepo of turbo writes a task for it, and says what turbo needs to know', async () => {
  const at = prompt().file('turbo.json', '{ "tasks": {} }').file('pnpm-workspace.yaml', '');
  const { out } = await at.memo('init packages/pipelines --yes');
  expect(out).toContain('"memo": { "cache": false');
  const { scripts } = JSON.parse(readFileSync(join(at.directory, 'packages/pipelines/package.json'), 'utf8'));
  expect(scripts.memo).toBe('memo run');
  expect((await prompt().memo('init --yes')).out).not.toContain('turbo');
});

test('init asks at a terminal', async () => {
  const at = prompt();
  await at.memo('init new', { answers: ['llm'] });
  expect(readFileSync(join(at.directory, 'new/src/pipeline.ts'), 'utf8')).toContain('complete(prompt');
});

test('init says where nothing can be written', async () => {
  const at = prompt();
  writeFileSync(join(at.directory, 'file'), '');
  const { code, err } = await at.memo('init file/new --yes');
  expect(code).toBe(2);
  expect(err).toContain('Cannot write');
});

test('check finds what is wrong in every job, and counts warnings with --strict', async () => {
  const one = op('one', () => 1);
  const wrong = job('wrong', {
    versions: { id: 'none', getOpVersion: () => undefined },
    build: () => one(),
  });
  const at = prompt().jobs([training({ versions }), wrong]);
  const { code, out } = await at.memo('check');
  expect(code).toBe(2);
  expect(out).toContain('✓ training  5 steps');
  expect(out).toContain('M4001');
  const inMemory = prompt();
  inMemory.jobs([training({ versions })], { io: undefined as never });
  expect((await inMemory.memo('check')).code).toBe(0);
  expect((await inMemory.memo('check --strict')).code).toBe(2);
  expect(existsSync(join(at.directory, '.memo'))).toBe(false);
});

test('doctor looks at everything, and says what is missing', async () => {
  const at = prompt().jobs([training({ versions })]);
  const { code, out } = await at.memo('doctor --json');
  expect(code).toBe(0);
  const { findings } = JSON.parse(out);
  expect(findings.map(({ subject }: { subject: string }) => subject)).toEqual([
    'node',
    'config',
    'core',
    'directory',
    'clock',
    'store',
    'git',
  ]);
  at.config = {};
  const broken = await at.memo('doctor');
  expect(broken.code).toBe(2);
  expect(broken.out).toContain('M1004');
});

test('doctor says that nothing can be left locked, where it is asked', async () => {
  const at = prompt().jobs([training({ versions })]);
  expect((await at.memo('doctor')).out).not.toContain('locks');
  const { code, out } = await at.memo('doctor --locks');
  expect(code).toBe(0);
  expect(out).toContain('takes no locks');
  const shared = { ...memory(), lease: async () => ({ waited: false, release: async () => undefined }) };
  const leasing = prompt().jobs([training({ versions })], { io: Object.assign(memory(), shared) });
  expect((await leasing.memo('doctor --locks')).out.replace(/\s+/g, ' ')).toContain('not renewed ends by itself');
});

test('--env sets MEMO_ENV before the config is loaded', async () => {
  const at = prompt().jobs([training({ versions })]);
  const before = process.env.MEMO_ENV;
  const seen: (string | undefined)[] = [];
  const { config } = at;
  const get = (): unknown => {
    seen.push(process.env.MEMO_ENV);
    return config;
  };
  Object.defineProperty(at, 'config', { get });
  try {
    for (const line of ['plan --env staging', '--env=live plan', '--env test'])
      expect((await at.memo(line)).code).toBe(0);
    expect([...new Set(seen)]).toEqual(['staging', 'live', 'test']);
  } finally {
    if (before === undefined) delete process.env.MEMO_ENV;
    else process.env.MEMO_ENV = before;
  }
});

test.each(['bash', 'zsh', 'fish'])('a completion script for %s', async (shell) => {
  const { code, out } = await prompt().memo(`completions ${shell}`);
  expect(code).toBe(0);
  expect(out).toContain('memo completions words --');
});

test('commands, flags, jobs, steps and runs are completed', async () => {
  const at = prompt().jobs([training({ versions })]);
  await at.memo('run --progress none');
  const complete = async (...words: string[]) =>
    (await at.memo(['completions', 'words', '--', ...words])).out.split('\n');
  expect(await complete('pl')).toContain('plan');
  expect(await complete('plan', '--on')).toContain('--only');
  expect(await complete('run', '')).toContain('training');
  expect(await complete('why', 'fe')).toContain('fetchDocs');
  expect(await complete('show', 'la')).toContain('last');
  at.config = new Error('broken');
  expect(await complete('why', '')).toEqual(['']);
});

test('a completion is a line of its own, however narrow the terminal is that its shell tells of', async () => {
  const at = prompt().jobs([training({ versions })]);
  const { out } = await at.memo(['completions', 'words', '--', 'why', 'fe'], { columns: 5 });
  expect(out.split('\n')).toContain('fetchDocs');
});

test.each(['tcsh', 'constructor'])('%s is a shell that is not known', async (shell) => {
  expect((await prompt().memo(`completions ${shell}`)).code).toBe(2);
});

test.each(['plan', 'run', 'why load', 'check'])(
  'memo %s of another copy of core than the project is refused: M9001',
  async (line) => {
    const at = prompt();
    const made = job('numbers', { versions, build: () => op('load', () => 1)() });
    const brand = { kind: 'job', copy: 'file:///elsewhere/node_modules/@memo/core/dist/index.js' };
    const foreign = { ...made, [Symbol.for('@memo/core/definition')]: brand };
    at.config = { default: { kind: 'project', jobs: [foreign] } };
    const { code, err } = await at.memo(`${line} --progress none`, { columns: 400 });
    expect(code).toBe(2);
    expect(err).toContain('error M9001  The project has another copy of @memo/core than the memo that was called.');
    expect(err).toMatch(/^because .*\/elsewhere\/node_modules\/@memo\/core/m);
    expect(err).toMatch(/^fix {6}Call the one of the project: npx memo/m);
  },
);

test('JSON holds what ops say whole, in lines of its own, with nothing that a terminal would act on', async () => {
  const said = 'a \u009b31m and \u202e back';
  const speaking = op('speak', (_: object, { log }) => {
    log.info(said);
    return 1;
  });
  const at = prompt().jobs([job('talk', { versions, build: () => speaking({}) })]);
  const { out: events } = await at.memo('run --ndjson --progress none');
  const { out: meta } = await at.memo('show last --meta', { columns: 30 });
  for (const lines of [events, meta]) {
    expect(lines).not.toMatch(/[\u0080-\u009f\u202e]/);
    const messages = lines
      .trimEnd()
      .split('\n')
      .map((line) => (JSON.parse(line) as { message?: string }).message);
    expect(messages).toContain(said);
  }
});

test('values and errors as JSON have nothing that a terminal would act on either', async () => {
  const said = 'a \u009b31m and \u202e back';
  const speak = op('speak', () => ({ said }));
  const at = prompt().jobs([job('talk', { versions: { id: 'v', getOpVersion: () => '1' }, build: () => speak({}) })]);
  await at.memo('run --progress none');
  const { out: value } = await at.memo('get speak');
  const { out: failure } = await at.memo('get no\u009bstep --json');
  for (const out of [value, failure]) expect(out).not.toMatch(/[\u0080-\u009f\u202e]/);
  expect(JSON.parse(value)).toEqual({ said });
  expect(failure).toContain('no\\u009bstep');
});
