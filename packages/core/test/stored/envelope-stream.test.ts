import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MemoError } from '../../src/errors/memo-error.ts';
import { decodeEnvelope, encodeEnvelope } from '../../src/stored/envelope.ts';
import { envelopeStream, envelopeWriter, verifyEnvelope } from '../../src/stored/envelope-stream.ts';
import { CHUNK_BYTES } from '../../src/stored/object-digest.ts';

const seed = 20_240_609;

async function* piecesOf(bytes: Uint8Array, sizes: readonly number[]): AsyncGenerator<Uint8Array> {
  let at = 0;
  for (const size of sizes) {
    yield bytes.subarray(at, at + size);
    at += size;
  }
  yield bytes.subarray(at);
}

async function streamed(payload: Uint8Array, sizes: readonly number[] = []): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  const content = { codec: 'stream/bytes', metadata: { a: 1 } };
  for await (const piece of envelopeStream(content, piecesOf(payload, sizes))) pieces.push(piece);
  return Buffer.concat(pieces);
}

const sizes = fc.array(fc.nat(100), { maxLength: 20 });

describe('a stream', () => {
  test('becomes a stored object that reads like any other, however it is cut', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 500 }), sizes, async (payload, cuts) => {
        const object = await streamed(payload, cuts);
        const opened = decodeEnvelope(object);
        expect(opened).toMatchObject({ codec: 'stream/bytes', compression: 'none', metadata: { a: 1 } });
        expect(Buffer.compare(opened.payload, payload)).toBe(0);
        expect(object.equals(await streamed(payload))).toBe(true);
      }),
      { numRuns: 100, seed },
    );
  });

  test('without its end counts as cut off', () => {
    const writer = envelopeWriter({ codec: 'stream/bytes' });
    const payload = Buffer.alloc(100, 7);
    writer.update(payload);
    const cut = Buffer.concat([writer.head, payload]);
    expect(() => decodeEnvelope(cut)).toThrow('M5003');
    expect(decodeEnvelope(Buffer.concat([cut, writer.end()])).payload).toEqual(payload);
  });

  test('that fails gives no end', async () => {
    const failing = (async function* () {
      yield Buffer.from('a');
      throw new Error('the source broke');
    })();
    const pieces: Uint8Array[] = [];
    const reading = (async () => {
      for await (const piece of envelopeStream({ codec: 'stream/bytes' }, failing)) pieces.push(piece);
    })();
    await expect(reading).rejects.toThrow('the source broke');
    expect(pieces).toHaveLength(2);
  });
});

