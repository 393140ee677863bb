import { expect, test } from 'vitest';
import type { StoreWarning } from '../../src/io/io-manager.ts';
import type { RecordStore } from '../../src/io/record-store.ts';
import { memoryRecordStore } from '../../src/records/memory-record-store.ts';
import { signedRecordStore } from '../../src/records/signed-record-store.ts';
import { newSigningKey } from '../../src/trust/signing-keys.ts';
import { trust } from '../../src/trust/trust.ts';

const alice = newSigningKey();
const mallory = newSigningKey();
const bytes = (text: string) => Buffer.from(text);
const text = async (store: RecordStore, segment: string, from = 0) =>
  Buffer.from(await store.read(segment, from)).toString();

/** The records of Alice, over storage that Mallory can write to as well. */
function shared() {
  const raw = memoryRecordStore();
  const warnings: string[] = [];
  const note = ({ code, message }: StoreWarning) => void warnings.push(`${code}: ${message}`);
  const open = (key: typeof alice) =>
    signedRecordStore(raw, trust({ accept: [alice.publicKey], sign: key.privateKey }), note);
  const reader = () => signedRecordStore(raw, trust({ accept: [alice.publicKey] }), note);
  const evil = signedRecordStore(raw, trust({ accept: [], sign: mallory.privateKey }), note);
  return { raw, alice: open(alice), reader, evil, warnings };
}

test('what was appended is read from any offset, and what comes later from there', async () => {
  const { alice: writer, reader } = shared();
  await writer.append('a', bytes('one'));
  const other = reader();
  expect(await text(other, 'a')).toBe('one');
  await writer.append('a', bytes('two'), { flush: true });
  expect(await other.segments()).toEqual([{ name: 'a', bytes: expect.any(Number) }]);
  expect((await other.segments())[0]?.bytes).toBeGreaterThan(3);
  expect(await text(other, 'a', 3)).toBe('two');
  expect(await other.segments()).toEqual([{ name: 'a', bytes: 6 }]);
  expect(await text(other, 'a', 1)).toBe('netwo');
});

test('a segment ends before what somebody else appended, with one warning, and is not announced again', async () => {
  const { alice: writer, raw, reader, warnings } = shared();
  await writer.append('a', bytes('one'));
  await raw.append('a', bytes('evil'));
  await writer.append('a', bytes('two'));
  const other = reader();
  expect(await text(other, 'a')).toBe('one');
  expect(await other.segments()).toEqual([{ name: 'a', bytes: 3 }]);
  expect(await text(other, 'a')).toBe('one');
  expect(warnings).toEqual([expect.stringMatching(/^untrusted-records: .*segment a counts as not there/)]);
});

test('a part of a segment counts only in its place', async () => {
  const { alice: writer, raw, reader } = shared();
  await writer.append('a', bytes('one'));
  const one = await raw.read('a', 0);
  await writer.append('a', bytes('two'));
  const two = (await raw.read('a', 0)).subarray(one.length);
  for (const [segment, parts] of [
    ['other', [one]],
    ['swapped', [two, one]],
    ['twice', [one, one]],
  ] as const) {
    for (const part of parts) await raw.append(segment, part);
    expect(await text(reader(), segment)).toBe('');
  }
});

test('segments of others are not there', async () => {
  const { evil, reader } = shared();
  await evil.append('m', bytes('evil'));
  expect(await text(reader(), 'm')).toBe('');
});

test('documents of others, renamed ones and changed ones are not there, and are replaced by one writer', async () => {
  const { alice: writer, raw, evil, reader, warnings } = shared();
  await evil.putDocument('pin-a', bytes('evil'), undefined);
  await writer.putDocument('pin-b', bytes('mine'), undefined);
  const mine = await raw.getDocument('pin-b');
  await raw.putDocument('pin-c', mine?.bytes ?? bytes(''), undefined);
  await raw.putDocument('pin-d', bytes('short'), undefined);
  const other = reader();
  for (const key of ['pin-a', 'pin-c', 'pin-d']) expect(await other.getDocument(key)).toBeUndefined();
  expect(warnings).toHaveLength(3);
  expect(Buffer.from((await other.getDocument('pin-b'))?.bytes ?? []).toString()).toBe('mine');

  expect(await writer.putDocument('pin-a', bytes('good'), undefined)).toBe(true);
  expect(await writer.putDocument('pin-a', bytes('late'), undefined)).toBe(false);
  const good = await other.getDocument('pin-a');
  expect(await writer.putDocument('pin-a', bytes('next'), good?.tag)).toBe(true);
  expect(await writer.putDocument('pin-a', bytes('stale'), good?.tag)).toBe(false);
});

test('without a key nothing is written: M5009', async () => {
  const { reader, raw } = shared();
  await expect(reader().append('a', bytes('x'))).rejects.toMatchObject({ code: 'M5009' });
  await expect(reader().putDocument('a', bytes('x'), undefined)).rejects.toMatchObject({ code: 'M5009' });
  expect(await raw.segments()).toEqual([]);
});
