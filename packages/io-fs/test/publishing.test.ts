import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Clock, nodeFiles } from '../src/index.ts';
import { objectPath } from '../src/object-path.ts';
import { outputContext, versionOf } from './output-context.ts';
import { filesIn, openStore, systemError, temporaryStore, withFaults } from './temporary-store.ts';

/** A clock on which sleeping takes no time, and what was slept. */
function countingClock(): Clock & { readonly slept: number[] } {
  const slept: number[] = [];
  return {
    slept,
    now: Date.now,
    sleep: async (milliseconds, signal) => {
      signal.throwIfAborted();
      slept.push(milliseconds);
    },
  };
}

/** Fails the first `times` calls with a code, then does what it should. */
function failing<Args extends unknown[], Result>(code: string, times: number, act: (...args: Args) => Result) {
  let left = times;
  return (...args: Args): Result => {
    if (left-- > 0) throw systemError(code);
    return act(...args);
  };
}

const noLinks = () => ({ linkSync: failing('EPERM', Number.POSITIVE_INFINITY, nodeFiles.linkSync) });

describe('a file that a virus scanner holds', () => {
  test.each(['EPERM', 'EBUSY', 'EACCES'])('is waited for a few times, longer each time: %s', async (code) => {
    const clock = countingClock();
    const directory = temporaryStore();
    const fileSystem = withFaults({ linkSync: failing(code, 3, nodeFiles.linkSync) });
    const store = openStore(directory, { fileSystem, clock });
    expect(await store.handleOutput(outputContext(), 'value')).toMatchObject({ outcome: 'created' });
    expect(await store.loadInput(outputContext())).toBe('value');
    expect(clock.slept).toEqual([5, 10, 20]);
    expect(statSync(objectPath(directory, outputContext().getOutputIdentifier()).path).isFile()).toBe(true);
  });

  test.each(['EBUSY', 'EACCES'])('for good is an error that leaves no trace: %s', async (code) => {
    const clock = countingClock();
    const directory = temporaryStore();
    const fileSystem = withFaults({ linkSync: failing(code, Number.POSITIVE_INFINITY, nodeFiles.linkSync) });
    const storing = openStore(directory, { fileSystem, clock }).handleOutput(outputContext(), 'value');
    await expect(storing).rejects.toMatchObject({ code: code === 'EBUSY' ? 'M5002' : 'M5006' });
    expect(clock.slept).toHaveLength(5);
    expect(filesIn(directory)).toEqual([]);
  });

  test('is not waited for after an abort', async () => {
    const controller = new AbortController();
    const directory = temporaryStore();
    const fileSystem = withFaults({
      linkSync: () => {
        controller.abort(new Error('stop'));
        throw systemError('EBUSY');
      },
    });
    const store = openStore(directory, { fileSystem });
    await expect(store.handleOutput(outputContext({ signal: controller.signal }), 1)).rejects.toThrow('stop');
    expect(filesIn(directory)).toEqual([]);
  });
});

describe('a file system without hard links', () => {
  test.each(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EISDIR'])(
    'still creates and never replaces: %s',
    async (code) => {
      const clock = countingClock();
      const directory = temporaryStore();
      const fileSystem = withFaults({ linkSync: failing(code, Number.POSITIVE_INFINITY, nodeFiles.linkSync) });
      const store = openStore(directory, { fileSystem, clock });
      expect(await store.handleOutput(outputContext(), 'one')).toMatchObject({ outcome: 'created' });
      expect(await store.handleOutput(outputContext(), 'two')).toMatchObject({ outcome: 'exists' });
      expect(await openStore(directory, { fileSystem }).handleOutput(outputContext(), 'three')).toMatchObject({
        outcome: 'exists',
      });
      expect(await store.loadInput(outputContext())).toBe('one');
      expect(filesIn(directory)).toHaveLength(1);
      expect(readdirSync(join(directory, 'tmp'))).toEqual([]);
    },
  );

  test('is found out once', async () => {
    const clock = countingClock();
    const store = openStore(temporaryStore(), { fileSystem: withFaults(noLinks()), clock });
    for (let index = 0; index < 3; index++) await store.handleOutput(outputContext({ version: versionOf(index) }), 1);
    expect(clock.slept).toHaveLength(5);
  });

  test('keeps every other promise', async () => {
    const directory = temporaryStore();
    const store = openStore(directory, { fileSystem: withFaults(noLinks()), clock: countingClock(), smallBytes: 1000 });
    const large = outputContext({ version: undefined, output: 'large' });
    await store.handleOutput(outputContext(), { small: true });
    await store.handleOutput(large, Buffer.alloc(500_000, 'x'));
    expect(store.hasOutput(large)).toBe(true);
    expect(store.hasOutputs(Array.from({ length: 10 }, () => outputContext()))).not.toContain(false);
    expect(((await store.loadInput(large)) as Buffer).equals(Buffer.alloc(500_000, 'x'))).toBe(true);
    const listed: string[] = [];
    for await (const { identifier, bytes } of store.listOutputs()) if (bytes > 0) listed.push(identifier.join('/'));
    expect(listed.sort()).toEqual([outputContext(), large].map((one) => one.getOutputIdentifier().join('/')).sort());
    expect(store.deleteOutput(large)).toBe(true);
    expect(store.hasOutput(large)).toBe(false);
    expect(store.deleteOutput(outputContext())).toBe(true);
    expect(filesIn(directory)).toEqual([]);
  });

  test('and one with them agree about who was first', async () => {
    const directory = temporaryStore();
    const without = openStore(directory, { fileSystem: withFaults(noLinks()), clock: countingClock() });
    const having = openStore(directory);
    const [one, other] = [outputContext(), outputContext({ version: versionOf('other') })];
    await having.handleOutput(one, 'linked');
    expect(await without.handleOutput(one, 'renamed')).toMatchObject({ outcome: 'exists' });
    await without.handleOutput(other, 'renamed');
    expect(await having.handleOutput(other, 'linked')).toMatchObject({ outcome: 'exists' });
    expect(await having.loadInput(other)).toBe('renamed');
    expect(await without.loadInput(one)).toBe('linked');
  });

  test('that refuses the directory too reports the first refusal and leaves no trace', async () => {
    const directory = temporaryStore();
    const fileSystem = withFaults({
      ...noLinks(),
      renameSync: failing('EIO', Number.POSITIVE_INFINITY, nodeFiles.renameSync),
    });
    const storing = openStore(directory, { fileSystem, clock: countingClock() }).handleOutput(outputContext(), 1);
    await expect(storing).rejects.toMatchObject({ code: 'M5006', details: { systemCode: 'EPERM' } });
    expect(filesIn(directory)).toEqual([]);
  });
});

test('a value that others keep deleting as soon as it is stored is an error in the end', async () => {
  const directory = temporaryStore();
  const fileSystem = withFaults({ linkSync: failing('EEXIST', Number.POSITIVE_INFINITY, nodeFiles.linkSync) });
  const storing = openStore(directory, { fileSystem }).handleOutput(outputContext(), 1);
  await expect(storing).rejects.toThrow(/M5002 .*\n.*others keep storing and deleting it/);
  expect(filesIn(directory)).toEqual([]);
});

test('a temporary file that cannot be removed after publishing is no error', async () => {
  const directory = temporaryStore();
  const fileSystem = withFaults({ unlinkSync: failing('EBUSY', 1, nodeFiles.unlinkSync) });
  const store = openStore(directory, { fileSystem });
  expect(await store.handleOutput(outputContext(), 1)).toMatchObject({ outcome: 'created' });
  expect(readdirSync(join(directory, 'tmp'))).toHaveLength(1);
});
