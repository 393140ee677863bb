import assert from 'node:assert/strict';
import { codecRegistry, decodeEnvelope, encodeEnvelope } from '@memo/core/plugin';
import type { CodecCase } from '../codec-case.ts';

/** Values come back as they were. */
export const CODEC_ROUND_TRIP: readonly CodecCase[] = [
  {
    id: 'round-trip/same-value',
    title: 'each value comes back as nobody can tell from what was encoded',
    run({ codec, values, bytesOf, assertSame }) {
      for (const [name, make] of values) assertSame(codec.decode(bytesOf(make())), make(), name);
    },
  },
  {
    id: 'round-trip/through-a-stored-object',
    title: 'each value survives a stored object, compressed or not',
    run({ codec, values, assertSame }) {
      const registry = codecRegistry([codec]);
      for (const [name, make] of values) {
        for (const compression of ['none', 'gzip'] as const) {
          const { payload } = registry.encodeValue(make(), name);
          const stored = Buffer.concat(encodeEnvelope({ codec: codec.id, payload, compression }));
          const opened = decodeEnvelope(stored);
          assertSame(registry.decodeValue(opened.codec, opened.payload), make(), `${name}, ${compression}`);
        }
      }
    },
  },
  {
    id: 'round-trip/window',
    title: 'bytes are read from where they begin, wherever in memory that is',
    run({ codec, values, bytesOf, assertSame }) {
      for (const [name, make] of values) {
        const bytes = bytesOf(make());
        for (const offset of [1, 3, 8]) {
          const around = new Uint8Array(bytes.length + 2 * offset).fill(0xa5);
          around.set(bytes, offset);
          const window = around.subarray(offset, offset + bytes.length);
          assertSame(codec.decode(window), make(), `${name} at offset ${offset}`);
        }
      }
    },
  },
  {
    id: 'round-trip/changes-nothing',
    title: 'encoding leaves the value as it was, decoding the bytes',
    run({ codec, values, bytesOf, assertSame }) {
      for (const [name, make] of values) {
        const value = make();
        const bytes = bytesOf(value);
        assertSame(value, make(), `${name} after it was encoded`);
        const kept = Buffer.from(bytes);
        codec.decode(bytes);
        assert.ok(bytes.equals(kept), `the bytes of ${name} after they were decoded`);
      }
    },
  },
  {
    id: 'round-trip/own-value',
    title: 'each decoding gives a value of its own',
    run({ codec, values, bytesOf }) {
      for (const [name, make] of values) {
        const bytes = bytesOf(make());
        const [one, other] = [codec.decode(bytes), codec.decode(bytes)];
        if (typeof one === 'object' && one !== null) assert.notEqual(one, other, `two readers share ${name}`);
      }
    },
  },
  {
    id: 'round-trip/canonical',
    title: 'equal values give equal bytes, also after a round trip',
    needs: ['canonical'],
    run({ codec, values, bytesOf }) {
      for (const [name, make] of values) {
        const bytes = bytesOf(make());
        assert.ok(bytes.equals(bytesOf(make())), `two equal values, ${name}, have other bytes`);
        assert.ok(bytes.equals(bytesOf(codec.decode(bytes))), `${name} has other bytes after a round trip`);
      }
    },
  },
];
