import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { StoredOutputInfo } from '@memo/core/plugin';
import { describe, expect, test } from 'vitest';
import type { FsIOManager } from '../src/index.ts';
import { outputContext, versionOf } from './output-context.ts';
import { filesIn, openStore, systemError, temporaryStore, withFaults } from './temporary-store.ts';

async function listed(store: FsIOManager): Promise<StoredOutputInfo[]> {
  const found: StoredOutputInfo[] = [];
  for await (const entry of store.listOutputs()) found.push(entry);
  return found;
}

describe('listing', () => {
  test('of an empty or missing store gives nothing', async () => {
    expect(await listed(openStore())).toEqual([]);
  });

  test('gives every stored output once, with its identifier, size and time', async () => {
    const directory = temporaryStore();
    const store = openStore(directory);
    const contexts = [
      ...Array.from({ length: 30 }, (_, index) => outputContext({ version: versionOf(index), op: `op-${index % 3}` })),
      outputContext({ version: undefined, step: 'embed[Doc 3]' }),
      outputContext({ version: undefined, runId: 'run-2', output: 'CON' }),
    ];
    const bytes = new Map<string, number | undefined>();
    for (const context of contexts) {
      const stored = await store.handleOutput(context, context.step);
      bytes.set(context.getOutputIdentifier().join('/'), stored.bytes);
    }
    const found = await listed(store);
    expect(new Map(found.map((entry) => [entry.identifier.join('/'), entry.bytes]))).toEqual(bytes);
    expect(found).toHaveLength(contexts.length);
    for (const { storedAt } of found) expect(storedAt).toBeGreaterThan(1.6e12);
  });

  test('passes over files that no store made, temporary files and records', async () => {
    const directory = temporaryStore();
    const store = openStore(directory);
    await store.handleOutput(outputContext(), 1);
    await store.records.append('a', new Uint8Array(3));
    const [file = ''] = filesIn(directory).filter((name) => name.startsWith('outputs'));
    writeFileSync(join(directory, file, '..', 'notes.txt'), 'x');
    writeFileSync(join(directory, 'outputs', 'README'), 'x');
    writeFileSync(join(directory, 'tmp', 'x'), 'x');
    mkdirSync(join(directory, file, '..', `34${'0'.repeat(62)}`));
    expect((await listed(store)).map(({ identifier }) => identifier)).toEqual([outputContext().getOutputIdentifier()]);
  });

  test('can be stopped early', async () => {
    const store = openStore();
    for (let index = 0; index < 5; index++) await store.handleOutput(outputContext({ version: versionOf(index) }), 1);
    for await (const { bytes } of store.listOutputs()) {
      expect(bytes).toBeGreaterThan(0);
      break;
    }
  });

  test('of a directory that cannot be read is an error', async () => {
    const directory = temporaryStore();
    await openStore(directory).handleOutput(outputContext(), 1);
    const fileSystem = withFaults({
      entriesSync: () => {
        throw systemError('EACCES');
      },
    });
    await expect(listed(openStore(directory, { fileSystem }))).rejects.toMatchObject({ code: 'M5002' });
  });
});

describe('deleting', () => {
  test('removes one output and says whether it was there', async () => {
    const store = openStore();
    const other = outputContext({ version: versionOf('other') });
    await store.handleOutput(outputContext(), 1);
    await store.handleOutput(other, 2);
    expect(store.deleteOutput(outputContext())).toBe(true);
    expect(store.hasOutput(outputContext())).toBe(false);
    expect(store.deleteOutput(outputContext())).toBe(false);
    expect(await store.loadInput(other)).toBe(2);
  });

  test('leaves no empty directories behind, and storing makes them again', async () => {
    const directory = temporaryStore();
    const store = openStore(directory);
    const { readdirSync } = await import('node:fs');
    for (const context of [outputContext(), outputContext({ version: undefined })]) {
      await store.handleOutput(context, 1);
      store.deleteOutput(context);
      expect(readdirSync(join(directory, context.getOutputIdentifier()[0] ?? ''))).toEqual([]);
      expect(await store.handleOutput(context, 1)).toMatchObject({ outcome: 'created' });
    }
  });

  test('while others store into the same directories never makes them fail', async () => {
    const directory = temporaryStore();
    const stores = [openStore(directory), openStore(directory, { smallBytes: 0 })];
    await Promise.all(
      stores.map(async (store, who) => {
        for (let index = 0; index < 100; index++) {
          const context = outputContext({ version: versionOf(`${who} ${index}`), output: `output-${index % 2}` });
          expect(await store.handleOutput(context, index)).toMatchObject({ outcome: 'created' });
          expect(store.deleteOutput(context)).toBe(true);
        }
      }),
    );
    expect(filesIn(directory)).toEqual([]);
  });

  test('what cannot be deleted is M5006', async () => {
    const directory = temporaryStore();
    await openStore(directory).handleOutput(outputContext(), 1);
    const fileSystem = withFaults({
      unlinkSync: () => {
        throw systemError('EROFS');
      },
    });
    expect(() => openStore(directory, { fileSystem }).deleteOutput(outputContext())).toThrow(/M5006 .*EROFS/);
  });
});
