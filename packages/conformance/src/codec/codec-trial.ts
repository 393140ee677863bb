import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import type { Codec } from '@memo/core/plugin';
import { isSameValue } from '../same-value.ts';
import type { CodecHarness } from './harness.ts';

/** What a case works with: the codec, and its values by name. */
export interface CodecTrial {
  readonly harness: CodecHarness;
  readonly codec: Codec;
  readonly values: readonly (readonly [name: string, make: () => unknown])[];
  /** The bytes that the codec gives for a value, in one piece and memory of their own. */
  bytesOf(value: unknown): Buffer;
  /** Fails unless nobody can tell the values from each other. */
  assertSame(actual: unknown, expected: unknown, what: string): void;
}

export function codecTrial(harness: CodecHarness): CodecTrial {
  const { codec } = harness;
  const same = harness.same?.bind(harness) ?? isSameValue;
  return {
    harness,
    codec,
    values: Object.entries(harness.values),
    bytesOf(value) {
      const encoded = codec.encode(value, 'value');
      return Buffer.concat(encoded instanceof Uint8Array ? [encoded] : encoded);
    },
    assertSame(actual, expected, what) {
      assert.ok(same(actual, expected), `${what}: got ${inspect(actual, { depth: 2 })}`);
    },
  };
}
