import { describe, expect, test } from 'vitest';
import { type FileSystem, nodeFiles } from '../src/index.ts';
import { outputContext, versionOf } from './output-context.ts';
import { openStore, systemError, temporaryStore, withFaults } from './temporary-store.ts';

/** A file system that tells what was synced, in order: `value`, `directory`, `record` or `all`. */
function watched(faults: Partial<FileSystem> = {}) {
  const synced: string[] = [];
  const paths = new Map<number, string>();
  const files = withFaults({
    openSync(path, flags) {
      const descriptor = nodeFiles.openSync(path, flags);
      paths.set(descriptor, path);
      return descriptor;
    },
    async open(path, flags) {
      const file = await nodeFiles.open(path, flags);
      return {
        read: file.read.bind(file),
        write: file.write.bind(file),
        close: file.close.bind(file),
        sync: async () => void synced.push('value'),
      };
    },
    fsync(descriptor, done) {
      synced.push(nodeFiles.fstatSync(descriptor).isDirectory() ? 'directory' : 'value');
      done(null);
    },
    fsyncSync(descriptor) {
      synced.push(nodeFiles.fstatSync(descriptor).isDirectory() ? 'directory' : 'value');
    },
    fdatasync(_descriptor, done) {
      synced.push('record');
      done(null);
    },
    syncAll: async () => void synced.push('all'),
    linkSync(existing, path) {
      synced.push('publish');
      nodeFiles.linkSync(existing, path);
    },
    ...faults,
  });
  return { files, synced };
}

const contexts = (count: number) =>
  Array.from({ length: count }, (_, index) => outputContext({ version: versionOf(index) }));

describe('durability each', () => {
  test.each([0, 65_536])(
    'syncs a value before it is published and its name afterwards (smallBytes %i)',
    async (smallBytes) => {
      const { files, synced } = watched();
      const store = openStore(temporaryStore(), { durability: 'each', fileSystem: files, smallBytes });
      await store.handleOutput(outputContext(), 'value');
      expect(synced[0]).toBe('value');
      expect(synced.filter((what) => what === 'value')).toHaveLength(1);
      expect(synced.slice(1, 3)).toEqual(['publish', 'publish']);
      expect(new Set(synced.slice(3))).toEqual(new Set(['directory']));
      synced.length = 0;
      const sibling = outputContext({ version: `${outputContext().version?.slice(0, 60)}ffff` });
      await store.handleOutput(sibling, 'value');
      expect(synced).toEqual(['value', 'publish', 'directory']);
    },
  );

  test('makes a value durable that somebody else stored', async () => {
    const directory = temporaryStore();
    await openStore(directory).handleOutput(outputContext(), 'value');
    const { files, synced } = watched();
    await openStore(directory, { durability: 'each', fileSystem: files }).handleOutput(outputContext(), 'value');
    expect(synced.slice(0, 4)).toEqual(['value', 'publish', 'value', 'directory']);
  });

  test('fails where a sync fails, before anything is published', async () => {
    const { files, synced } = watched({ fsync: (_descriptor, done) => done(systemError('EIO')) });
    const store = openStore(temporaryStore(), { durability: 'each', fileSystem: files });
    await expect(store.handleOutput(outputContext(), 1)).rejects.toMatchObject({ code: 'M5002' });
    expect(synced).toEqual([]);
    expect(store.hasOutput(outputContext())).toBe(false);
  });
});

describe('durability batch', () => {
  test('syncs nothing until a flush, then few values one by one', async () => {
    const { files, synced } = watched();
    const store = openStore(temporaryStore(), { durability: 'batch', fileSystem: files });
    for (const context of contexts(3)) await store.handleOutput(context, 1);
    expect(synced.filter((what) => what !== 'publish')).toEqual([]);
    synced.length = 0;
    await store.flush();
    expect(synced.filter((what) => what === 'value')).toHaveLength(3);
    expect(synced.lastIndexOf('value')).toBeLessThan(synced.indexOf('directory'));
    synced.length = 0;
    await store.flush();
    expect(synced).toEqual([]);
  });

  test('syncs many values with one call', async () => {
    const { files, synced } = watched();
    const store = openStore(temporaryStore(), { durability: 'batch', fileSystem: files });
    for (const context of contexts(40)) await store.handleOutput(context, 1);
    synced.length = 0;
    await store.dispose();
    expect(synced).toEqual(['all']);
  });

  test('syncs many values one by one where there is no such call', async () => {
    const { files, synced } = watched({ syncAll: () => Promise.reject(new Error('no such command')) });
    const store = openStore(temporaryStore(), { durability: 'batch', fileSystem: files });
    for (const context of contexts(40)) await store.handleOutput(context, 1);
    await store.flush();
    expect(synced.filter((what) => what === 'value')).toHaveLength(40);
  });

  test('syncs the values before the records that name them', async () => {
    const { files, synced } = watched();
    const store = openStore(temporaryStore(), { durability: 'batch', fileSystem: files });
    await store.handleOutput(outputContext(), 1);
    await store.records.append('run-1', new Uint8Array(3));
    expect(synced).not.toContain('record');
    await store.records.append('run-1', new Uint8Array(3), { flush: true });
    expect(synced.indexOf('value')).toBeGreaterThanOrEqual(0);
    expect(synced.indexOf('value')).toBeLessThan(synced.indexOf('record'));
  });

  test('passes over values that were deleted meanwhile', async () => {
    const store = openStore(temporaryStore(), { durability: 'batch' });
    for (const context of contexts(3)) await store.handleOutput(context, 1);
    store.deleteOutput(outputContext({ version: versionOf(1) }));
    await store.flush();
  });

  test('tries again with the next flush what could not be synced', async () => {
    let broken = true;
    const { files, synced } = watched({
      fsync(_descriptor, done) {
        if (!broken) synced.push('value');
        done(broken ? systemError('EIO') : null);
      },
    });
    const store = openStore(temporaryStore(), { durability: 'batch', fileSystem: files });
    await store.handleOutput(outputContext(), 1);
    await expect(store.flush()).rejects.toMatchObject({ code: 'M5002' });
    broken = false;
    await store.flush();
    expect(synced).toContain('value');
  });
});

test('durability none syncs nothing, ever', async () => {
  const { files, synced } = watched();
  const store = openStore(temporaryStore(), { durability: 'none', fileSystem: files });
  for (const context of contexts(40)) await store.handleOutput(context, 1);
  await store.records.append('run-1', new Uint8Array(3), { flush: true });
  await store.records.putDocument('pin', new Uint8Array(3), undefined);
  await store.dispose();
  expect(new Set(synced)).toEqual(new Set(['publish']));
});

test('the command of the platform syncs a real store', async () => {
  const directory = temporaryStore();
  const store = openStore(directory, { durability: 'batch' });
  for (const context of contexts(40)) await store.handleOutput(context, 1);
  await store.dispose();
});
