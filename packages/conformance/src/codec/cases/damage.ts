import assert from 'node:assert/strict';
import { codecRegistry, MemoError } from '@memo/core/plugin';
import type { CodecCase } from '../codec-case.ts';
import type { CodecTrial } from '../codec-trial.ts';

/** Bytes that no codec wrote. Stores check digests first; a codec may promise to be the second line. */
export const CODEC_DAMAGE: readonly CodecCase[] = [
  {
    id: 'damage/cut-off',
    title: 'bytes that are cut off are an error (M5003) or a value, never a crash',
    needs: ['any bytes'],
    run(trial) {
      for (const [name, make] of trial.values) {
        const bytes = trial.bytesOf(make());
        for (const length of lengthsBelow(bytes.length)) decodeAnything(trial, bytes.subarray(0, length), name);
      }
    },
  },
  {
    id: 'damage/changed',
    title: 'bytes that are changed are an error (M5003) or a value, never a crash',
    needs: ['any bytes'],
    run(trial) {
      for (const [name, make] of trial.values) {
        const bytes = trial.bytesOf(make());
        for (const at of lengthsBelow(bytes.length)) {
          const changed = Buffer.from(bytes);
          changed[at] = (changed[at] ?? 0) ^ 0x55;
          decodeAnything(trial, changed, name);
        }
      }
    },
  },
  {
    id: 'damage/foreign',
    title: 'bytes of something else are an error (M5003) or a value, never a crash',
    needs: ['any bytes'],
    run(trial) {
      for (const text of ['', '\0', '{"a":', '<html></html>', 'x'.repeat(1000), '\xff'.repeat(64)]) {
        decodeAnything(trial, Buffer.from(text, 'latin1'), JSON.stringify(text.slice(0, 20)));
      }
    },
  },
];

function decodeAnything({ codec }: CodecTrial, bytes: Uint8Array, what: string): void {
  try {
    codecRegistry([codec]).decodeValue(codec.id, bytes);
  } catch (error) {
    assert.ok(MemoError.is(error, 'M5003'), `${what}: ${String(error)}`);
  }
}

/** Some numbers below a limit: all of the first and last, and some of the others. */
function lengthsBelow(limit: number): number[] {
  const numbers = Array.from({ length: limit }, (_, index) => index);
  const step = Math.max(1, Math.floor(limit / MOST));
  return numbers.filter((number) => number < 16 || number >= limit - 16 || number % step === 0);
}

const MOST = 64;