describe('an object of several chunks', () => {
  const payload = Buffer.alloc(2 * CHUNK_BYTES + 5000, 'chunks');

  async function written(cuts: readonly number[]) {
    const writer = envelopeWriter({ codec: 'bytes' });
    const known: (Uint8Array | undefined)[] = [];
    const pieces: Uint8Array[] = [];
    for await (const piece of envelopeStream(writer, piecesOf(payload, cuts))) {
      pieces.push(piece);
      known.push(writer.chunkDigest(0));
    }
    return { object: Buffer.concat(pieces), known, writer };
  }

  test('ends with the digest of the list of their digests, however it is cut', async () => {
    const { object } = await written([]);
    const sha = (...parts: (string | Uint8Array)[]) => {
      const hash = createHash('sha256');
      for (const part of parts) hash.update(part);
      return hash.digest();
    };
    const chunk = (index: number) => sha(object.subarray(index * CHUNK_BYTES, (index + 1) * CHUNK_BYTES));
    const last = sha(object.subarray(2 * CHUNK_BYTES, -32));
    expect(object.subarray(-32)).toEqual(sha('memo.chunks/1', chunk(0), chunk(1), last));
    expect(object.subarray(-32).toString('hex')).toBe(
      'f1e970fb4a7986c652b8ad2c70d42d02fcbb61cd06d6fb762af4a8b8bdec58f7',
    );
    const { object: other, writer, known } = await written([1, CHUNK_BYTES - 1, 7, 20_000_000]);
    expect(other.equals(object)).toBe(true);
    expect(known.slice(0, 2)).toEqual([undefined, undefined]);
    expect(Buffer.from(writer.chunkDigest(0) ?? [])).toEqual(chunk(0));
    expect(Buffer.from(writer.chunkDigest(1) ?? [])).toEqual(chunk(1));
    expect(writer.chunkDigest(2)).toBeUndefined();
  });

  test('is checked whole, at once and piece by piece', async () => {
    const { object } = await written([]);
    expect(Buffer.compare(decodeEnvelope(object).payload, payload)).toBe(0);
    const cuts = [3, CHUNK_BYTES - 3, CHUNK_BYTES, 4990];
    expect(await verifyEnvelope(piecesOf(object, cuts))).toMatchObject({ payloadBytes: payload.length });
    for (const at of [CHUNK_BYTES, 2 * CHUNK_BYTES + 10]) {
      object[at] = (object[at] ?? 0) ^ 1;
      expect(() => decodeEnvelope(object)).toThrow('digest does not match');
      await expect(verifyEnvelope(piecesOf(object, cuts))).rejects.toThrow('digest does not match');
      object[at] = (object[at] ?? 0) ^ 1;
    }
  });

  test('is checked by digests of chunks that were made as they came', async () => {
    const { object } = await written([]);
    const chunks = [0, 1].map((index) =>
      createHash('sha256')
        .update(object.subarray(index * CHUNK_BYTES, (index + 1) * CHUNK_BYTES))
        .digest(),
    );
    const cuts = [CHUNK_BYTES, 3, CHUNK_BYTES - 3];
    const check = (known: (index: number) => Uint8Array | undefined) =>
      verifyEnvelope(piecesOf(object, cuts), 'it', known);
    expect(await check((index) => chunks[index])).toMatchObject({ payloadBytes: payload.length });
    expect(await check((index) => chunks.slice(1)[index - 1])).toMatchObject({ payloadBytes: payload.length });
    await expect(check((index) => chunks[1 - index])).rejects.toThrow('digest does not match');
    // Nobody can have made the digest of a chunk that is not full.
    await expect(check((index) => chunks[index] ?? chunks[0])).rejects.toThrow('digest does not match');
    object[object.length - 100] = 0;
    await expect(check((index) => chunks[index])).rejects.toThrow('digest does not match');
  });

  test('whose end is that of a chunk has no empty chunk behind it', async () => {
    const writer = envelopeWriter({ codec: 'bytes' });
    const exact = Buffer.alloc(CHUNK_BYTES - writer.head.byteLength - 16, 1);
    writer.update(exact);
    const object = Buffer.concat([writer.head, exact, writer.end()]);
    const list = createHash('sha256')
      .update('memo.chunks/1')
      .update(createHash('sha256').update(object.subarray(0, CHUNK_BYTES)).digest());
    expect(object.subarray(-32)).toEqual(list.digest());
    expect(decodeEnvelope(object).payload).toHaveLength(exact.length);
  });
});

describe('checking a stored object piece by piece', () => {
  test('finds the payload of streams and of whole objects, however they are cut', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), sizes, fc.boolean(), async (payload, cuts, whole) => {
        const object = whole
          ? Buffer.concat(encodeEnvelope({ codec: 'bytes', payload, metadata: { b: 2 } }))
          : await streamed(payload);
        const found = await verifyEnvelope(piecesOf(object, cuts));
        expect(found.codec).toBe(whole ? 'bytes' : 'stream/bytes');
        expect(found.payloadBytes).toBe(payload.length);
        expect(found.decompressedBytes).toBe(payload.length);
        const stored = object.subarray(found.payloadStart, found.payloadStart + found.payloadBytes);
        expect(Buffer.compare(stored, payload)).toBe(0);
      }),
      { numRuns: 200, seed },
    );
  });

  test('says that and how a payload is compressed', async () => {
    const object = Buffer.concat(encodeEnvelope({ codec: 'bytes', payload: Buffer.alloc(5000), compression: 'gzip' }));
    expect(await verifyEnvelope(piecesOf(object, [10]))).toMatchObject({
      compression: 'gzip',
      decompressedBytes: 5000,
    });
  });

  test('finds every damage', async () => {
    const objects = [
      Buffer.concat(encodeEnvelope({ codec: 'bytes', payload: Buffer.alloc(200, 1) })),
      await streamed(Buffer.alloc(200, 1)),
    ];
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...objects),
        fc.nat(),
        fc.integer({ min: 1, max: 255 }),
        sizes,
        async (object, place, flip, cuts) => {
          const at = place % object.length;
          const flipped = Buffer.from(object);
          flipped[at] = (flipped[at] ?? 0) ^ flip;
          for (const bytes of [flipped, object.subarray(0, at), Buffer.concat([object, Buffer.from([flip])])]) {
            const failure = await verifyEnvelope(piecesOf(bytes, cuts), 'rows').then(
              () => undefined,
              (thrown: unknown) => thrown,
            );
            expect(MemoError.is(failure, 'M5003')).toBe(true);
            expect(String(failure)).toContain('rows ');
          }
        },
      ),
      { numRuns: 500, seed },
    );
  });
});
