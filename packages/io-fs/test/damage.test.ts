import { copyFileSync, mkdirSync, readFileSync, renameSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { MemoError } from '@memo/core/plugin';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { objectPath } from '../src/object-path.ts';
import { outputContext, versionOf } from './output-context.ts';
import { filesIn, openStore, temporaryStore } from './temporary-store.ts';

const fileOf = (directory: string, context = outputContext()) =>
  objectPath(directory, context.getOutputIdentifier()).path;

const VALUES: readonly (readonly [string, unknown])[] = [
  ['small', { rows: [1, 2, 3], name: 'rows' }],
  ['large', Buffer.alloc(200_000, 'payload ')],
];

describe.each(VALUES)('a %s object', (_, value) => {
  test('that is cut off or has changed bits anywhere is damaged, never another value', async () => {
    const directory = temporaryStore();
    const store = openStore(directory);
    await store.handleOutput(outputContext(), value);
    const path = fileOf(directory);
    const whole = readFileSync(path);
    const damage = fc.oneof(
      fc.record({ cut: fc.nat(whole.length - 1) }),
      fc.record({ flip: fc.nat(whole.length - 1), bit: fc.nat(7) }),
      fc.record({ append: fc.uint8Array({ minLength: 1, maxLength: 10 }) }),
    );
    await fc.assert(
      fc.asyncProperty(damage, async (how) => {
        const bytes = Buffer.from(whole);
        if ('flip' in how) bytes[how.flip] = (bytes[how.flip] ?? 0) ^ (1 << how.bit);
        const damaged =
          'cut' in how ? bytes.subarray(0, how.cut) : 'append' in how ? Buffer.concat([bytes, how.append]) : bytes;
        writeFileSync(path, damaged);
        await expect(store.loadInput(outputContext())).rejects.toSatisfy((error) => MemoError.is(error, 'M5003'));
        await expect(store.handleOutput(outputContext(), value)).rejects.toSatisfy((error) =>
          MemoError.is(error, 'M5003'),
        );
      }),
      { numRuns: 60, examples: [[{ cut: 0 }], [{ flip: 0, bit: 0 }], [{ flip: 6, bit: 1 }]] },
    );
    expect(filesIn(directory)).toHaveLength(1);
  });

  test('that is damaged is stored again after it was deleted', async () => {
    const directory = temporaryStore();
    const store = openStore(directory);
    await store.handleOutput(outputContext(), value);
    writeFileSync(fileOf(directory), 'something else');
    await expect(store.handleOutput(outputContext(), value)).rejects.toMatchObject({ code: 'M5003' });
    expect(store.deleteOutput(outputContext())).toBe(true);
    expect(await store.handleOutput(outputContext(), value)).toMatchObject({ outcome: 'created' });
    expect(isDeepStrictEqual(await store.loadInput(outputContext()), value)).toBe(true);
  });

  test('that was copied or moved to the address of another is not the value of that one', async () => {
    const directory = temporaryStore();
    const store = openStore(directory);
    await store.handleOutput(outputContext(), value);
    const other = outputContext({ version: versionOf('other') });
    const path = fileOf(directory, other);
    mkdirSync(dirname(path), { recursive: true });
    copyFileSync(fileOf(directory), path);
    await expect(store.loadInput(other)).rejects.toThrow(/it holds the value of another address/);
    unlinkSync(path);
    renameSync(fileOf(directory), path);
    await expect(store.loadInput(other)).rejects.toMatchObject({ code: 'M5003' });
    await expect(store.handleOutput(other, value)).rejects.toMatchObject({ code: 'M5003' });
  });

  test('that is larger than allowed is damaged for who allows less', async () => {
    const directory = temporaryStore();
    for (const compress of [false, true]) {
      const context = outputContext({ version: versionOf(String(compress)) });
      await openStore(directory, { compress }).handleOutput(context, value);
      await expect(openStore(directory, { maxBytes: 10 }).loadInput(context)).rejects.toMatchObject({ code: 'M5003' });
      const loaded = await openStore(directory, { maxBytes: 1_000_000 }).loadInput(context);
      expect(isDeepStrictEqual(loaded, value)).toBe(true);
    }
  });
});

describe('a thing at the address that no store made', () => {
  const make: readonly (readonly [string, (path: string) => void])[] = [
    ['a symbolic link to a whole object', (path) => symlinkSync(join(dirname(path), 'elsewhere'), path)],
    ['a symbolic link to nothing', (path) => symlinkSync('/nowhere', path)],
    ['an empty directory', (path) => mkdirSync(path)],
    ['a directory with files', (path) => [mkdirSync(path), writeFileSync(join(path, 'notes'), 'mine')]],
  ];

  test.each(make)('is not a stored value: %s', async (_, put) => {
    const directory = temporaryStore();
    const store = openStore(directory);
    await store.handleOutput(outputContext(), 'value');
    const path = fileOf(directory);
    renameSync(path, join(dirname(path), 'elsewhere'));
    put(path);
    expect(store.hasOutput(outputContext())).toBe(false);
    expect(store.hasOutputs(Array.from({ length: 20 }, () => outputContext()))).not.toContain(true);
    await expect(store.loadInput(outputContext())).rejects.toMatchObject({ code: 'M5003' });
    await expect(store.handleOutput(outputContext(), 'value')).rejects.toMatchObject({ code: 'M5003' });
  });

  test('is deleted if it is a link or an empty directory', async () => {
    for (const [, put] of make.slice(0, 3)) {
      const directory = temporaryStore();
      const store = openStore(directory);
      mkdirSync(dirname(fileOf(directory)), { recursive: true });
      put(fileOf(directory));
      expect(store.deleteOutput(outputContext())).toBe(true);
      expect(await store.handleOutput(outputContext(), 1)).toMatchObject({ outcome: 'created' });
    }
  });

  test('is left alone if it holds files of somebody else', async () => {
    const directory = temporaryStore();
    const store = openStore(directory);
    const path = fileOf(directory);
    mkdirSync(path, { recursive: true });
    writeFileSync(join(path, 'notes'), 'mine');
    expect(() => store.deleteOutput(outputContext())).toThrow(/files that no store made/);
    expect(readFileSync(join(path, 'notes'), 'utf8')).toBe('mine');
  });
});

test('directories may be symbolic links, so that parts of a store can be on another disk', async () => {
  const directory = temporaryStore();
  const elsewhere = join(directory, '..', 'elsewhere');
  mkdirSync(elsewhere, { recursive: true });
  symlinkSync(elsewhere, directory);
  const store = openStore(directory);
  await store.handleOutput(outputContext(), 'value');
  expect(store.hasOutput(outputContext())).toBe(true);
  expect(filesIn(elsewhere)).toHaveLength(1);
});
