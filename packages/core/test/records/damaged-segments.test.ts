import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { OpenedSegment } from '../../src/io/record-store.ts';
import type { Binding } from '../../src/records/binding.ts';
import { BindingLog } from '../../src/records/binding-log.ts';
import { BindingTable } from '../../src/records/binding-table.ts';
import { EMPTY_HEAD, EntryBuffer, encodeEntry } from '../../src/records/entry-buffer.ts';
import { memoryRecordStore } from '../../src/records/memory-record-store.ts';
import { ENTRY_KIND, HEAD_BYTES, SEGMENT_MAGIC } from '../../src/records/segment-format.ts';
import { SegmentReader } from '../../src/records/segment-reader.ts';
import { bindingOf, placeOfBinding } from '../support/binding.ts';
import { cases } from '../support/cases.ts';

const COUNT = 4;
const written: readonly Binding[] = [...Array(COUNT).keys()].map((run) => bindingOf(run));

/** A segment with some bindings, and where its entries begin. */
async function segment(): Promise<{ readonly bytes: Buffer; readonly offsets: readonly number[] }> {
  const store = memoryRecordStore();
  const log = new BindingLog(store);
  for (const [run, binding] of written.entries()) await log.append(binding, placeOfBinding(run), true);
  const [{ name } = { name: '' }] = await store.segments();
  const bytes = Buffer.from(await store.read(name, 0));
  const offsets: number[] = [];
  new SegmentReader(bytes, (offset) => offsets.push(offset));
  return { bytes, offsets };
}

/** What a fresh process reads of a segment with these bytes. */
async function logOver(bytes: Uint8Array): Promise<BindingLog> {
  const store = memoryRecordStore();
  await store.append('a', bytes);
  const log = new BindingLog(store);
  await log.refresh();
  const opened = new BindingTable();
  const end = opened.addOpened(openedOver(bytes), 0);
  expect([...opened.live().bindings()], 'a segment whose payloads are left in it').toEqual(bindingsIn(log));
  expect(end).toBe(new BindingTable().addSegment(bytes));
  return log;
}

function openedOver(bytes: Uint8Array): OpenedSegment {
  return {
    bytes: bytes.length,
    read(into, position) {
      const part = bytes.subarray(position, position + into.length);
      into.set(part);
      return part.length;
    },
  };
}

function bindingsIn(log: BindingLog): readonly Binding[] {
  return [...log.table.live().bindings()];
}

test('a segment that is torn at any byte keeps every entry before the tear', async () => {
  const { bytes, offsets } = await segment();
  const ends = [...offsets.slice(1), bytes.length];
  const edges = new Set([...offsets, ...offsets.map((offset) => offset + HEAD_BYTES), bytes.length]);
  for (let length = 0; length <= bytes.length; length++) {
    if (length % 11 !== 0 && ![length - 1, length, length + 1].some((at) => edges.has(at))) continue;
    const whole = ends.filter((end) => end <= length).length;
    expect(bindingsIn(await logOver(bytes.subarray(0, length)))).toEqual(written.slice(0, whole));
  }
});

test('what a writer adds behind a tear that was read is read when it is whole', async () => {
  const { bytes } = await segment();
  for (let length = 0; length <= bytes.length; length += 97) {
    const store = memoryRecordStore();
    await store.append('a', bytes.subarray(0, length));
    const log = new BindingLog(store);
    await log.refresh();
    await store.append('a', bytes.subarray(length));
    await log.refresh();
    expect(bindingsIn(log)).toEqual(written);
    const opened = new BindingTable();
    const from = opened.addOpened(openedOver(bytes.subarray(0, length)), 0);
    opened.addOpened(openedOver(bytes), from);
    expect([...opened.live().bindings()]).toEqual(written);
  }
});

test('a flipped bit loses its entry or the tail, and never gives another binding', async () => {
  const { bytes, offsets } = await segment();
  await fc.assert(
    fc.asyncProperty(fc.nat({ max: bytes.length - 1 }), fc.nat({ max: 7 }), async (at, bit) => {
      const damaged = Buffer.from(bytes);
      damaged[at] = (damaged[at] as number) ^ (1 << bit);
      const log = await logOver(damaged);
      const owner = offsets.findLastIndex((offset) => offset <= at);
      const isHead = owner === -1 || at < (offsets[owner] as number) + HEAD_BYTES;
      const kept = isHead ? written.slice(0, Math.max(owner, 0)) : written.filter((_, index) => index !== owner);
      expect(bindingsIn(log)).toEqual(kept);
      for (const binding of written) {
        const found = log.table.live().get(binding.stepVersion)?.document();
        expect(found).toEqual(kept.includes(binding) ? binding : undefined);
      }
    }),
    cases(400),
  );
});

