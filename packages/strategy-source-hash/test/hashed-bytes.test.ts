import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { HashedBytes } from '../src/hashed-bytes.ts';

const NUMBER = fc.integer({ min: 0, max: 0xffffffff });
const BYTES = fc.uint8Array({ minLength: 1, maxLength: 5_000 });

test('what is hashed are numbers of four bytes and bytes, in their order, however many they are', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(NUMBER, BYTES), { maxLength: 40 }), (parts) => {
      const hashed = new HashedBytes();
      const plain = createHash('sha256');
      for (const part of parts) {
        if (typeof part === 'number') hashed.number(part);
        else hashed.bytes(part);
        plain.update(typeof part === 'number' ? littleEndian(part) : part);
      }
      expect(hashed.digest()).toBe(plain.digest('hex'));
    }),
  );
});

function littleEndian(value: number): Uint8Array {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
