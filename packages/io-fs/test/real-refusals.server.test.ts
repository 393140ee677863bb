import { chmodSync, chownSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { outputContext } from './output-context.ts';
import { missing, runUnder } from './processes.ts';
import { filesIn, openStore, temporaryStore } from './temporary-store.ts';

describe('a store that another user owns', () => {
  const asNobody = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'];

  test('and that is read-only loads, says who owns it when something is written, and is never taken for empty', async ({
    skip,
  }) => {
    const reason = missing('starting a process of another user with setpriv', [...asNobody, 'true']);
    if (reason !== undefined) skip(reason);
    const directory = temporaryStore();
    await openStore(directory).handleOutput(outputContext(), 'value');
    chmodSync(join(directory, '..', '..', '..'), 0o755);
    const lines = runUnder(asNobody, 'attempt', directory, '10');
    expect(lines[0]).toMatch(
      /^store M5006 because \S+ belongs to user 0, this process is user 65534 fix give this process write access/,
    );
    expect(lines.slice(1, 3)).toEqual(['look true', 'load done']);
    expect(lines[3]).toMatch(/^remove M5006 because \S+ belongs to user 0/);
    expect(lines[4]).toMatch(/^record M5009 /);
    expect(openStore(directory).hasOutput(outputContext())).toBe(true);
  });

  test('and that nobody else may look into is an error, not an empty store', async ({ skip }) => {
    const reason = missing('starting a process of another user with setpriv', [...asNobody, 'true']);
    if (reason !== undefined) skip(reason);
    const directory = temporaryStore();
    await openStore(directory).handleOutput(outputContext(), 'value');
    chmodSync(join(directory, '..', '..', '..'), 0o755);
    chmodSync(join(directory, 'outputs'), 0o700);
    chmodSync(directory, 0o777);
    chmodSync(join(directory, 'tmp'), 0o777);
    chownSync(join(directory, 'tmp'), 65534, 65534);
    const lines = runUnder(asNobody, 'attempt', directory, '10');
    expect(lines[0]).toMatch(/^store M5006 because \S+ belongs to user 0/);
    expect(lines[1]).toMatch(/^look M5002 fix give this process read access/);
    expect(lines[2]).toMatch(/^load M5002 fix give this process read access/);
    expect(filesIn(join(directory, 'tmp'))).toEqual([]);
  });
});

test('a full disk is M5006, leaves no trace and does not stop smaller values', async ({ skip }) => {
  const mounting = ['unshare', '-m', 'sh', '-c'];
  const reason = missing('mounting a small file system with unshare', [
    ...mounting,
    'mount -t tmpfs -o size=256k tmpfs /mnt',
  ]);
  if (reason !== undefined) skip(reason);
  const directory = temporaryStore();
  mkdirSync(directory, { recursive: true });
  const script = `mount -t tmpfs -o size=256k tmpfs ${directory} && "$@" && find ${directory}/tmp -type f`;
  const inSmall = [...mounting, script, 'sh'];
  for (const bytes of ['400000', '65000000']) {
    const lines = runUnder(inSmall, 'attempt', directory, bytes);
    expect(lines).toEqual([
      'store M5006 because the disk is full fix free space, or delete what is not needed with `memo cache prune`',
      'look false',
      expect.stringMatching(/^load M5004/),
      'remove false',
      'record done',
    ]);
  }
  expect(runUnder(inSmall, 'attempt', directory, '15000')).toEqual([
    'store done',
    'look true',
    'load done',
    'remove true',
    'record done',
  ]);
});
