import { type InputContext, job, MemoError, memory, type OutputContext, op } from '@memo/core';
import { describe, expect, test } from 'vitest';
import { valueDigest } from '../../src/hash/value-digest.ts';
import { EventRecorder } from '../support/event-recorder.ts';
import { WatchedManager } from '../support/watched-manager.ts';

const versions = { id: 'declared', getOpVersion: () => undefined };

async function* pieces(...texts: string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield new TextEncoder().encode(text);
}

const download = op('download', { version: '1', run: () => pieces('to be ', 'or not to be') });
const count = op('count', { version: '1', run: ({ bytes }: { bytes: unknown }) => (bytes as Uint8Array).length });

test('consumers of a stream get its bytes, also when it is re-used', async () => {
  const streaming = job('streaming', {
    versions,
    build: () => {
      const bytes = download();
      return { bytes, length: count({ bytes }) };
    },
  });
  for (const ran of [['download', 'count'], []]) {
    const result = await streaming.run();
    expect(result.executed).toEqual(ran);
    expect(await result.load('length')).toBe(18);
    expect(new TextDecoder().decode((await result.load('bytes')) as unknown as Uint8Array)).toBe('to be or not to be');
  }
});

test('a store that takes streams gets the stream itself', async () => {
  const inner = memory();
  const given: unknown[] = [];
  const io = {
    capabilities: { atomicCreate: true, streams: true },
    async handleOutput(context: OutputContext, value: unknown) {
      given.push(value);
      const bytes: Uint8Array[] = [];
      for await (const piece of value as AsyncIterable<Uint8Array>) bytes.push(piece);
      return inner.handleOutput(context, new Uint8Array(Buffer.concat(bytes)));
    },
    loadInput: (context: InputContext) => inner.loadInput(context),
    hasOutput: (context: OutputContext) => inner.hasOutput(context),
  };
  const result = await job('streaming', { versions, io, build: () => download() }).run();
  expect(result.ok).toBe(true);
  expect(given[0]).not.toBeInstanceOf(Uint8Array);
});

test('a stream of several outputs, and one of text, are read or refused before anything is stored', async () => {
  const two = op('two', { version: '1', outputs: ['a', 'b'], run: () => ({ a: pieces('x'), b: 1 }) });
  const text = op('text', {
    version: '1',
    run: async function* () {
      yield 'not bytes';
    },
  });
  const both = await job('both', { versions, build: () => two() }).run();
  expect(await both.load('a')).toEqual(new Uint8Array([120]));
  const refused = await job('refused', { versions, build: () => text() }).run();
  expect(refused.failed.map(({ error }) => error.code)).toEqual(['M5001']);
});

/** Takes streams as they are. What a test does happens when one was read, before it is stored. */
class StreamingManager extends WatchedManager {
  override readonly capabilities = { atomicCreate: true, streams: true };
  meanwhile: ((context: OutputContext) => void) | undefined;

  override handleOutput(...[context, value]: Parameters<WatchedManager['handleOutput']>): never {
    if (!isStream(value)) return super.handleOutput(context, value) as never;
    return this.#take(context, value) as never;
  }

  store(context: OutputContext, text: string): void {
    super.handleOutput(context, new TextEncoder().encode(text));
  }

  async #take(context: OutputContext, stream: AsyncIterable<Uint8Array>) {
    const read: Uint8Array[] = [];
    for await (const piece of stream) read.push(piece);
    const { meanwhile } = this;
    this.meanwhile = undefined;
    meanwhile?.(context);
    const stored = super.handleOutput(context, new Uint8Array(Buffer.concat(read)));
    if (stored.outcome === 'created') return stored;
    const there = super.loadInput(context as InputContext) as Uint8Array;
    return { ...stored, contentDigest: valueDigest(there) };
  }
}

function isStream(value: unknown): value is AsyncIterable<Uint8Array> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value;
}

describe('a stream that a store has read for nothing', () => {
  /** A step that streams what it reads and how often it did, and what a run of it gave. */
  function copying(io: StreamingManager, calls: string[] = []) {
    const text = op('text', { version: '1', run: () => 'ours' });
    const copy = op('copy', {
      version: '1',
      run: ({ text }: { text: string }) => {
        calls.push(text);
        return pieces(text, ' ', String(calls.length));
      },
    });
    const over = job('copying', { versions, io, build: () => copy({ text: text() }) });
    const contentOf = async (result: { load(name: 'result'): Promise<unknown> }) =>
      new TextDecoder().decode((await result.load('result')) as Uint8Array);
    return { calls, job: over, contentOf };
  }

  test('because another process stored a value that was made from something else: its step runs again', async () => {
    const io = new StreamingManager();
    const { calls, job, contentOf } = copying(io);
    io.meanwhile = (context) => io.store(context, 'theirs');
    const recorder = new EventRecorder();
    const result = await job.run({ reporter: recorder.reporter });
    expect(await contentOf(result)).toBe('ours 2');
    expect(calls).toEqual(['ours', 'ours']);
    expect(recorder.of('step.retry')).toMatchObject([
      { step: 'copy', error: { message: expect.stringContaining('watched holds another value') } },
    ]);
    expect(await contentOf(await job.run())).toBe('ours 2');
  });

  test('because a damaged value was in the way: nothing else is stored in its place', async () => {
    const io = new StreamingManager();
    const { calls, job, contentOf } = copying(io);
    io.meanwhile = () => {
      throw new MemoError('M5003', 'What is there is damaged.');
    };
    expect(await contentOf(await job.run())).toBe('ours 2');
    expect(calls).toHaveLength(2);
  });

  test('is not given to a store that holds a value, when it is forced and no record is left', async () => {
    const before = new StreamingManager();
    await copying(before).job.run();
    const later = copying(new StreamingManager({ over: before }), ['of an earlier process']);
    const result = await later.job.run({ force: 'copy' });
    expect(await later.contentOf(result)).toBe('ours 2');
    expect(later.calls).toEqual(['of an earlier process', 'ours']);
  });
});
