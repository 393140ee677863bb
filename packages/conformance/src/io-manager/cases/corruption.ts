import assert from 'node:assert/strict';
import { MemoError, messageOf } from '@memo/core/plugin';
import { isSameValue } from '../../same-value.ts';
import type { RawStorage } from '../harness.ts';
import type { IOManagerCase } from '../io-manager-case.ts';
import { numbered, numberedValue } from '../numbered-output.ts';
import { assertStored } from '../stored-output.ts';
import type { IOManagerTrial } from '../trial.ts';

/** Bytes that changed under the manager. */
export const CORRUPTION: readonly IOManagerCase[] = [
  {
    id: 'corruption/cut-off',
    title: 'an object that is cut off gives M5003 or is not there, never another value',
    needs: ['raw access'],
    run: (trial) =>
      assertNeverGarbage(trial, (bytes) =>
        [0, 1, 16, bytes.length / 2, bytes.length - 1].map((end) => cut(bytes, end)),
      ),
  },
  {
    id: 'corruption/changed',
    title: 'an object with changed bytes gives M5003 or is not there, never another value',
    needs: ['raw access'],
    run: (trial) => assertNeverGarbage(trial, (bytes) => positions(bytes.length).map((at) => flipped(bytes, at))),
  },
  {
    id: 'corruption/foreign',
    title: 'bytes that are not the object give M5003 or are not there, never another value',
    needs: ['raw access'],
    run: (trial) =>
      assertNeverGarbage(trial, (bytes) => [
        Buffer.from('<html>404</html>'),
        Buffer.alloc(bytes.length),
        Buffer.concat([bytes, Buffer.from('more')]),
      ]),
  },
  {
    id: 'corruption/moved',
    title: 'the object of another address is not taken for that of this one',
    needs: ['raw access'],
    async run(trial) {
      const { raw, objects } = await stored(trial, [0, 4]);
      const reader = await trial.open();
      const [names, kept] = [Object.keys(objects), Object.values(objects)];
      for (const [index, name] of names.entries())
        await raw.write(name, kept[names.length - 1 - index] ?? assert.fail());
      for (const number of [0, 4]) {
        const value = await reader.load(numbered(number)).catch(() => 'refused');
        assert.ok(
          value === 'refused' || isSameValue(value, numberedValue(number)),
          `output ${number} was loaded from bytes that were stored for another one`,
        );
      }
    },
  },
  {
    id: 'corruption/noticed-when-written-again',
    title: 'who stores at a damaged address is told (M5003), or makes the value whole',
    needs: ['raw access'],
    async run(trial) {
      const { raw, objects } = await stored(trial, [0]);
      const manager = await trial.open();
      for (const [name, bytes] of Object.entries(objects)) {
        await raw.write(name, cut(bytes, bytes.length / 2));
        const told = await manager.store(numbered(0), numberedValue(0)).catch((error: unknown) => error);
        if (MemoError.is(told, 'M5003')) await raw.write(name, bytes);
        await assertStored(manager, numbered(0), numberedValue(0));
      }
    },
  },
  {
    id: 'corruption/can-be-deleted',
    title: 'a damaged object can be deleted, and then its value be stored again',
    needs: ['raw access', 'deletion'],
    async run(trial) {
      const { raw, objects } = await stored(trial, [0]);
      const manager = await trial.open();
      for (const [name, bytes] of Object.entries(objects)) await raw.write(name, cut(bytes, bytes.length / 2));
      await manager.remove(numbered(0));
      await manager.store(numbered(0), numberedValue(0));
      await assertStored(manager, numbered(0), numberedValue(0));
    },
  },
];

interface StoredObjects {
  readonly raw: RawStorage;
  readonly objects: Readonly<Record<string, Buffer>>;
}

async function stored({ open, storage }: IOManagerTrial, numbers: readonly number[]): Promise<StoredObjects> {
  const raw = storage.raw ?? assert.fail('the harness has no raw access');
  const manager = await open();
  for (const number of numbers) await manager.store(numbered(number), numberedValue(number));
  const names = [...(await raw.list())].sort();
  assert.ok(names.length > 0, 'nothing is stored where raw.list() looks');
  const objects = await Promise.all(names.map(async (name) => [name, Buffer.from(await raw.read(name))] as const));
  return { raw, objects: Object.fromEntries(objects) };
}

async function assertNeverGarbage(trial: IOManagerTrial, damages: (bytes: Buffer) => readonly Buffer[]): Promise<void> {
  const numbers = trial.features.has('durable') ? [0, 1] : [0];
  let refused = 0;
  for (const number of numbers) {
    const { raw, objects } = await stored(trial, [number]);
    const reader = await trial.open();
    for (const [name, bytes] of Object.entries(objects)) {
      for (const damaged of damages(bytes)) {
        if (damaged.equals(bytes)) continue;
        await raw.write(name, damaged);
        if (await isRefused(reader.load(numbered(number)), numberedValue(number))) refused++;
      }
      await raw.write(name, bytes);
    }
    await assertStored(reader, numbered(number), numberedValue(number));
  }
  assert.ok(refused > 0, 'no damage was noticed: raw.write() must change what the manager reads');
}

async function isRefused(loading: Promise<unknown>, value: unknown): Promise<boolean> {
  try {
    const loaded = await loading;
    assert.ok(isSameValue(loaded, value), 'damaged bytes were loaded as another value');
    return false;
  } catch (error) {
    const told = MemoError.is(error, 'M5003') || MemoError.is(error, 'M5004');
    assert.ok(told, `damage must be told by M5003, and was by: ${messageOf(error)}`);
    return true;
  }
}

function cut(bytes: Buffer, end: number): Buffer {
  return bytes.subarray(0, Math.floor(end));
}

function flipped(bytes: Buffer, at: number): Buffer {
  const changed = Buffer.from(bytes);
  changed[at] = (changed[at] ?? 0) ^ 0x01;
  return changed;
}

/** Some positions in an object: its beginning, where headers are, its end, and some between. */
function positions(length: number): readonly number[] {
  const between = Array.from({ length: 12 }, (_, index) => Math.floor(((index + 0.5) * length) / 12));
  return [...new Set([0, 4, 5, 6, 7, 8, 12, 20, 24, ...between, length - 40, length - 33, length - 1])].filter(
    (at) => at >= 0 && at < length,
  );
}
