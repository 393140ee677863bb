import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { withLock } from '../lock.mjs';

let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'memo-lock-'));
  path = join(folder, 'lock');
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('holders never overlap', async () => {
  let inside = 0;
  let most = 0;
  const enter = () =>
    withLock(path, async () => {
      inside += 1;
      most = Math.max(most, inside);
      await new Promise((resolve) => setImmediate(resolve));
      inside -= 1;
    });
  await Promise.all([enter(), enter(), enter()]);
  expect(most).toBe(1);
  expect(existsSync(path)).toBe(false);
});

test('the lock is released when the work throws', async () => {
  await expect(withLock(path, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(existsSync(path)).toBe(false);
});

test('the lock of a process that died is taken over at once', async () => {
  const { pid } = spawnSync(process.execPath, ['-e', '']);
  writeFileSync(path, JSON.stringify({ pid, host: hostname() }));
  expect(await withLock(path, async () => 'done')).toBe('done');
});

test('a lock of another machine is taken over only when its heartbeat stopped', async () => {
  writeFileSync(path, JSON.stringify({ pid: 1, host: 'elsewhere.invalid' }));
  let holder = '';
  const onWait = (found: string) => {
    holder = found;
    const longAgo = new Date(0);
    utimesSync(path, longAgo, longAgo);
  };
  expect(await withLock(path, async () => 'done', { onWait })).toBe('done');
  expect(holder).toBe('process 1 on elsewhere.invalid');
});
