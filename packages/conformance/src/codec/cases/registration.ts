import assert from 'node:assert/strict';
import { codecRegistry, MemoError } from '@memo/core/plugin';
import { EMPTY_LOOKING, PLAIN, RICH, UNSTORABLE } from '../../sample-values.ts';
import type { CodecCase } from '../codec-case.ts';

/** How a codec lives beside the others. */
export const CODEC_REGISTRATION: readonly CodecCase[] = [
  {
    id: 'registration/id',
    title: 'the id is valid and belongs to no built-in codec',
    run({ codec }) {
      codecRegistry([codec]);
      assert.match(codec.id, /^[a-z0-9][a-z0-9./-]{0,63}$/);
    },
  },
  {
    id: 'registration/accepts-its-values',
    title: 'its own values are accepted, and stored by it rather than by a built-in codec',
    run({ codec, values }) {
      assert.ok(values.length > 0, 'the harness has no values');
      const registry = codecRegistry([codec]);
      for (const [name, make] of values) {
        assert.equal(codec.accepts(make()), true, `accepts(${name})`);
        assert.equal(registry.encodeValue(make()).codec.id, codec.id, `the codec of ${name}`);
      }
    },
  },
  {
    id: 'registration/leaves-others-alone',
    title: 'whatever the value is, accepts() answers, and what it accepts comes back',
    run({ codec, bytesOf, assertSame }) {
      for (const [name, make] of Object.entries({ ...EMPTY_LOOKING, ...PLAIN, ...RICH })) {
        if (codec.accepts(make())) assertSame(codec.decode(bytesOf(make())), make(), name);
      }
      for (const [name, { value }] of Object.entries(UNSTORABLE)) {
        assert.equal(typeof codec.accepts(value()), 'boolean', `accepts(${name})`);
      }
    },
  },
  {
    id: 'registration/needed-to-read',
    title: 'without the codec its objects are damaged (M5003), not garbage',
    run({ codec, values, bytesOf }) {
      const [name, make] = values[0] ?? ['nothing', () => undefined];
      const read = () => codecRegistry().decodeValue(codec.id, bytesOf(make()));
      assert.throws(read, (error) => MemoError.is(error, 'M5003'), name);
    },
  },
];
