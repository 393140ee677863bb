import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { job, newSigningKey, op, type Trust, tiered, trust } from '@memo/core';
import { describe, expect, test } from 'vitest';
import type { FsIOManager } from '../src/index.ts';
import { outputContext, versionOf } from './output-context.ts';
import { filesIn, openStore, temporaryStore } from './temporary-store.ts';

const ci = newSigningKey();
const mallory = newSigningKey();
const byCi = trust({ accept: [], sign: ci.privateKey });
const laptop = trust({ accept: [ci.publicKey] });
const byMallory = trust({ accept: [], sign: mallory.privateKey });

const versions = { id: 'declared', getOpVersion: () => '1' };

/** A job of two steps; what the first one gives decides what everybody below computes. */
function pipeline(io: FsIOManager | ReturnType<typeof tiered>, give: number, ran: string[] = []) {
  const load = op('load', () => {
    ran.push('load');
    return give;
  });
  const double = op('double', ({ value }: { value: number }) => {
    ran.push('double');
    return value * 2;
  });
  const spread = op('spread', {
    outputs: ['low', 'high'],
    run: ({ value }: { value: number }) => {
      ran.push('spread');
      return { low: value - 1, high: value + 1 };
    },
  });
  return job('pipeline', {
    versions,
    io,
    build: () => {
      const doubled = double({ value: load() });
      return { doubled, ...spread({ value: doubled }) };
    },
  });
}

const valuesOf = async (of: ReturnType<typeof pipeline>) => {
  const result = await of.run();
  return [await result.load('doubled'), await result.load('low'), await result.load('high')];
};

test('a whole store that somebody else has filled, values, bindings and commit marks, gives nothing', async () => {
  for (const attacker of [undefined, byMallory]) {
    const directory = temporaryStore();
    await valuesOf(pipeline(openStore(directory, attacker && { trust: attacker }), 666));
    const ran: string[] = [];
    expect(await valuesOf(pipeline(openStore(directory, { trust: byCi }), 1, ran))).toEqual([2, 1, 3]);
    expect(ran.sort()).toEqual(['double', 'load', 'spread']);
    const again: string[] = [];
    expect(await valuesOf(pipeline(openStore(directory, { trust: byCi }), 1, again))).toEqual([2, 1, 3]);
    expect(again).toEqual([]);
  }
});

test('a plan and a run over records that somebody else has written warn of them, as do tiers over such a store', async () => {
  const directory = temporaryStore();
  await valuesOf(pipeline(openStore(directory, { trust: byMallory }), 666));
  const shared = () => openStore(directory, { trust: laptop });
  const plan = await pipeline(shared(), 1).plan();
  expect(plan.warnings.map(({ code }) => code)).toContain('untrusted-records');
  const warned: string[] = [];
  const behind = pipeline(tiered(openStore(), shared(), { policy: 'read-only' }), 1);
  await behind.run({ reporter: (event) => void (event.type === 'warning' && warned.push(event.code)) });
  expect(warned).toContain('untrusted-records');
});

describe('an alias', () => {
  /** The first step gives the same by other code, so that what is below is bound by an alias of its first version. */
  const cutOff = (io: FsIOManager, code: string, give: number, ran: string[] = []) => {
    const load = op('load', {
      version: code,
      run: () => {
        ran.push('load');
        return give;
      },
    });
    const double = op('double', {
      version: '1',
      run: ({ value }: { value: number }) => {
        ran.push('double');
        return value * 2;
      },
    });
    return job('cut-off', { versions, io, build: () => ({ doubled: double({ value: load() }) }) });
  };
  const doubled = async (of: ReturnType<typeof cutOff>) => (await of.run()).load('doubled');

  test('that somebody else has written, in a store that he filled, leads nowhere', async () => {
    const directory = temporaryStore();
    const evil = () => openStore(directory, { trust: byMallory });
    await doubled(cutOff(evil(), '1', 666));
    const ranByMallory: string[] = [];
    await doubled(cutOff(evil(), '2', 666, ranByMallory));
    expect(ranByMallory).toEqual(['load']);
    const ran: string[] = [];
    expect(await doubled(cutOff(openStore(directory, { trust: byCi }), '2', 1, ran))).toBe(2);
    expect(ran).toEqual(['load', 'double']);
  });

  test('of ours whose target somebody else has replaced makes the step run again', async () => {
    const directory = temporaryStore();
    const ours = () => openStore(directory, { trust: byCi });
    await doubled(cutOff(ours(), '1', 1));
    const target = filesIn(directory).find((path) => path.startsWith('outputs') && path.includes('double')) ?? '';
    await doubled(cutOff(ours(), '2', 1));
    const forged = temporaryStore();
    await doubled(cutOff(openStore(forged, { trust: byMallory }), '1', 1));
    expect(filesIn(forged)).toContain(target);
    copyFileSync(join(forged, target), join(directory, target));
    const ran: string[] = [];
    expect(await doubled(cutOff(ours(), '2', 1, ran))).toBe(2);
    expect(ran).toContain('double');
  });
});

