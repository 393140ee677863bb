import fc from 'fast-check';
import { expect, test } from 'vitest';
import { PartFeeder } from '../src/part-feeder.ts';

const seed = 20_240_901;

async function* given(pieces: readonly Uint8Array[]): AsyncGenerator<Uint8Array, void, undefined> {
  yield* pieces;
}

/** All parts, taken in turns by several who each have one memory, as they were when the next was asked for. */
async function partsOf(pieces: readonly Uint8Array[], partBytes: number): Promise<Buffer[]> {
  const feeder = new PartFeeder(given(pieces), partBytes);
  const parts: Buffer[] = [];
  const takeAll = async () => {
    const own = Buffer.alloc(partBytes);
    for (let part = await feeder.next(() => own); part !== undefined; part = await feeder.next(() => own)) {
      await Promise.resolve();
      parts[part.number - 1] = Buffer.from(part.bytes);
    }
  };
  await Promise.all([takeAll(), takeAll(), takeAll()]);
  expect(feeder.bytes).toBe(pieces.reduce((sum, piece) => sum + piece.byteLength, 0));
  return parts;
}

test('parts are all bytes in their order, and all but the last are full', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.uint8Array({ maxLength: 30 }), { maxLength: 12 }),
      fc.integer({ min: 1, max: 20 }),
      async (pieces, partBytes) => {
        const parts = await partsOf(pieces, partBytes);
        expect(Buffer.concat(parts).equals(Buffer.concat(pieces))).toBe(true);
        expect(parts.slice(0, -1).every((part) => part.length === partBytes)).toBe(true);
        expect(parts.at(-1)?.length ?? 1).toBeGreaterThan(0);
      },
    ),
    { numRuns: 300, seed },
  );
});

test('pieces that are parts as they are need no memory', async () => {
  const pieces = [new Uint8Array(4).fill(1), new Uint8Array(8).fill(2)];
  const feeder = new PartFeeder(given(pieces), 4);
  const none = () => {
    throw new Error('memory was asked for');
  };
  for (const number of [1, 2, 3]) expect(await feeder.next(none)).toMatchObject({ number });
  expect(await feeder.next(none)).toBeUndefined();
});

test('a source that fails fails whoever asks, also afterwards', async () => {
  const failing = (async function* () {
    yield new Uint8Array(3);
    throw new Error('the disk is gone');
  })();
  const feeder = new PartFeeder(failing, 2);
  const memory = () => new Uint8Array(2);
  expect(await feeder.next(memory)).toMatchObject({ number: 1 });
  const [one, other] = await Promise.allSettled([feeder.next(memory), feeder.next(memory)]);
  expect([one?.status, other?.status]).toEqual(['rejected', 'rejected']);
});
