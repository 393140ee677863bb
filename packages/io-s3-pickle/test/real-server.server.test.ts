import { createHash, createHmac, type Hash, type Hmac } from 'node:crypto';
import {
  CopyObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type S3ClientConfig,
} from '@aws-sdk/client-s3';
import { newSigningKey, trust } from '@memo/core';
import { recordLeases } from '@memo/core/plugin';
import { outputContext, versionOf } from '@memo/core/testing';
import { describe, expect, test } from 'vitest';
import { realBucket, skipped } from './support/real-server.ts';

const MEBIBYTE = 1024 * 1024;

describe.skipIf(skipped !== undefined)(`on a real server ${skipped ?? ''}`, () => {
  const real = realBucket();

  test('of 50 writers of one address one creates it, and all others take its value', async () => {
    real.fresh();
    const writers = Array.from({ length: 50 }, () => real.open());
    const outcomes = await Promise.all(
      writers.map((writer, index) =>
        writer.handleOutput(outputContext({ contentDigest: `test:${index}` }), { writer: index }),
      ),
    );
    const winners = outcomes.flatMap(({ outcome }, index) => (outcome === 'created' ? [index] : []));
    expect(winners).toHaveLength(1);
    expect(new Set(outcomes.map(({ contentDigest }) => contentDigest))).toEqual(new Set([`test:${winners[0]}`]));
    for (const reader of writers.slice(0, 3)) {
      expect(await reader.loadInput(outputContext())).toEqual({ writer: winners[0] });
    }
    expect(writers[0]?.capabilities.atomicCreate).toBe(true);
  });

  test('of 20 writers of one document under one tag one swaps it', async () => {
    real.fresh();
    const first = real.open().records;
    expect(await first.putDocument('pin-a', Buffer.from('first'), undefined)).toBe(true);
    const { tag } = (await first.getDocument('pin-a')) ?? { tag: '' };
    const swaps = await Promise.all(
      Array.from({ length: 20 }, async (_, index) =>
        real.open().records.putDocument('pin-a', Buffer.from(`${index}`), tag),
      ),
    );
    expect(swaps.filter(Boolean)).toHaveLength(1);
    const now = Buffer.from((await first.getDocument('pin-a'))?.bytes ?? []).toString();
    expect(swaps[Number(now)]).toBe(true);
    expect(await first.putDocument('pin-a', Buffer.from('late'), tag)).toBe(false);
    expect(await first.documents('pin-')).toEqual(['pin-a']);
  });

  test('1,100 outputs are listed, and found in bulk by index, by listing and one by one', async () => {
    real.fresh();
    const writer = real.open();
    const contexts = Array.from({ length: 1_100 }, (_, index) => outputContext({ version: versionOf(index) }));
    await Promise.all(contexts.map((context) => writer.handleOutput(context, context.version)));
    await writer.records.segments();
    const listed = new Set<string>();
    for await (const { identifier } of writer.listOutputs()) listed.add(identifier.join('/'));
    expect(listed).toEqual(new Set(contexts.map((context) => context.getOutputIdentifier().join('/'))));

    const asked = [...contexts, outputContext({ version: versionOf('missing') })];
    const expected = [...contexts.map(() => true), false];
    real.proxy.heal();
    expect(await real.open().hasOutputs(asked)).toEqual(expected);
    expect(real.proxy.seen).toHaveLength(3);
    real.proxy.heal();
    expect(await real.open({ presence: 'ask' }).hasOutputs(asked)).toEqual(expected);
    expect(real.proxy.seen.length).toBeLessThan(10);
    expect(real.proxy.seen.filter((request) => request.startsWith('HEAD'))).toEqual([]);
  });

  test('what another manager deleted is missing in bulk too', async () => {
    real.fresh();
    const contexts = Array.from({ length: 10 }, (_, index) => outputContext({ version: versionOf(index) }));
    const writer = real.open();
    await Promise.all(contexts.map((context) => writer.handleOutput(context, 1)));
    await writer.records.segments();
    await Promise.all(contexts.slice(0, 3).map((context) => real.open().deleteOutput(context)));
    expect(await real.open().hasOutputs(contexts)).toEqual(contexts.map((_, index) => index >= 3));
    await writer.handleOutput(contexts[0] ?? outputContext(), 2);
    expect((await real.open().hasOutputs(contexts))[0]).toBe(true);
  });

  test('many runs leave few objects of the index', async () => {
    const prefix = real.fresh();
    const contexts = Array.from({ length: 34 }, (_, index) => outputContext({ version: versionOf(index) }));
    for (const context of contexts) {
      const run = real.open();
      await run.hasOutputs(contexts);
      await run.handleOutput(context, 1);
      await run.dispose();
    }
    const index = await real
      .client()
      .send(new ListObjectsV2Command({ Bucket: real.bucket, Prefix: `${prefix}/index/` }));
    expect(index.KeyCount).toBeLessThan(34);
    real.proxy.heal();
    expect(await real.open().hasOutputs(contexts)).toEqual(contexts.map(() => true));
    expect(real.proxy.seen.filter((request) => request.startsWith('HEAD'))).toEqual([]);
  });

  test('a value of 12 MiB and a stream of 12 MiB go in parts and come back whole', async () => {
    real.fresh();
    const store = real.open({ partBytes: 5 * MEBIBYTE });
    const value = new Uint8Array(12 * MEBIBYTE).map((_, index) => (index * 31) >> 3);
    expect(await store.handleOutput(outputContext(), value)).toMatchObject({ outcome: 'created', codec: 'bytes' });
    expect(Buffer.from(value).equals((await store.loadInput(outputContext())) as Uint8Array)).toBe(true);
    expect(await store.handleOutput(outputContext(), new Uint8Array(12 * MEBIBYTE))).toMatchObject({
      outcome: 'exists',
    });

    const streamed = outputContext({ version: versionOf('streamed') });
    const chunks = async function* () {
      for (let at = 0; at < value.length; at += 300_001) yield value.subarray(at, at + 300_001);
    };
    const { contentDigest } = await store.handleOutput(streamed, chunks());
    expect(contentDigest).toBeTypeOf('string');
    const loaded: Uint8Array[] = [];
    for await (const chunk of await store.loadStream(streamed)) loaded.push(chunk);
    expect(Buffer.concat(loaded).equals(value)).toBe(true);
  });

  test('parts of the default size are digested once, by us, and the server refuses what has changed since', async () => {
    real.fresh();
    let digestedBySdk = 0;
    class CountingSha256 {
      readonly #hash: Hash | Hmac;
      constructor(secret?: string | Uint8Array) {
        this.#hash = secret === undefined ? createHash('sha256') : createHmac('sha256', secret);
      }
      update(bytes: Uint8Array): void {
        digestedBySdk += bytes.byteLength;
        this.#hash.update(bytes);
      }
      digest = () => Promise.resolve(new Uint8Array(this.#hash.digest()));
      reset(): void {}
    }
    const sha256 = CountingSha256 as NonNullable<S3ClientConfig['sha256']>;
    const store = real.open({ clientOptions: { sha256 } });
    const value = new Uint8Array(Buffer.alloc(34 * MEBIBYTE, 'bytes that repeat'));
    expect(await store.handleOutput(outputContext(), value)).toMatchObject({ outcome: 'created' });
    expect(digestedBySdk).toBeLessThan(3 * MEBIBYTE);
    const reader = real.open();
    const before = real.proxy.connections();
    expect(Buffer.from(value).equals((await reader.loadInput(outputContext())) as Uint8Array)).toBe(true);
    // Five ranges, four at once, and each connection is used again.
    expect(real.proxy.connections() - before).toBeLessThanOrEqual(4);

    const changed = outputContext({ version: versionOf('changed') });
    real.proxy.inject(({ method, path }) => {
      if (method === 'POST' && path.includes('uploads')) value.fill(9);
      return { kind: 'pass' };
    });
    await expect(store.handleOutput(changed, value)).rejects.toMatchObject({
      code: 'M5002',
      details: { s3Error: 'XAmzContentSHA256Mismatch' },
    });
    expect(await store.hasOutput(changed)).toBe(false);
  });

  test('an upload in parts that is aborted, or whose source fails, leaves nothing', async () => {
    real.fresh();
    const store = real.open({ partBytes: 5 * MEBIBYTE });
    const controller = new AbortController();
    const endless = async function* () {
      for (let sent = 0; ; sent++) {
        if (sent === 20) controller.abort(new Error('stop'));
        yield new Uint8Array(MEBIBYTE);
      }
    };
    await expect(store.handleOutput(outputContext({ signal: controller.signal }), endless())).rejects.toThrow('stop');
    const broken = async function* () {
      for (let sent = 0; sent < 12; sent++) yield new Uint8Array(MEBIBYTE);
      throw new Error('the disk is gone');
    };
    await expect(store.handleOutput(outputContext(), broken())).rejects.toMatchObject({ code: 'M5001' });
    expect(await store.hasOutput(outputContext())).toBe(false);
    const open = await real.client().send(new ListMultipartUploadsCommand({ Bucket: real.bucket }));
    expect(open.Uploads ?? []).toEqual([]);
  });

  test('what nobody who is trusted has signed is not there: values, the index and records', async () => {
    const prefix = real.fresh();
    const ci = newSigningKey();
    const byCi = trust({ accept: [], sign: ci.privateKey });
    const contexts = Array.from({ length: 10 }, (_, index) => outputContext({ version: versionOf(index) }));
    const [first = outputContext()] = contexts;
    const evil = real.open({ trust: trust({ accept: [], sign: newSigningKey().privateKey }) });
    for (const context of contexts) await evil.handleOutput(context, 'evil');
    await evil.records.putDocument('pin-a', Buffer.from('evil'), undefined);
    await evil.dispose();

    const laptop = () => real.open({ trust: trust({ accept: [ci.publicKey] }) });
    expect(await laptop().hasOutputs(contexts)).toEqual(contexts.map(() => false));
    await expect(laptop().loadInput(first)).rejects.toMatchObject({ code: 'M5004' });
    await expect(laptop().handleOutput(first, 1)).rejects.toMatchObject({ code: 'M5006' });
    expect(await laptop().records.getDocument('pin-a')).toBeUndefined();

    const store = real.open({ trust: byCi });
    await expect(store.handleOutput(first, 'good')).rejects.toMatchObject({ code: 'M5003' });
    await store.deleteOutput(first);
    await store.handleOutput(first, 'good');
    await store.dispose();
    expect(await laptop().hasOutput(first)).toBe(true);
    expect(await laptop().hasOutputs(contexts)).toEqual(contexts.map((context) => context === first));
    expect(await laptop().loadInput(first)).toBe('good');

    const nothing = outputContext({ version: versionOf('nothing') });
    const empty = { Bucket: real.bucket, Key: `${prefix}/${nothing.getOutputIdentifier().join('/')}`, Body: '' };
    await real.client().send(new PutObjectCommand(empty));
    expect(await laptop().hasOutput(nothing)).toBe(false);
    await expect(laptop().loadInput(nothing)).rejects.toMatchObject({ code: 'M5003' });

    const key = `${prefix}/${first.getOutputIdentifier().join('/')}`;
    const elsewhere = outputContext({ version: versionOf('elsewhere') });
    const target = `${prefix}/${elsewhere.getOutputIdentifier().join('/')}`;
    const copy = { Bucket: real.bucket, Key: target, CopySource: `${real.bucket}/${key}` };
    await real.client().send(new CopyObjectCommand(copy));
    expect(await laptop().hasOutput(elsewhere)).toBe(false);
    await expect(laptop().loadInput(elsewhere)).rejects.toMatchObject({ code: 'M5004' });
  });

  test('a lease goes to one of many machines, and to the next when it is given back', async () => {
    real.fresh();
    const { signal } = new AbortController();
    let holding = 0;
    const machines = [1, 2, 3, 4].map(async () => {
      const lease = await recordLeases(real.open().records, { holdMs: 3_000 })('step', { signal });
      expect(++holding).toBe(1);
      await new Promise(setImmediate);
      holding--;
      await lease.release();
    });
    await Promise.all(machines);
    expect(await real.open().records.documents('lease-')).toEqual([]);
  });

  test('a bucket that does not exist is an error of everything that lists or reads', async () => {
    const store = real.open({ bucket: 'nobody-made-this' });
    await expect(store.records.segments()).rejects.toMatchObject({
      code: 'M5009',
      because: 'the bucket does not exist',
    });
    await expect(store.loadInput(outputContext())).rejects.toMatchObject({ code: 'M5002' });
    await expect(store.handleOutput(outputContext(), 1)).rejects.toMatchObject({
      because: 'the bucket does not exist',
    });
  });

  test('wrong credentials are an error, and never "not there"', async () => {
    const clientOptions = { credentials: { accessKeyId: 'nobody', secretAccessKey: 'knows' } };
    const store = real.open({ clientOptions });
    await expect(store.hasOutput(outputContext())).rejects.toMatchObject({ code: 'M5002', details: { status: 403 } });
    await expect(store.loadInput(outputContext())).rejects.toMatchObject({ code: 'M5002' });
  });

  test('records keep what was appended in its order, from any offset', async () => {
    real.fresh();
    const { records } = real.open();
    for (const text of ['one', 'two', 'three']) await records.append('segment-a', Buffer.from(text), { flush: true });
    await records.append('segment-b', Buffer.from('four'));
    const other = real.open().records;
    const segments = await other.segments();
    expect([...segments].sort((a, b) => (a.name < b.name ? -1 : 1))).toEqual([
      { name: 'segment-a', bytes: 11, pieces: 3 },
      { name: 'segment-b', bytes: 4, pieces: 1 },
    ]);
    expect(Buffer.from(await other.read('segment-a', 0)).toString()).toBe('onetwothree');
    expect(Buffer.from(await other.read('segment-a', 4)).toString()).toBe('wothree');
    expect(await other.read('segment-a', 11)).toHaveLength(0);
    await other.remove('segment-a');
    expect(await real.open().records.read('segment-a', 0)).toHaveLength(0);
  });
});
