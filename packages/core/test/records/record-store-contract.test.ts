import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import type { RecordStore } from '../../src/io/record-store.ts';
import { fileRecordStore } from '../../src/records/file-record-store.ts';
import { memoryRecordStore } from '../../src/records/memory-record-store.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const text = (stored: Uint8Array | undefined) => stored && new TextDecoder().decode(stored);

const closing: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

function newFileStore(): RecordStore {
  const directory = mkdtempSync(join(tmpdir(), 'memo-records-'));
  const store = fileRecordStore(join(directory, 'deep', 'records'), { durability: 'none' });
  closing.push(async () => {
    await store.dispose();
    rmSync(directory, { recursive: true });
  });
  return store;
}

const stores = [
  { name: 'the file record store', create: newFileStore },
  { name: 'the memory record store', create: memoryRecordStore },
];

describe.each(stores)('$name', ({ create }) => {
  test('is empty before the first write', async () => {
    const store = create();
    expect(await store.segments()).toEqual([]);
    expect(await store.documents('')).toEqual([]);
    expect(await store.getDocument('pin')).toBeUndefined();
    expect(await store.read('nobody', 0)).toHaveLength(0);
    await store.remove('nobody');
  });

  test('reads back what was appended, from any offset', async () => {
    const store = create();
    await store.append('a', bytes('one '), { flush: true });
    await store.append('a', bytes('two'));
    await store.append('b', bytes('three'));
    expect(text(await store.read('a', 0))).toBe('one two');
    expect(text(await store.read('a', 4))).toBe('two');
    expect(text(await store.read('a', 99))).toBe('');
    expect(new Map((await store.segments()).map((segment) => [segment.name, segment.bytes]))).toEqual(
      new Map([
        ['a', 7],
        ['b', 5],
      ]),
    );
  });

  test('reads parts of a segment that is opened, also when it is removed and begun again', async () => {
    const store = create();
    expect(await store.open?.('a')).toBeUndefined();
    await store.append('a', bytes('one two'), { flush: true });
    const opened = await store.open?.('a');
    const part = (length: number, position: number) => {
      const into = new Uint8Array(length);
      return text(into.subarray(0, opened?.read(into, position)));
    };
    expect([opened?.bytes, part(3, 4), part(9, 4), part(3, 99)]).toEqual([7, 'two', 'two', '']);
    await store.append('a', bytes(' three'));
    expect([(await store.open?.('a'))?.bytes, part(5, 8)]).toEqual([13, 'three']);
    await store.remove('a');
    await store.append('a', bytes('another'));
    expect([part(3, 0), (await store.open?.('a'))?.bytes]).toEqual(['one', 7]);
  });

  test('a removed segment is gone and can be begun again', async () => {
    const store = create();
    await store.append('a', bytes('old'));
    await store.remove('a');
    expect(await store.segments()).toEqual([]);
    await store.append('a', bytes('new'));
    expect(text(await store.read('a', 0))).toBe('new');
  });

  test('a document changes only for whom names its tag', async () => {
    const store = create();
    expect(await store.putDocument('pin', bytes('1'), undefined)).toBe(true);
    expect(await store.putDocument('pin', bytes('2'), undefined)).toBe(false);
    const first = await store.getDocument('pin');
    expect(await store.putDocument('pin', bytes('2'), first?.tag)).toBe(true);
    expect(await store.putDocument('pin', bytes('3'), first?.tag)).toBe(false);
    expect(text((await store.getDocument('pin'))?.bytes)).toBe('2');
  });

  test('a tag is not valid again when the content comes back', async () => {
    const store = create();
    await store.putDocument('pin', bytes('a'), undefined);
    const first = await store.getDocument('pin');
    await store.putDocument('pin', bytes('b'), first?.tag);
    await store.putDocument('pin', bytes('a'), (await store.getDocument('pin'))?.tag);
    expect(await store.putDocument('pin', bytes('c'), first?.tag)).toBe(false);
  });

  test('documents are listed by prefix', async () => {
    const store = create();
    for (const key of ['pin-1', 'pin-2', 'con', 'effect-1']) await store.putDocument(key, bytes('x'), undefined);
    expect([...(await store.documents('pin-'))].sort()).toEqual(['pin-1', 'pin-2']);
    expect([...(await store.documents(''))].sort()).toEqual(['con', 'effect-1', 'pin-1', 'pin-2']);
  });

  test('names outside the alphabet are refused before anything is touched', async () => {
    const store = create();
    for (const name of ['', '..', '../x', 'a/b', 'A', 'a.b', 'a\0', 'x'.repeat(101)]) {
      expect(() => store.append(name, bytes('x'))).toThrow(TypeError);
      expect(() => store.read(name, 0)).toThrow(TypeError);
      expect(() => store.getDocument(name)).toThrow(TypeError);
      expect(() => store.putDocument(name, bytes('x'), undefined)).toThrow(TypeError);
      await expect(async () => store.remove(name)).rejects.toThrow(TypeError);
    }
    expect(await store.segments()).toEqual([]);
  });

  test('keeps no reference to bytes that it takes or gives', async () => {
    const store = create();
    const given = bytes('abc');
    await store.append('a', given);
    await store.putDocument('pin', given, undefined);
    given.fill(0);
    (await store.read('a', 0)).fill(1);
    (await store.getDocument('pin'))?.bytes.fill(1);
    expect(text(await store.read('a', 0))).toBe('abc');
    expect(text((await store.getDocument('pin'))?.bytes)).toBe('abc');
  });

  test('behaves like a map of byte strings', async () => {
    const key = fc.constantFrom('a', 'b', 'nul');
    const step = fc.oneof(
      fc.record({ do: fc.constant('append' as const), key, bytes: fc.uint8Array({ maxLength: 40 }) }),
      fc.record({ do: fc.constant('remove' as const), key }),
      fc.record({ do: fc.constant('put' as const), key, bytes: fc.uint8Array({ maxLength: 40 }), stale: fc.boolean() }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
        const store = create();
        const segments = new Map<string, number[]>();
        const documents = new Map<string, number[]>();
        for (const next of steps) {
          if (next.do === 'append') {
            await store.append(next.key, next.bytes);
            segments.set(next.key, [...(segments.get(next.key) ?? []), ...next.bytes]);
          } else if (next.do === 'remove') {
            await store.remove(next.key);
            segments.delete(next.key);
          } else {
            const tag = next.stale ? 'stale' : (await store.getDocument(next.key))?.tag;
            expect(await store.putDocument(next.key, next.bytes, tag)).toBe(!next.stale);
            if (!next.stale) documents.set(next.key, [...next.bytes]);
          }
        }
        const stored = new Map<string, number[]>();
        for (const { name } of await store.segments()) stored.set(name, [...(await store.read(name, 0))]);
        expect(stored).toEqual(segments);
        for (const name of await store.documents('')) {
          expect([...((await store.getDocument(name))?.bytes ?? [])]).toEqual(documents.get(name));
        }
        expect((await store.documents('')).length).toBe(documents.size);
      }),
      { numRuns: 40 },
    );
  });
});

describe.each(stores)('$name, removing documents', ({ create }) => {
  test('removes a document that is as it was seen, once, and it can be created again', async () => {
    const store = create();
    await store.putDocument('pin', bytes('one'), undefined);
    const tag = (await store.getDocument('pin'))?.tag as string;
    await store.putDocument('pin', bytes('two'), tag);
    expect(await store.removeDocument?.('pin', tag)).toBe(false);
    const now = (await store.getDocument('pin'))?.tag as string;
    expect(await store.removeDocument?.('pin', now)).toBe(true);
    expect(await store.removeDocument?.('pin', now)).toBe(false);
    expect(await store.getDocument('pin')).toBeUndefined();
    expect(await store.documents('')).toEqual([]);
    expect(await store.putDocument('pin', bytes('three'), now)).toBe(false);
    expect(await store.putDocument('pin', bytes('three'), undefined)).toBe(true);
    expect(text((await store.getDocument('pin'))?.bytes)).toBe('three');
  });
});