test('an older signed pin, or none, in place of a newer one costs computing, and mixes no two executions', async () => {
  const directory = temporaryStore();
  const computed: number[] = [];
  const draw = op('draw', () => {
    computed.push(computed.length + 1);
    return computed.length;
  });
  const double = op('double', ({ value }: { value: number }) => value * 2);
  const io = () => openStore(directory, { trust: byCi });
  const drawn = async () => {
    const build = () => {
      const value = draw();
      return { value, doubled: double({ value }) };
    };
    const result = await job('draws', { versions, io: io(), build }).run();
    return [(await result.load('value')) as number, (await result.load('doubled')) as number] as const;
  };
  const pins = () => filesIn(directory).filter((path) => path.includes('pin-'));
  const lose = () => {
    for (const path of filesIn(directory).filter((file) => /^outputs.*draw/.test(file))) rmSync(join(directory, path));
  };
  expect(await drawn()).toEqual([1, 2]);
  const renewed = async () => {
    lose();
    for (const path of filesIn(directory).filter((file) => /^outputs.*double/.test(file)))
      rmSync(join(directory, path));
    return drawn();
  };
  expect(await renewed()).toEqual([2, 4]);
  const older = pins().map((path) => [path, readFileSync(join(directory, path))] as const);
  expect(older).toHaveLength(1);
  expect(await renewed()).toEqual([3, 6]);

  for (const [path, bytes] of older) writeFileSync(join(directory, path), bytes);
  for (const goBack of [() => {}, () => pins().map((path) => rmSync(join(directory, path)))]) {
    goBack();
    const [value, doubled] = await drawn();
    expect(computed).toContain(value);
    expect(doubled).toBe(value * 2);
  }
});

test('what CI has signed is re-used by who accepts CI and has no key', async () => {
  const directory = temporaryStore();
  await valuesOf(pipeline(openStore(directory, { trust: byCi }), 1));
  const ran: string[] = [];
  expect(await valuesOf(pipeline(openStore(directory, { trust: laptop }), 1, ran))).toEqual([2, 1, 3]);
  expect(ran).toEqual([]);
});

test('a pull request reads the shared store, and what it computes stays in its own', async () => {
  const directory = temporaryStore();
  await valuesOf(pipeline(openStore(directory, { trust: byCi }), 1));
  const before = filesIn(directory);
  const pullRequest = () => tiered(openStore(), openStore(directory, { trust: laptop }), { policy: 'read-only' });
  const ran: string[] = [];
  expect(await valuesOf(pipeline(pullRequest(), 1, ran))).toEqual([2, 1, 3]);
  expect(ran).toEqual([]);
  const compute = op('compute', () => 'computed');
  const other = job('other', { versions, io: pullRequest(), build: () => ({ computed: compute() }) });
  expect(await (await other.run()).load('computed')).toBe('computed');
  expect(filesIn(directory)).toEqual(before);
});

