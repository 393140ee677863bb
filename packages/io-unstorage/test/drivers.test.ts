import { newSigningKey, trust } from '@memo/core';
import { MemoError } from '@memo/core/plugin';
import { outputContext, versionOf } from '@memo/core/testing';
import { createStorage, type Driver, prefixStorage, type Storage } from 'unstorage';
import memoryDriver from 'unstorage/drivers/memory';
import { describe, expect, test } from 'vitest';
import { unstorageIOManager } from '../src/index.ts';

const driverNamed = (name: string, changes: Partial<Driver> = {}) =>
  createStorage({ driver: { ...memoryDriver(), name, ...changes } });

describe('capabilities', () => {
  test.each([
    ['memory', false, false],
    ['fs', true, false],
    ['redis', true, true],
    ['something-new', false, false],
    ['constructor', false, false],
  ])('are those of the driver: %s', (name, durable, shared) => {
    const manager = unstorageIOManager(driverNamed(name));
    expect(manager.name).toBe(`unstorage:${name}`);
    expect(manager.capabilities).toEqual({ durable, shared });
    expect(manager.capabilities.atomicCreate).toBeUndefined();
  });

  test('can be said for a driver that is not known', () => {
    const options = { capabilities: { durable: true, shared: true } };
    expect(unstorageIOManager(driverNamed('mine'), options).capabilities).toEqual(options.capabilities);
  });

  test('do not have a list where the driver has none', () => {
    const { getKeys: _, ...driver } = memoryDriver();
    expect(unstorageIOManager(createStorage({ driver: driver as Driver })).listOutputs).toBeUndefined();
    expect(unstorageIOManager(createStorage()).listOutputs).toBeDefined();
  });
});

test('two managers with other bases share a storage and nothing else', async () => {
  const storage = createStorage();
  const [one, other] = [unstorageIOManager(storage, { base: 'a' }), unstorageIOManager(storage, { base: 'b' })];
  await one.handleOutput(outputContext(), 1);
  expect(await other.hasOutput(outputContext())).toBe(false);
  expect((await storage.getKeys()).every((key) => key.startsWith('a:'))).toBe(true);
});

test('an output that a driver names twice is listed once', async () => {
  const memory = memoryDriver();
  const getKeys: Driver['getKeys'] = async (...asked) => {
    const keys = await memory.getKeys(...asked);
    return [...keys, ...keys];
  };
  const manager = unstorageIOManager(createStorage({ driver: { ...memory, getKeys } }));
  await manager.handleOutput(outputContext(), 1);
  const listed: unknown[] = [];
  for await (const { identifier } of manager.listOutputs?.() ?? []) listed.push(identifier);
  expect(listed).toHaveLength(1);
});

test('a part of a storage works as a whole one', async () => {
  const manager = unstorageIOManager(prefixStorage(createStorage(), 'part'));
  await manager.handleOutput(outputContext(), 'value');
  expect(await manager.loadInput(outputContext())).toBe('value');
});

test('a driver that keeps nothing is an error, not a success', async () => {
  const storing = unstorageIOManager(
    driverNamed('read-only', { setItem: () => {}, setItemRaw: () => {} }),
  ).handleOutput(outputContext(), 1);
  await expect(storing).rejects.toMatchObject({ code: 'M5006' });
});

test('errors of a driver are told without credentials, and nothing stays behind', async () => {
  const storage = driverNamed('failing', {
    setItem: () => {
      throw new Error('cannot reach redis://me:secret@host:1');
    },
  });
  const error: unknown = await unstorageIOManager(storage)
    .handleOutput(outputContext(), 1)
    .catch((thrown) => thrown);
  expect(MemoError.is(error, 'M5002')).toBe(true);
  expect(String(error)).toContain('redis://***@host:1');
  expect(String(error)).not.toContain('secret');
  expect(await storage.getKeys()).toEqual([]);
});

test('a value that expired is not there, and is stored again', async () => {
  const storage = createStorage();
  const manager = unstorageIOManager(storage);
  await manager.handleOutput(outputContext(), 'value');
  for (const key of await storage.getKeys('memo:values')) await storage.removeItem(key);
  expect(await manager.hasOutput(outputContext())).toBe(false);
  await expect(manager.loadInput(outputContext())).rejects.toMatchObject({ code: 'M5004' });
  expect(await manager.handleOutput(outputContext(), 'value')).toMatchObject({ outcome: 'created' });
  expect(await manager.loadInput(outputContext())).toBe('value');
});

