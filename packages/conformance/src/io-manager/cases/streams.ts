import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { assertRejects, errorOf } from '../../expected-errors.ts';
import type { IOManagerCase } from '../io-manager-case.ts';
import { numbered } from '../numbered-output.ts';
import { assertMissing, listedAddresses } from '../stored-output.ts';

const CHUNK = 64 * 1024;

async function* chunks(count: number, fail?: Error): AsyncGenerator<Uint8Array> {
  for (let index = 0; index < count; index++) yield new Uint8Array(CHUNK).fill(index);
  if (fail !== undefined) throw fail;
}

const whole = (count: number) => Buffer.concat(Array.from({ length: count }, (_, index) => Buffer.alloc(CHUNK, index)));

/** Streams of bytes as values. */
export const STREAMS: readonly IOManagerCase[] = [
  {
    id: 'streams/refused-where-not-promised',
    title: 'a manager that takes no streams refuses them (M5001) and leaves no trace',
    unless: ['streams'],
    async run({ open }) {
      const manager = await open();
      await assertRejects(manager.store(numbered(1), chunks(2)), ['M5001'], 'storing a stream');
      await assertMissing(manager, numbered(1));
    },
  },
  {
    id: 'streams/bytes',
    title: 'a web stream, a Node stream and an async iterable are stored, and load as a Uint8Array',
    needs: ['streams'],
    async run({ open }) {
      const manager = await open();
      const streams = {
        iterable: chunks(50),
        node: Readable.from(chunks(50)),
        web: Readable.toWeb(Readable.from(chunks(50))),
      };
      for (const [name, stream] of Object.entries(streams)) {
        await manager.store(numbered(name), stream);
        const loaded = await manager.load(numbered(name));
        assert.ok(loaded instanceof Uint8Array && whole(50).equals(loaded), `the bytes of the ${name} stream`);
      }
    },
  },
  {
    id: 'streams/empty',
    title: 'a stream without bytes is a value without bytes',
    needs: ['streams'],
    async run({ open }) {
      const manager = await open();
      await manager.store(numbered(1), chunks(0));
      assert.equal(((await manager.load(numbered(1))) as Uint8Array).byteLength, 0);
    },
  },
  {
    id: 'streams/fails-midway',
    title: 'a stream that fails midway leaves no trace',
    needs: ['streams'],
    async run({ open, storage }) {
      const manager = await open();
      const before = [...((await storage.raw?.list()) ?? [])];
      for (const count of [0, 1, 30]) {
        const failing = manager.store(numbered(count), chunks(count, new Error('the source broke')));
        await errorOf(failing, `a stream that fails after ${count} chunks`);
        await assertMissing(manager, numbered(count));
      }
      assert.deepEqual(await listedAddresses(manager), []);
      assert.deepEqual([...((await storage.raw?.list()) ?? [])], before, 'objects were left behind');
    },
  },
  {
    id: 'streams/not-bytes',
    title: 'a stream of something else is refused with M5001 and leaves no trace',
    needs: ['streams'],
    async run({ open }) {
      const manager = await open();
      await assertRejects(manager.store(numbered(1), Readable.from(['text', {}])), ['M5001'], 'a stream of texts');
      await assertMissing(manager, numbered(1));
    },
  },
  {
    id: 'streams/aborted',
    title: 'an abort ends a write that waits for a stream, closes the stream and leaves no trace',
    needs: ['streams'],
    async run({ open }) {
      const manager = await open();
      const controller = new AbortController();
      let closed = false;
      const endless: AsyncIterable<Uint8Array> = {
        [Symbol.asyncIterator]: () => ({
          next: () => new Promise(() => {}),
          return: async () => {
            closed = true;
            return { done: true, value: undefined };
          },
        }),
      };
      const storing = manager.store(numbered(1, { signal: controller.signal }), endless);
      setImmediate(() => controller.abort(new Error('stopped by the suite')));
      await errorOf(storing, 'a write that was aborted');
      await new Promise(setImmediate);
      assert.ok(closed, 'the stream was left open');
      await assertMissing(manager, numbered(1));
    },
  },
];