describe('a value', () => {
  const stored = async (trusted: Trust | undefined, version = '1') => {
    const directory = temporaryStore();
    const context = outputContext({ version: versionOf(version) });
    await openStore(directory, trusted && { trust: trusted }).handleOutput(context, 'value');
    return {
      directory,
      context,
      file: join(directory, filesIn(directory).find((path) => path.startsWith('outputs')) ?? ''),
    };
  };
  const warningsOf = (context: ReturnType<typeof outputContext>) => {
    const warnings: string[] = [];
    return {
      warnings,
      context: { ...context, log: { ...context.log, warn: (said: string) => void warnings.push(said) } },
    };
  };
  const expired = trust({ accept: [], sign: ci.privateKey, validFor: 1, now: () => 0 });

  test.each([
    ['unsigned', undefined],
    ['foreign', byMallory],
    ['expired', expired],
  ])('that is %s is not there, with a warning, and gives way to one that counts', async (_, writer) => {
    const { directory, context: plain } = await stored(writer);
    const { context, warnings } = warningsOf(plain);
    const store = openStore(directory, { trust: byCi });
    expect(store.hasOutput(context)).toBe(false);
    expect(store.hasOutputs([context])).toEqual([false]);
    const above = context.getOutputIdentifier().slice(0, -1);
    const bytes = Buffer.from(context.version ?? '', 'hex');
    expect([...(await store.hasVersions({ count: 1, above, bytes, context: () => context }))]).toEqual([0]);
    await expect(store.loadInput(context)).rejects.toMatchObject({ code: 'M5004' });
    await expect(store.loadStream(context)).rejects.toMatchObject({ code: 'M5004' });
    expect(warnings[0]).toMatch(/counts as not there/);
    await expect(store.handleOutput(context, 'mine')).rejects.toMatchObject({ code: 'M5003' });
    store.deleteOutput(context);
    expect(await store.handleOutput(context, 'mine')).toMatchObject({ outcome: 'created' });
    expect(store.hasOutput(context)).toBe(true);
    expect(await store.loadInput(context)).toBe('mine');
  });

  test('that was signed for one address is not there at another', async () => {
    const { directory, file } = await stored(byCi);
    const elsewhere = outputContext({ version: versionOf('2') });
    const target = join(directory, 'outputs', 'tests', 'clean', 'result', versionOf('2').slice(0, 2), versionOf('2'));
    mkdirSync(dirname(target), { recursive: true });
    copyFileSync(file, target);
    const store = openStore(directory, { trust: laptop });
    expect(store.hasOutput(elsewhere)).toBe(false);
    await expect(store.loadInput(elsewhere)).rejects.toMatchObject({ code: 'M5004' });
  });

  test('whose bytes were changed under a signature that fits is damaged when it is loaded', async () => {
    const { directory, context, file } = await stored(byCi);
    const bytes = readFileSync(file);
    bytes.writeUInt8(bytes.readUInt8(bytes.length - 160) ^ 1, bytes.length - 160);
    writeFileSync(file, bytes);
    await expect(openStore(directory, { trust: laptop }).loadInput(context)).rejects.toMatchObject({ code: 'M5003' });
  });

  test('of three megabytes, and a stream, are signed as small ones are', async () => {
    const directory = temporaryStore();
    const large = outputContext({ version: versionOf('large') });
    const streamed = outputContext({ version: versionOf('streamed') });
    const value = new Uint8Array(3_000_000).fill(5);
    const writer = openStore(directory, { trust: byCi });
    await writer.handleOutput(large, value);
    await writer.handleOutput(streamed, streamOf(value));
    for (const context of [large, streamed]) {
      expect(
        Buffer.from((await openStore(directory, { trust: laptop }).loadInput(context)) as Uint8Array).equals(value),
      ).toBe(true);
      const other = openStore(directory, { trust: trust({ accept: [mallory.publicKey] }) });
      expect(other.hasOutput(context)).toBe(false);
      await expect(other.loadInput(context)).rejects.toMatchObject({ code: 'M5004' });
      expect(Buffer.from((await openStore(directory).loadInput(context)) as Uint8Array).equals(value)).toBe(true);
    }
  });

  test('is not stored without a key, which would be in vain', async () => {
    const store = openStore(temporaryStore(), { trust: laptop });
    await expect(store.handleOutput(outputContext(), 1)).rejects.toMatchObject({ code: 'M5006' });
  });
});

async function* streamOf(value: Uint8Array) {
  yield value.subarray(0, 1_000_000);
  yield value.subarray(1_000_000);
}
