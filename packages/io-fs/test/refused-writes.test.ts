import { chmodSync, chownSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { nodeFiles, type OpenFile } from '../src/index.ts';
import { outputContext } from './output-context.ts';
import { missing, runUnder } from './processes.ts';
import { filesIn, openStore, systemError, temporaryStore, withFaults } from './temporary-store.ts';

const small = 'small';
const large = Buffer.alloc(3_000_000, 'x');

/** A file system whose writes stop with an error after some bytes, also in the middle of a chunk. */
function stoppingAfter(room: number, code: string) {
  let left = room;
  const take = (length: number): number => {
    if (left === 0) throw systemError(code);
    const taken = Math.min(left, length, 200_000);
    left -= taken;
    return taken;
  };
  return withFaults({
    writeSync: (descriptor, bytes, offset, length) => nodeFiles.writeSync(descriptor, bytes, offset, take(length)),
    async open(path, flags): Promise<OpenFile> {
      const file = await nodeFiles.open(path, flags);
      return {
        read: file.read.bind(file),
        sync: file.sync.bind(file),
        close: file.close.bind(file),
        write: async (bytes, offset, length) => file.write(bytes, offset, take(length)),
      };
    },
  });
}

describe('a write that fails half-way', () => {
  test.each([
    ['ENOSPC', 'M5006'],
    ['EDQUOT', 'M5006'],
    ['EROFS', 'M5006'],
    ['EIO', 'M5002'],
    ['EMFILE', 'M5002'],
  ])('leaves no trace, and the next one succeeds: %s is %s', async (systemCode, code) => {
    for (const [room, value] of [
      [3, small],
      [0, small],
      [1_000_000, large],
    ] as const) {
      const directory = temporaryStore();
      const store = openStore(directory, { fileSystem: stoppingAfter(room, systemCode) });
      const storing = store.handleOutput(outputContext(), value);
      await expect(storing).rejects.toMatchObject({ code, details: { systemCode, step: 'clean', output: 'result' } });
      expect(filesIn(directory)).toEqual([]);
      expect(store.hasOutput(outputContext())).toBe(false);
      expect(await openStore(directory).handleOutput(outputContext(), value)).toMatchObject({ outcome: 'created' });
    }
  });

  test('in short pieces writes every byte', async () => {
    const store = openStore(temporaryStore(), { fileSystem: stoppingAfter(Number.MAX_SAFE_INTEGER, 'EIO') });
    await store.handleOutput(outputContext(), large);
    expect(((await store.loadInput(outputContext())) as Buffer).equals(large)).toBe(true);
  });
});

describe('a path that cannot be used', () => {
  test('because a file is where the store should be says so', async () => {
    const directory = temporaryStore();
    mkdirSync(dirname(directory), { recursive: true });
    writeFileSync(directory, 'a file');
    const storing = openStore(directory).handleOutput(outputContext(), 1);
    await expect(storing).rejects.toMatchObject({ code: 'M5006', because: `${directory} is a file, not a directory` });
    await expect(storing).rejects.toThrow(`remove ${directory}, or use another store directory`);
    expect(openStore(directory).hasOutput(outputContext())).toBe(false);
  });

  test('because a file is where a directory of the store should be says so', async () => {
    const directory = temporaryStore();
    mkdirSync(directory, { recursive: true });
    writeFileSync(join(directory, 'outputs'), 'a file');
    const storing = openStore(directory).handleOutput(outputContext(), 1);
    await expect(storing).rejects.toMatchObject({
      code: 'M5006',
      because: `${join(directory, 'outputs')} is a file, not a directory`,
    });
    expect(filesIn(directory)).toEqual(['outputs']);
  });

  test('because it is too long says so', async () => {
    const directory = join(temporaryStore(), 'x'.repeat(300));
    await expect(openStore(directory).handleOutput(outputContext(), 1)).rejects.toMatchObject({
      code: 'M5006',
      because: 'the path is too long for this file system',
    });
  });

  test('because its parts are on different file systems says so', async () => {
    const fileSystem = withFaults({
      linkSync: () => {
        throw systemError('EXDEV');
      },
    });
    const storing = openStore(temporaryStore(), { fileSystem }).handleOutput(outputContext(), 1);
    await expect(storing).rejects.toThrow(/keep the whole store directory on one file system/);
  });
});

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