/** A segment that its writer has ended, large enough for an index. */
async function indexed(): Promise<{
  readonly bytes: Buffer;
  readonly bindings: readonly Binding[];
  readonly index: number;
}> {
  const store = memoryRecordStore();
  const log = new BindingLog(store);
  const bindings = [...Array(80).keys()].map((run) => bindingOf(run));
  for (const [run, binding] of bindings.entries()) await log.append(binding, placeOfBinding(run), run % 30 === 0);
  await log.close();
  const [{ name } = { name: '' }] = await store.segments();
  const bytes = Buffer.from(await store.read(name, 0));
  let index = 0;
  new SegmentReader(bytes, (offset, reader) => {
    if (reader.kind(offset) === ENTRY_KIND.index) index = offset;
  });
  return { bytes, bindings, index };
}

/** What is read of a segment whose payloads are left in it, and how many bytes that took. */
function opening(bytes: Uint8Array): {
  readonly bindings: readonly Binding[];
  readonly end: number;
  readonly read: number;
} {
  const { read } = openedOver(bytes);
  let count = 0;
  const counted = (into: Uint8Array, position: number): number => {
    const length = read(into, position);
    count += length;
    return length;
  };
  const table = new BindingTable();
  const end = table.addOpened({ bytes: bytes.length, read: counted }, 0);
  const opened = count;
  return { bindings: [...table.live().bindings()], end, read: opened };
}

test('of a segment that was ended only its index is read to find its bindings', async () => {
  const { bytes, bindings, index } = await indexed();
  const opened = opening(bytes);
  expect(opened).toMatchObject({ bindings, end: bytes.length });
  expect(opened.read).toBe(SEGMENT_MAGIC.length + bytes.length - index);
  expect(bindingsIn(await logOver(bytes))).toEqual(bindings);
});

test('an index that is damaged, or about other entries than there are, is not used', async () => {
  const { bytes, bindings, index } = await indexed();
  for (const at of [index, index + 4, index + 12, index + HEAD_BYTES, index + HEAD_BYTES + 200, bytes.length - 130]) {
    const damaged = Buffer.from(bytes);
    damaged[at] = (damaged[at] as number) ^ 1;
    expect(opening(damaged).bindings, `a flip at ${at - index}`).toEqual(bindings);
    expect(bindingsIn(await logOver(damaged))).toEqual(bindings);
  }
  const [first, second] = [SEGMENT_MAGIC.length, SEGMENT_MAGIC.length + entryLength(bytes, SEGMENT_MAGIC.length)];
  const withoutFirst = Buffer.concat([bytes.subarray(0, first), bytes.subarray(second)]);
  expect(opening(withoutFirst).bindings).toEqual(bindings.slice(1));
  const torn = bytes.subarray(0, bytes.length - 1);
  expect(opening(torn).bindings).toEqual(bindings);
  const grown = Buffer.concat([bytes, bytes.subarray(first, second)]);
  expect(opening(grown).bindings).toEqual([...bindings, bindings[0]]);
});

test('a flipped bit of a segment with an index never gives another binding', async () => {
  const { bytes, bindings } = await indexed();
  const texts = new Set(bindings.map((binding) => JSON.stringify(binding)));
  fc.assert(
    fc.property(fc.nat({ max: bytes.length - 1 }), fc.nat({ max: 7 }), (at, bit) => {
      const damaged = Buffer.from(bytes);
      damaged[at] = (damaged[at] as number) ^ (1 << bit);
      for (const binding of opening(damaged).bindings) expect(texts).toContain(JSON.stringify(binding));
    }),
    cases(60),
  );
});

function entryLength(bytes: Buffer, offset: number): number {
  return HEAD_BYTES + bytes.readUInt32LE(offset + 4);
}

test('payloads that are gone lose their entries, and heads stay', async () => {
  const { bytes } = await segment();
  const table = new BindingTable();
  let isGone = false;
  const { read } = openedOver(bytes);
  table.addOpened({ bytes: bytes.length, read: (into, position) => (isGone ? 0 : read(into, position)) }, 0);
  isGone = true;
  expect([...table.live().bindings()]).toEqual([]);
  expect(table.live().get((written[0] as Binding).stepVersion)).toMatchObject({ when: written[0]?.when });
});

test('bytes of any kind are no segment, or one with nothing wrong in it', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 600 }), fc.boolean(), async (noise, withMagic) => {
      const log = await logOver(withMagic ? Buffer.concat([SEGMENT_MAGIC, noise]) : noise);
      expect(bindingsIn(log)).toEqual([]);
    }),
    cases(200),
  );
});

