import { spawnSync } from 'node:child_process';
import { existsSync, openSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { memo, memoIntoClosedPipe, memoWords, project } from './support/process.ts';

test('a config in TypeScript is loaded, with one copy of core, and its jobs run and are re-used', async () => {
  const at = project();
  const first = await memo(at, ['run', '--json', '--progress', 'none']);
  expect(first.err).toBe('');
  expect(JSON.parse(first.out)).toMatchObject({ executed: ['load'], status: 'success' });
  const second = await memo(at, ['run', '--json', '--progress', 'none']);
  expect(JSON.parse(second.out)).toMatchObject({ reused: ['load'] });
  expect(readdirSync(join(at.directory, '.memo')).sort()).toContain('runs');
});

test('a config that throws is shown where it does', async () => {
  const at = project().file(
    'src/ops.ts',
    "export const load = (): never => undefined as never;\nthrow new RangeError('not today');\n",
  );
  const { code, err } = await memo(at, ['plan']);
  expect(code).toBe(2);
  expect(err).toContain('M1005');
  expect(err).toContain('not today');
  expect(err).toContain('src/ops.ts:2');
});

test('the versions for a bundle are those that the plan has', async () => {
  const at = project();
  const { out } = await memo(at, ['hash', '-o', 'versions.json']);
  expect(out).toBe('versions.json  1 version\n');
  const { steps } = JSON.parse((await memo(at, ['versions', '--json'])).out);
  const { versions } = JSON.parse(readFileSync(join(at.directory, 'versions.json'), 'utf8'));
  expect(versions).toMatchObject({ 'op project/load': { version: steps[0].record.op.code } });
});

test.each(['--help', 'plan'])('memo %s into a closed pipe ends in silence', async (line) => {
  expect(await memoIntoClosedPipe(project(), line.split(' '))).toEqual({ code: 0, err: '' });
});

/** Takes nothing, like a full disk; Linux has it. */
const FULL = '/dev/full';

test.each(existsSync(FULL) ? ['--help'] : [])('memo %s says that its answer cannot be written', (line) => {
  const [program = '', ...words] = memoWords([line]);
  const stdio = ['ignore', openSync(FULL, 'w'), 'pipe'] as const;
  const { status, stderr } = spawnSync(program, words, { stdio: [...stdio], encoding: 'utf8' });
  expect([status, stderr]).toEqual([1, expect.stringMatching(/^error {2}The answer cannot be written: ENOSPC/)]);
});

test.each(['20.18.3', '18.20.8', '6.17.1'])('Node %s is told which one memo needs: M9002', (version) => {
  const older = `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '${version}' } })`;
  const code = 'M9002';
  const bin = fileURLToPath(new URL('../bin/memo.cjs', import.meta.url));
  const args = ['--import', `data:text/javascript,${encodeURIComponent(older)}`, bin, 'plan'];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  expect([status, stdout]).toEqual([2, '']);
  expect(stderr.split('\n')).toEqual([
    `error ${code}  memo needs Node 20.19 or newer; this is Node ${version}.`,
    '',
    `because  ${process.execPath} is the Node that runs it.`,
    expect.stringContaining('fix      Install a newer Node'),
    `docs     memo explain ${code}`,
    '',
  ]);
});
