import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { nodeFiles, type OpenFile } from '../src/index.ts';
import { outputContext } from './output-context.ts';
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
