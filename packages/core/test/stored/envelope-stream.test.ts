import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MemoError } from '../../src/errors/memo-error.ts';
import { decodeEnvelope, encodeEnvelope } from '../../src/stored/envelope.ts';
import { envelopeStream, envelopeWriter, verifyEnvelope } from '../../src/stored/envelope-stream.ts';

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