test('fields that this release does not know are kept out of the way', async () => {
  const store = memoryRecordStore();
  const log = new BindingLog(store);
  const later = { ...bindingOf(1), certified: { by: 'a later release' }, outputs: bindingOf(1).outputs } as Binding;
  await log.append(later, placeOfBinding(1), true);
  const reader = new BindingLog(store);
  await reader.refresh();
  expect(reader.table.live().get(later.stepVersion)?.document()).toEqual(later);
});

test('a binding is found by the digits of its version, and by no other text', () => {
  const digits = fc.stringMatching(/^[0-9a-f]{64}$/);
  const other = fc.oneof(
    fc.string({ maxLength: 70 }),
    fc.string({ unit: 'grapheme', minLength: 64, maxLength: 64 }),
    digits,
  );
  const changed = fc.tuple(
    fc.nat({ max: 63 }),
    fc.oneof(fc.constantFrom(32, -32, 64, 256, 0x2f00), fc.nat({ max: 0xffff })),
  );
  fc.assert(
    fc.property(digits, other, fc.array(changed), (version, text, changes) => {
      const table = new BindingTable();
      const key = { ...EMPTY_HEAD, kind: ENTRY_KIND.binding, key: version };
      table.addSegment(Buffer.concat([SEGMENT_MAGIC, encodeEntry(key, '')]));
      // Among them those of which a reader that looks at few bits of a character makes the same digits, as of capitals.
      const alike = changes.map(([at, by]) => {
        const code = (version.charCodeAt(at) + by) & 0xffff;
        return `${version.slice(0, at)}${String.fromCharCode(code)}${version.slice(at + 1)}`;
      });
      for (const each of [version, text, version.toUpperCase(), version.slice(1), `${version}0`, ...alike])
        expect(table.live().get(each)?.stepVersion, each).toBe(each === version ? version : undefined);
    }),
    cases(300),
  );
});

test('each pair of characters is of digits or finds nothing', () => {
  const versions = new BindingTable();
  const all = [...Array(256).keys()].map((byte) => byte.toString(16).padStart(2, '0'));
  const entries = all.map((pair) => encodeEntry({ ...EMPTY_HEAD, kind: ENTRY_KIND.binding, key: pair.repeat(32) }, ''));
  versions.addSegment(Buffer.concat([SEGMENT_MAGIC, ...entries]));
  const known = new Set(all);
  for (let one = 0; one < 256; one++)
    for (let two = 0; two < 256; two++) {
      const pair = String.fromCharCode(one, two);
      const found = versions.live().get(pair.repeat(32)) !== undefined;
      if (found !== known.has(pair)) expect.fail(`${JSON.stringify(pair)} is ${found ? 'found' : 'not found'}`);
    }
});

test('entries that are written side by side are those that are written alone', () => {
  const head = { ...EMPTY_HEAD, kind: ENTRY_KIND.binding, flags: 9, when: 1.5, duration: 0.25, key: '0f'.repeat(32) };
  const entries = fc.tuple(fc.constantFrom(head, { ...head, key: 'no digest', run: 'ab'.repeat(16) }), fc.string());
  fc.assert(
    fc.property(fc.array(fc.array(entries)), (batches) => {
      const buffer = new EntryBuffer();
      for (const batch of batches) {
        for (const [own, payload] of batch) buffer.add(own, payload);
        const taken = buffer.take();
        expect(taken).toEqual(Buffer.concat(batch.map(([own, payload]) => encodeEntry(own, payload))));
        if (batch.length % 2 === 0) buffer.giveBack(taken);
      }
    }),
    cases(25),
  );
  const damagedKey = encodeEntry({ ...head, key: 'no digest', run: 'ab'.repeat(16) }, '');
  expect(damagedKey.toString('hex', 32, HEAD_BYTES)).toBe(`${'00'.repeat(112)}${'ab'.repeat(16)}`);
});

test('memory from which a store still writes is not used for what comes next', async () => {
  const store = memoryRecordStore();
  const bindings = [...Array(12).keys()].map((run) => bindingOf(run));
  const appendMore = (flush: boolean): Promise<void> | undefined => {
    const run = appended++;
    return log.append(bindings[run] as Binding, placeOfBinding(run), flush);
  };
  let appended = 0;
  const log = new BindingLog({
    ...store,
    async append(name, bytes) {
      if (appended < bindings.length) void appendMore(false);
      await Promise.resolve();
      await store.append(name, bytes);
    },
  });
  while (appended < bindings.length) await appendMore(true);
  await log.close();
  const reader = new BindingLog(store);
  await reader.refresh();
  expect(bindingsIn(reader)).toEqual(bindings);
});
