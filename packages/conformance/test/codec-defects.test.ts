import type { Codec } from '@memo/core/plugin';
import { expect, test } from 'vitest';
import { planCodec } from '../src/index.ts';
import { codec, values } from './lines-codec.ts';

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
let count = 0;

/** A way to get the codec wrong, and the case that finds it. */
const DEFECTS: Readonly<Record<string, readonly [Partial<Codec<readonly string[]>>, string]>> = {
  'has the id of a built-in codec': [{ id: 'json' }, 'registration/id'],
  'has an id that is none': [{ id: 'Lines v1' }, 'registration/id'],
  'does not accept its own values': [{ accepts: () => false }, 'registration/accepts-its-values'],
  'accepts what it cannot store': [{ accepts: (value) => Array.isArray(value) }, 'registration/leaves-others-alone'],
  'fails when it is asked about others': [
    { accepts: (value) => (value as string[]).every((line) => typeof line === 'string') },
    'registration/leaves-others-alone',
  ],
  'loses empty lines': [
    { decode: (bytes) => codec.decode(bytes).filter((line) => line !== '') },
    'round-trip/same-value',
  ],
  'reads the memory around the bytes': [
    { decode: (bytes) => text(new Uint8Array(bytes.buffer)).split('\n') },
    'round-trip/window',
  ],
  'changes the value': [
    {
      encode: (lines) => {
        const bytes = codec.encode(lines);
        (lines as string[]).push('');
        return bytes;
      },
    },
    'round-trip/changes-nothing',
  ],
  'changes the bytes': [
    {
      decode: (bytes) => {
        const lines = codec.decode(bytes);
        bytes.fill(0);
        return lines;
      },
    },
    'round-trip/changes-nothing',
  ],
  'gives all readers one value': [{ decode: remembering((bytes) => codec.decode(bytes)) }, 'round-trip/own-value'],
  'is called canonical and is not': [
    {
      encode: (lines) => Buffer.from(`${++count}\n${lines.join('\n')}`),
      decode: (bytes) => text(bytes).split('\n').slice(1),
    },
    'round-trip/canonical',
  ],
};

function remembering(decode: (bytes: Uint8Array) => readonly string[]): (bytes: Uint8Array) => readonly string[] {
  const known = new Map<string, readonly string[]>();
  return (bytes) => {
    const value = known.get(text(bytes)) ?? decode(bytes);
    known.set(text(bytes), value);
    return value;
  };
}

test.each(Object.entries(DEFECTS))('a codec that %s is caught', async (name, [defect, caughtBy]) => {
  const { cases } = await planCodec({ name, codec: { ...codec, ...defect }, values });
  const found = cases.find(({ id }) => id === caughtBy);
  expect(found?.skip).toBeUndefined();
  await expect(found?.run()).rejects.toThrow(Error);
});