test('a pointer has the form of the first release, and anything else at an address is nothing', async () => {
  const storage = createStorage();
  const manager = unstorageIOManager(storage);
  const address = ['memo', ...outputContext().getOutputIdentifier()].join(':');
  await manager.handleOutput(outputContext(), 'value');
  const pointer = (await storage.getItem(address)) as Record<string, string>;
  expect(pointer).toEqual({
    value: expect.stringMatching(/^[0-9a-f-]{36}$/),
    bytes: expect.stringMatching(/^\d{16}$/),
    storedAt: expect.stringMatching(/^\d{16}$/),
  });
  const { value: _, ...half } = pointer;
  for (const other of [half, { ...pointer, bytes: 5 }, { ...pointer, value: '../../secret' }, [], 'text', 7, true]) {
    await storage.setItem(address, other as string);
    expect(await manager.hasOutput(outputContext())).toBe(false);
    await expect(manager.loadInput(outputContext())).rejects.toMatchObject({ code: 'M5004' });
  }
  expect(await manager.handleOutput(outputContext(), 'again')).toMatchObject({ outcome: 'created' });
  expect(await manager.loadInput(outputContext())).toBe('again');
});

test('a value that is larger than allowed is damaged', async () => {
  const storage = createStorage();
  await unstorageIOManager(storage).handleOutput(outputContext(), 'x'.repeat(1000));
  const loading = unstorageIOManager(storage, { maxBytes: 100 }).loadInput(outputContext());
  await expect(loading).rejects.toMatchObject({ code: 'M5003' });
});

test('the writer that lost a race goes on with the value of the other', async () => {
  const storage = createStorage();
  const [one, other] = [unstorageIOManager(storage), unstorageIOManager(storage)];
  const context = outputContext({ version: versionOf('raced') });
  const told = await Promise.all([one.handleOutput(context, 'one'), other.handleOutput(context, 'other')]);
  expect(told.map(({ outcome }) => outcome).sort()).toEqual(['created', 'exists']);
  const winner = told[0]?.outcome === 'created' ? 'one' : 'other';
  expect(await one.loadInput(context)).toBe(winner);
  expect(await storage.getKeys('memo:values')).toHaveLength(1);
});

describe('with trust', () => {
  const key = (): string => newSigningKey().privateKey;
  const signedBy = (storage: Storage, sign: string, accept: readonly string[] = []) =>
    unstorageIOManager(storage, { trust: trust({ accept, sign }) });

  test('what somebody who is accepted has signed is there, also for who has no key', async () => {
    const storage = createStorage();
    const ci = newSigningKey();
    await signedBy(storage, ci.privateKey).handleOutput(outputContext(), 'value');
    const reader = unstorageIOManager(storage, { trust: trust({ accept: [ci.publicKey] }) });
    expect(await reader.hasOutput(outputContext())).toBe(true);
    expect(await reader.loadInput(outputContext())).toBe('value');
    await expect(reader.handleOutput(outputContext(), 1)).rejects.toMatchObject({ code: 'M5006' });
  });

  test.each([
    ['nobody', undefined],
    ['somebody else', key()],
  ])('what %s has signed is not there, and gives way', async (_, stranger) => {
    const storage = createStorage();
    await unstorageIOManager(
      storage,
      stranger === undefined ? {} : { trust: trust({ accept: [], sign: stranger }) },
    ).handleOutput(outputContext(), 'poison');
    const ours = signedBy(storage, key());
    expect(await ours.hasOutput(outputContext())).toBe(false);
    await expect(ours.loadInput(outputContext())).rejects.toMatchObject({ code: 'M5004' });
    expect(await ours.handleOutput(outputContext(), 'value')).toMatchObject({ outcome: 'created' });
    expect(await ours.loadInput(outputContext())).toBe('value');
  });

  test('a pointer that leads to a signed value of another address leads to nothing that counts', async () => {
    const storage = createStorage();
    const ours = signedBy(storage, key());
    const [one, other] = [outputContext({ version: versionOf(1) }), outputContext({ version: versionOf(2) })];
    await ours.handleOutput(one, 'of one');
    const keyOf = (context: typeof one) => ['memo', ...context.getOutputIdentifier()].join(':');
    await storage.setItem(keyOf(other), (await storage.getItem(keyOf(one))) as string);
    expect(await ours.hasOutput(other)).toBe(false);
    await expect(ours.loadInput(other)).rejects.toMatchObject({ code: 'M5004' });
  });
});
