import { createHash } from 'node:crypto';
import { truncateSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { outputContext, versionOf } from './output-context.ts';
import { filesIn, openStore, systemError, temporaryStore, withFaults } from './temporary-store.ts';

async function* chunks(count: number, size: number): AsyncGenerator<Uint8Array> {
  for (let index = 0; index < count; index++) yield new Uint8Array(size).fill(index);
}

async function gathered(source: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const part of source) parts.push(part);
  return Buffer.concat(parts);
}

const sha = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

describe('a stream', () => {
  test.each([
    ['an async generator', () => chunks(5, 100_000)],
    ['a ReadableStream', () => ReadableStream.from(chunks(5, 100_000))],
    ['a Readable', () => Readable.from(chunks(5, 100_000), { objectMode: false })],
  ])('is stored and comes back as bytes: %s', async (_, open) => {
    const store = openStore();
    const expected = await gathered(chunks(5, 100_000));
    expect(await store.handleOutput(outputContext(), open())).toMatchObject({ outcome: 'created', codec: 'bytes' });
    const loaded = (await store.loadInput(outputContext())) as Uint8Array;
    expect(Object.getPrototypeOf(loaded)).toBe(Uint8Array.prototype);
    expect(Buffer.from(loaded).equals(expected)).toBe(true);
    expect((await gathered(await store.loadStream(outputContext()))).equals(expected)).toBe(true);
  });

  test('however it is cut into chunks gives the same bytes and digest', async () => {
    const store = openStore();
    let count = 0;
    const sizes = fc.array(fc.oneof(fc.nat(100), fc.nat(600_000)), { maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(sizes, async (lengths) => {
        const parts = lengths.map((length, index) => new Uint8Array(length).fill(index + 1));
        const [one, other] = [versionOf(count++), versionOf(count++)].map((version) => outputContext({ version }));
        if (one === undefined || other === undefined) throw new TypeError('two contexts');
        const stored = await store.handleOutput(one, Readable.from(parts));
        const whole = await store.handleOutput(other, Readable.from([Buffer.concat(parts)]));
        expect(stored.contentDigest).toBe(whole.contentDigest);
        expect(sha((await store.loadInput(one)) as Uint8Array)).toBe(sha(Buffer.concat(parts)));
        expect(sha(await gathered(await store.loadStream(one)))).toBe(sha(Buffer.concat(parts)));
      }),
      { numRuns: 25 },
    );
  });

  test('that finds its address taken is told the digest of the stored bytes', async () => {
    const store = openStore();
    const first = await store.handleOutput(outputContext(), chunks(3, 100_000));
    expect(await store.handleOutput(outputContext(), chunks(1, 10))).toEqual({ ...first, outcome: 'exists' });
    const small = outputContext({ version: versionOf('small') });
    const tiny = await store.handleOutput(small, chunks(1, 10));
    expect(await store.handleOutput(small, chunks(3, 100_000))).toEqual({ ...tiny, outcome: 'exists' });
  });

  test('whose source uses its buffer again is stored as it was given', async () => {
    async function* reusing(): AsyncGenerator<Uint8Array> {
      const buffer = new Uint8Array(700_000);
      for (let index = 1; index <= 4; index++) {
        buffer.fill(index);
        yield buffer;
        buffer.fill(0);
      }
    }
    const store = openStore();
    await store.handleOutput(outputContext(), reusing());
    const expected = Buffer.concat([1, 2, 3, 4].map((index) => Buffer.alloc(700_000, index)));
    expect(Buffer.from((await store.loadInput(outputContext())) as Uint8Array).equals(expected)).toBe(true);
  });

  test('of a hundred megabytes takes flat memory, both ways', async () => {
    const store = openStore();
    const size = 64 * 1024;
    const part = new Uint8Array(size);
    let largest = 0;
    const before = process.memoryUsage().arrayBuffers;
    async function* many(): AsyncGenerator<Uint8Array> {
      for (let index = 0; index < 1600; index++) {
        largest = Math.max(largest, process.memoryUsage().arrayBuffers - before);
        yield part;
      }
    }
    await store.handleOutput(outputContext(), many());
    let length = 0;
    for await (const chunk of await store.loadStream(outputContext())) length += chunk.length;
    expect(length).toBe(1600 * size);
    expect(largest).toBeLessThan(20_000_000);
  });

  test.each([10, 300_000])(
    'of %i bytes that is another one than its record names is refused, however it is read',
    async (size) => {
      const store = openStore();
      const { contentDigest } = await store.handleOutput(outputContext(), chunks(2, size));
      const other = await store.handleOutput(outputContext({ version: versionOf('other') }), chunks(3, size));
      const asked = (digest: string | undefined) => outputContext({ contentDigest: digest as string });
      expect(await gathered(await store.loadStream(asked(contentDigest)))).toHaveLength(2 * size);
      expect(await store.loadInput(asked(contentDigest))).toHaveLength(2 * size);
      await expect(store.loadInput(asked(other.contentDigest))).rejects.toMatchObject({ code: 'M5003' });
      const stream = store.loadStream(asked(other.contentDigest));
      await expect(stream.then(gathered)).rejects.toMatchObject({ code: 'M5003' });
    },
  );

  test('that fails leaves no trace, and its error is the cause', async () => {
    async function* failing(): AsyncGenerator<Uint8Array> {
      yield new Uint8Array(1_000_000);
      throw systemError('ECONNRESET');
    }
    const directory = temporaryStore();
    const storing = openStore(directory).handleOutput(outputContext(), failing());
    await expect(storing).rejects.toMatchObject({ code: 'M5001', cause: { code: 'ECONNRESET' } });
    expect(filesIn(directory)).toEqual([]);
  });

  test('of something else than bytes is refused, naming the chunk', async () => {
    const directory = temporaryStore();
    const storing = openStore(directory).handleOutput(outputContext(), Readable.from([Buffer.from('a'), 'b', 3]));
    await expect(storing).rejects.toThrow(/clean\.result\[1\] is not bytes/);
    expect(filesIn(directory)).toEqual([]);
  });

  test('is stopped by the signal while a chunk is waited for, and is closed', async () => {
    const controller = new AbortController();
    let closed = false;
    const endless: AsyncIterable<Uint8Array> = {
      [Symbol.asyncIterator]: () => ({
        next: () => {
          setImmediate(() => controller.abort(new Error('stop')));
          return new Promise(() => {});
        },
        return: () => {
          closed = true;
          return new Promise(() => {});
        },
      }),
    };
    const directory = temporaryStore();
    const storing = openStore(directory).handleOutput(outputContext({ signal: controller.signal }), endless);
    await expect(storing).rejects.toThrow('stop');
    expect(closed).toBe(true);
    expect(filesIn(directory)).toEqual([]);
  });

  test('is closed when the store cannot take it, read or not', async () => {
    const directory = temporaryStore();
    const unread = new Readable({ read() {} });
    const refusing = withFaults({ open: () => Promise.reject(systemError('EACCES')) });
    const first = openStore(directory, { fileSystem: refusing }).handleOutput(outputContext(), unread);
    await expect(first).rejects.toMatchObject({ code: 'M5006' });
    expect(unread.destroyed).toBe(true);
    const cancelled: unknown[] = [];
    const web = new ReadableStream({ cancel: (reason) => void cancelled.push(reason) });
    const second = openStore(directory, { fileSystem: refusing }).handleOutput(outputContext(), web);
    await expect(second).rejects.toMatchObject({ code: 'M5006' });
    expect(cancelled).toHaveLength(1);
  });

  test('is read back only if it is whole', async () => {
    const directory = temporaryStore();
    const store = openStore(directory);
    await store.handleOutput(outputContext(), chunks(5, 100_000));
    const [file] = filesIn(directory);
    truncateSync(join(directory, file ?? ''), 400_000);
    await expect(store.loadStream(outputContext())).rejects.toMatchObject({ code: 'M5003' });
  });

  test('is given of compressed bytes too, and never of other values', async () => {
    const store = openStore(temporaryStore(), { compress: true });
    await store.handleOutput(outputContext(), Buffer.alloc(100_000, 'a'));
    expect((await gathered(await store.loadStream(outputContext()))).equals(Buffer.alloc(100_000, 'a'))).toBe(true);
    const other = outputContext({ version: versionOf('other') });
    await store.handleOutput(other, { a: 1 });
    await expect(store.loadStream(other)).rejects.toThrow(TypeError);
    const missing = outputContext({ version: versionOf('missing') });
    await expect(store.loadStream(missing)).rejects.toMatchObject({ code: 'M5004' });
  });
});
