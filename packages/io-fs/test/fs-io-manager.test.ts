import { constants, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { fs, nodeFiles, type OpenFile } from '../src/index.ts';
import { outputContext, versionOf } from './output-context.ts';
import { filesIn, openStore, temporaryStore } from './temporary-store.ts';

describe('creating', () => {
  test('never replaces: the second writer is told what the first one stored', async () => {
    const directory = temporaryStore();
    const first = outputContext({ contentDigest: 'vf1:first' });
    const second = outputContext({ contentDigest: 'vf1:second' });
    expect(await openStore(directory).handleOutput(first, 'first')).toMatchObject({
      outcome: 'created',
      codec: 'text',
      contentDigest: 'vf1:first',
    });
    expect(await openStore(directory).handleOutput(second, { longer: 'second' })).toMatchObject({
      outcome: 'exists',
      codec: 'text',
      contentDigest: 'vf1:first',
    });
    expect(await openStore(directory).loadInput(first)).toBe('first');
    await expect(openStore(directory).loadInput(second)).rejects.toMatchObject({ code: 'M5003' });
    expect(filesIn(directory)).toHaveLength(1);
  });

  test('of one address by many at once succeeds once, with one whole value', async () => {
    const directory = temporaryStore();
    const stores = Array.from({ length: 4 }, (_, index) =>
      openStore(directory, index % 2 === 0 ? {} : { smallBytes: 0 }),
    );
    for (let round = 0; round < 20; round++) {
      const version = versionOf(round);
      const outcomes = await Promise.all(
        stores.map((store, writer) =>
          store.handleOutput(outputContext({ version, contentDigest: `vf1:${writer}` }), {
            writer,
            filler: 'x'.repeat(3000),
          }),
        ),
      );
      const created = outcomes.findIndex(({ outcome }) => outcome === 'created');
      expect(outcomes.filter(({ outcome }) => outcome === 'created')).toHaveLength(1);
      expect(new Set(outcomes.map(({ contentDigest }) => contentDigest))).toEqual(new Set([`vf1:${created}`]));
      expect(await stores[0]?.loadInput(outputContext({ version }))).toMatchObject({ writer: created });
    }
    expect(filesIn(directory)).toHaveLength(20);
  });
});

describe('an aborted signal', () => {
  const aborted = AbortSignal.abort(new Error('stop'));

  test('stops stores and loads before they begin', async () => {
    const directory = temporaryStore();
    const store = openStore(directory);
    await expect(store.handleOutput(outputContext({ signal: aborted }), 1)).rejects.toThrow('stop');
    expect(filesIn(directory)).toEqual([]);
    await store.handleOutput(outputContext(), 1);
    await expect(store.loadInput(outputContext({ signal: aborted }))).rejects.toThrow('stop');
    await expect(store.loadStream(outputContext({ signal: aborted }))).rejects.toThrow('stop');
  });

  test('stops large stores and loads between chunks, and leaves no trace', async () => {
    const directory = temporaryStore();
    const store = openStore(directory);
    const value = new Uint8Array(20_000_000);
    const controller = new AbortController();
    const storing = store.handleOutput(outputContext({ signal: controller.signal }), value);
    await new Promise(setImmediate);
    controller.abort(new Error('stop'));
    await expect(storing).rejects.toThrow('stop');
    expect(filesIn(directory)).toEqual([]);
    await store.handleOutput(outputContext(), value);
    const second = new AbortController();
    const loading = store.loadInput(outputContext({ signal: second.signal }));
    await new Promise(setImmediate);
    second.abort(new Error('stop'));
    await expect(loading).rejects.toThrow('stop');
  });
});

describe('a manager', () => {
  test('declares what it does', () => {
    const store = fs();
    expect(store.name).toBe('fs:.memo/store');
    expect(store.capabilities).toEqual({ durable: true, atomicCreate: true, streams: true });
  });

  test('touches nothing until it is used, and can be disposed twice', async () => {
    const directory = temporaryStore();
    const store = openStore(directory);
    store.hasOutput(outputContext());
    await store.records.segments();
    await store.dispose();
    await store.dispose();
    expect(filesIn(join(directory, '..', '..', '..'))).toEqual([]);
  });

  test('refuses an option that it does not know', () => {
    expect(() => fs('x', { durability: 'always' as 'each' })).toThrow(TypeError);
  });

  test('goes on when somebody removed the store meanwhile', async () => {
    const directory = temporaryStore();
    for (const smallBytes of [0, 65_536]) {
      const store = openStore(directory, { smallBytes });
      await store.handleOutput(outputContext(), 'one');
      rmSync(directory, { recursive: true });
      expect(store.hasOutput(outputContext())).toBe(false);
      expect(await store.handleOutput(outputContext(), 'two')).toMatchObject({ outcome: 'created' });
      expect(await store.loadInput(outputContext())).toBe('two');
    }
  });

  test.skipIf(constants.O_NOFOLLOW === undefined)(
    'loads a small value with three calls, and looks only at what is not one',
    async () => {
      const calls: string[] = [];
      const noted = (name: 'openSync' | 'readSync' | 'closeSync' | 'lookSync') => ({
        [name]: (...given: never[]): unknown => {
          calls.push(name);
          return (nodeFiles[name] as (...given: never[]) => unknown)(...given);
        },
      });
      const fileSystem = {
        ...nodeFiles,
        ...noted('openSync'),
        ...noted('readSync'),
        ...noted('closeSync'),
        ...noted('lookSync'),
      };
      const store = openStore(temporaryStore(), { smallBytes: 500, fileSystem });
      const [small, large] = [outputContext({ version: versionOf('s') }), outputContext({ version: versionOf('l') })];
      await store.handleOutput(small, 'small');
      await store.handleOutput(large, 'l'.repeat(1_000));
      calls.length = 0;
      expect(await store.loadInput(small)).toBe('small');
      expect(calls).toEqual(['openSync', 'readSync', 'closeSync']);
      expect(await store.loadInput(large)).toBe('l'.repeat(1_000));
      expect(calls).toContain('lookSync');
    },
  );

  test('keeps the same number of handles over a thousand operations', async () => {
    let handles = 0;
    const store = openStore(temporaryStore(), {
      smallBytes: 500,
      fileSystem: {
        ...nodeFiles,
        openSync(path, flags) {
          const descriptor = nodeFiles.openSync(path, flags);
          handles++;
          return descriptor;
        },
        closeSync(descriptor) {
          handles--;
          nodeFiles.closeSync(descriptor);
        },
        async open(path, flags) {
          const file = await nodeFiles.open(path, flags);
          handles++;
          const close = async () => {
            handles--;
            await file.close();
          };
          return { ...bound(file), close };
        },
      },
    });
    for (let index = 0; index < 1000; index++) {
      const context = outputContext({ version: versionOf(index % 100) });
      await store.handleOutput(context, 'x'.repeat(index % 3 === 0 ? 1000 : 10));
      await store.loadInput(context);
      await store.loadInput(outputContext({ version: versionOf('none') })).catch(() => {});
      store.hasOutput(context);
      if (index % 7 === 0) store.deleteOutput(context);
      expect(handles).toBe(0);
    }
  });
});

function bound(file: OpenFile) {
  return {
    read: file.read.bind(file),
    write: file.write.bind(file),
    sync: file.sync.bind(file),
  };
}

test('a file beside the objects changes nothing', async () => {
  const directory = temporaryStore();
  const store = openStore(directory);
  await store.handleOutput(outputContext(), 1);
  writeFileSync(join(directory, 'outputs', 'notes.txt'), 'mine');
  expect(store.hasOutput(outputContext())).toBe(true);
  const listed: unknown[] = [];
  for await (const entry of store.listOutputs()) listed.push(entry);
  expect(listed).toHaveLength(1);
});
