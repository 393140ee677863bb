import { type InputContext, job, memory, type OutputContext, op } from '@memo/core';
import { expect, test } from 'vitest';

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
