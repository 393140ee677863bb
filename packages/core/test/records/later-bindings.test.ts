import fc from 'fast-check';
import { afterEach, expect, test, vi } from 'vitest';
import { DigestColumn } from '../../src/hash/digest-column.ts';
import type { Binding } from '../../src/records/binding.ts';
import { BindingLog } from '../../src/records/binding-log.ts';
import { BindingTable } from '../../src/records/binding-table.ts';
import { EMPTY_HEAD, EntryBuffer } from '../../src/records/entry-buffer.ts';
import { BLOCK_HEADS, type EntryReader, Heads } from '../../src/records/entry-reader.ts';

import { memoryRecordStore } from '../../src/records/memory-record-store.ts';
import { ENTRY_FLAG, ENTRY_KIND, HEAD_BYTES, SEGMENT_MAGIC } from '../../src/records/segment-format.ts';
import { bindingOf, placeOfBinding } from '../support/binding.ts';
import { cases } from '../support/cases.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

const first: Binding = { ...bindingOf(1), pub: '1'.repeat(64), when: 1 };
const later: Binding = { ...first, pub: '2'.repeat(64), when: 2, later: true };

/** The log that wrote both bindings, and one of another process. */
async function logs(): Promise<readonly BindingLog[]> {
  const store = memoryRecordStore();
  const writer = new BindingLog(store);
  for (const binding of [first, later]) await writer.append(binding, placeOfBinding(1), true);
  const reader = new BindingLog(store);
  await reader.refresh();
  return [writer, reader];
}

test('a later execution counts only where its generation is asked for', async () => {
  for (const { table } of await logs()) {
    expect(table.live().get(first.stepVersion)?.pub).toBe(first.pub);
    expect(table.live().get(first.stepVersion, later.pub)?.pub).toBe(later.pub);
    expect(table.live().get(first.stepVersion, '3'.repeat(64))).toBeUndefined();
  }
});

test('what another process wrote later beats what this one wrote', async () => {
  const store = memoryRecordStore();
  const [one, other] = [new BindingLog(store), new BindingLog(store)];
  await one.append(first, placeOfBinding(1), true);
  await other.append({ ...first, when: 5, run: bindingOf(2).run }, placeOfBinding(1), true);
  await one.refresh();
  expect(one.table.live().get(first.stepVersion)?.when).toBe(5);
  expect(one.table.live().latestAt(placeOfBinding(1).site)?.when).toBe(5);
});

test('a version is bound once where one binding of it counts, and where that was read', () => {
  const kinds = fc.constantFrom<'first' | 'again' | 'later'>('first', 'again', 'later');
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat({ max: 5 }), kinds), { maxLength: 12 }), fc.boolean(), (written, isOpened) => {
      const bytes = segmentOf(
        written.map(([number, kind], at) => {
          const pub = kind === 'first' ? '1'.repeat(64) : `${at % 10}`.repeat(64);
          return { ...bindingOf(number), pub, when: at, ...(kind === 'later' ? { later: true as const } : {}) };
        }),
      );
      const table = new BindingTable();
      if (isOpened) table.addOpened({ bytes: bytes.length, read: (into, at) => bytes.copy(into, 0, at) }, 0);
      else table.addSegment(bytes);
      const before = new BindingTable().snapshot();
      const asked = [
        undefined,
        'no digest',
        'F'.repeat(64),
        ...[0, 1, 2, 3, 4, 5].map((n) => bindingOf(n).stepVersion),
      ];
      const column = DigestColumn.of(asked);
      const expected = asked.map((version) => {
        const own = written.filter(([number]) => bindingOf(number).stepVersion === version);
        return own.length === 1 && own[0]?.[1] !== 'later' ? 1 : 0;
      });
      expect([...table.live().boundOnce(column)]).toEqual(expected);
      expect([...before.boundOnce(column)]).toEqual(asked.map(() => 0));
      table.addBinding(bindingOf(0), placeOfBinding(0));
      expect([...table.live().boundOnce(column)], 'beside what this process wrote').toEqual(asked.map(() => 0));
    }),
    cases(40),
  );
});

test('of a version that is bound again, what was read before knows one binding', () => {
  const [once, again] = [bindingOf(1), bindingOf(2)];
  const column = DigestColumn.of([once.stepVersion, again.stepVersion, bindingOf(3).stepVersion]);
  const table = new BindingTable();
  table.addSegment(segmentOf([once, again]));
  const before = table.snapshot();
  table.addSegment(segmentOf([{ ...again, when: 2 }, bindingOf(3)]));
  expect([...before.boundOnce(column)]).toEqual([1, 1, 0]);
  expect([...table.live().boundOnce(column)]).toEqual([1, 0, 1]);
});

test('each binding of a long segment is found, however many heads that has', () => {
  const count = 2 * BLOCK_HEADS + 3;
  // Spread over all numbers, as digests are.
  const heads = Array.from({ length: count }, (_, at) =>
    (Math.imul(at, 0x9e3779b1) >>> 0).toString(16).padStart(8, '0').padEnd(64, '0'),
  );
  const table = new BindingTable();
  const bytes = segmentWith(heads);
  expect(table.addSegment(bytes)).toBe(bytes.length);
  const later = table.snapshot();
  expect(table.addSegment(bytes)).toBe(bytes.length);
  const keys = DigestColumn.of(heads);
  expect(
    [later.boundOnce(keys), table.live().boundOnce(keys)].map((once) => once.filter((one) => one === 1).length),
  ).toEqual([count, 0]);
  for (const at of [0, BLOCK_HEADS - 1, BLOCK_HEADS, 2 * BLOCK_HEADS + 2])
    expect(later.get(heads[at] as string)).toMatchObject({ stepVersion: heads[at], when: 7 });
});

/** A segment with a binding for each digest. */
function segmentWith(keys: readonly string[]): Buffer {
  const written = new EntryBuffer();
  for (const key of keys) written.add({ ...EMPTY_HEAD, kind: ENTRY_KIND.binding, key, when: 7 }, '{}');
  return Buffer.concat([SEGMENT_MAGIC, written.take()]);
}

/** A digest that begins with some bits, as the machine reads them. */
function digestWith(bits: number, rest: string): string {
  const first = Buffer.alloc(4);
  first.writeInt32LE(bits);
  return first.toString('hex') + rest.padStart(56, '0');
}

test('digests that were chosen to begin alike are compared with few others', () => {
  const count = 600;
  const alike = Array.from({ length: 2 * count }, (_, at) => digestWith(7, at.toString(16)));
  const compared = (['block', 'has', 'haveSame'] as const).map((by) => vi.spyOn(Heads.prototype, by));
  const table = new BindingTable();
  // Twice, so that the table grows while it holds some.
  for (const half of [alike.slice(0, count / 2), alike.slice(count / 2, count)]) table.addSegment(segmentWith(half));
  /** Comparisons of all kinds for each digest that was looked for. */
  const comparisons = (): number => compared.reduce((sum, { mock }) => sum + mock.calls.length, 0) / alike.length;
  const found = alike.map((key) => table.live().get(key)?.stepVersion);
  expect(found).toEqual(alike.map((key, at) => (at < count ? key : undefined)));
  expect(comparisons()).toBeGreaterThan(1);
  expect(comparisons()).toBeLessThan(150);
  for (const spy of compared) spy.mockClear();
  const once = table.live().boundOnce(DigestColumn.of(alike));
  expect([...once]).toEqual(alike.map((_, at) => (at < count ? 1 : 0)));
  expect(comparisons()).toBeGreaterThan(1);
  expect(comparisons()).toBeLessThan(150);
});

test('what is not there is missed as fast as what is there is found, however the others were chosen to lie', () => {
  const count = 2 ** 14;
  const side = Array.from({ length: count }, (_, at) => digestWith(at, '1'));
  const absent = side.map((_, at) => digestWith(at, '2'));
  const table = new BindingTable();
  table.addSegment(segmentWith(side));
  const time = (keys: readonly string[]) => {
    const { user } = process.cpuUsage();
    const found = keys.filter((key) => table.live().get(key) !== undefined).length;
    return { found, user: process.cpuUsage().user - user };
  };
  const times = [1, 2, 3].map(() => [time(side), time(absent)] as const);
  expect(times.map(([there, missing]) => [there.found, missing.found])).toEqual(times.map(() => [count, 0]));
  const ratios = times.map(([there, missing]) => missing.user / Math.max(there.user, 1_000));
  expect(Math.min(...ratios), ratios.join(', ')).toBeLessThan(5);
});

test('many bindings at one place are in nobody’s way', () => {
  const count = 4_000;
  const same = digestWith(7, '1');
  const table = new BindingTable();
  const compared = vi.spyOn(Heads.prototype, 'haveSame');
  table.addSegment(segmentWith([...Array.from({ length: count }, () => same), digestWith(8, '2')]));
  expect(compared.mock.calls.length).toBeLessThan(2 * count);
  expect(table.live().get(digestWith(8, '2'))?.when).toBe(7);
  expect(table.live().get(digestWith(7, '3'))).toBeUndefined();
});

test('no head has a number that stands for another one, however large what was read is', () => {
  const bytes = Buffer.alloc(BLOCK_HEADS * HEAD_BYTES);
  const large = (length: number) => ({ bytes: { buffer: bytes.buffer, byteOffset: 0, length } }) as EntryReader;
  const heads = new Heads();
  expect([heads.add(large(HEAD_BYTES)), heads.add(large(bytes.length)), heads.end]).toEqual([
    0,
    BLOCK_HEADS,
    2 * BLOCK_HEADS,
  ]);
  for (const length of [bytes.length + HEAD_BYTES, 2 ** 32 + HEAD_BYTES])
    expect(() => heads.add(large(length))).toThrow(RangeError);
  expect(heads.end).toBe(2 * BLOCK_HEADS);
});

/** A segment with some bindings. */
function segmentOf(bindings: readonly Binding[]): Buffer {
  const written = new EntryBuffer();
  for (const binding of bindings) {
    const { stepVersion: key, pub, when, later } = binding;
    const flags = later === true ? ENTRY_FLAG.later : 0;
    written.add({ ...EMPTY_HEAD, kind: ENTRY_KIND.binding, key, pub, when, flags }, JSON.stringify(binding));
  }
  return Buffer.concat([SEGMENT_MAGIC, written.take()]);
}

test('flushing reaches what a store was given before, and holds back', async () => {
  const store = memoryRecordStore();
  const flushed: boolean[] = [];
  const watched = {
    ...store,
    append: (segment: string, bytes: Uint8Array, options?: { readonly flush?: boolean }) => {
      flushed.push(options?.flush === true);
      return store.append(segment, bytes, options);
    },
  };
  const log = new BindingLog(watched);
  await log.append({ ...bindingOf(1), step: 'x'.repeat(1_000_000) }, placeOfBinding(1), false);
  await log.flush();
  await log.flush();
  expect(flushed).toEqual([false, true]);
});
