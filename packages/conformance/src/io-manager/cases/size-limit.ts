import assert from 'node:assert/strict';
import { hash } from 'node:crypto';
import { decodeEnvelope, encodeEnvelope } from '@memo/core/plugin';
import { assertRejects } from '../../expected-errors.ts';
import type { RawStorage } from '../harness.ts';
import type { IOManagerCase } from '../io-manager-case.ts';
import { numbered } from '../numbered-output.ts';
import { growthOfPeak } from '../peak-memory.ts';
import { assertStored } from '../stored-output.ts';

const MEBIBYTE = 1024 * 1024;
const LIMIT = MEBIBYTE;
const BOMB = 96 * MEBIBYTE;

/** Values are bounded before they take memory. */
export const SIZE_LIMIT: readonly IOManagerCase[] = [
  {
    id: 'size-limit/larger-values',
    title: 'a value that is larger than allowed gives M5003, one at the limit is loaded',
    needs: ['durable', 'size limit'],
    async run({ open, openLimited }) {
      const writer = await open();
      await writer.store(numbered('small'), Buffer.alloc(LIMIT / 2, 1));
      await writer.store(numbered('large'), Buffer.alloc(LIMIT * 2, 2));
      const reader = await openLimited(LIMIT);
      await assertStored(reader, numbered('small'), Buffer.alloc(LIMIT / 2, 1));
      await assertRejects(reader.load(numbered('large')), ['M5003'], 'a value of twice what is allowed');
      await assertStored(writer, numbered('large'), Buffer.alloc(LIMIT * 2, 2));
    },
  },
  {
    id: 'size-limit/bombs',
    title: 'an object of a few bytes that decompresses to gigabytes gives M5003, and takes no memory for it',
    needs: ['durable', 'size limit', 'raw access'],
    async run({ open, openLimited, storage }) {
      const raw = storage.raw ?? assert.fail('the harness has no raw access');
      await (await open()).store(numbered(1), Buffer.alloc(2000, 1));
      const bombs = await bombsFor(raw);
      for (const [name, kinds] of bombs) {
        for (const bomb of kinds) {
          await raw.write(name, bomb);
          const reader = await openLimited(LIMIT);
          const grown = await growthOfPeak(async () => {
            await assertRejects(reader.load(numbered(1)), ['M5003'], `a bomb of ${bomb.length} bytes`);
          });
          assert.ok(grown < BOMB / 2, `it was decompressed: memory grew by ${Math.round(grown / MEBIBYTE)} MiB`);
        }
      }
    },
  },
];

/**
 * Objects to write in place of those that are memo's: one that says how much it holds, and one that lies. What is stored in another form is left
 * alone, because nobody here knows how to make a bomb of it.
 */
async function bombsFor(raw: RawStorage): Promise<readonly (readonly [string, readonly Buffer[]])[]> {
  const zeros = Buffer.alloc(BOMB);
  const bombs: (readonly [string, readonly Buffer[]])[] = [];
  for (const name of await raw.list()) {
    const opened = openedEnvelope(Buffer.from(await raw.read(name)));
    if (opened === undefined) continue;
    const { codec, metadata } = opened;
    const honest = Buffer.concat(encodeEnvelope({ codec, metadata, payload: zeros, compression: 'gzip' }));
    bombs.push([name, [honest, lying(honest)]]);
  }
  return bombs;
}

function openedEnvelope(bytes: Buffer): ReturnType<typeof decodeEnvelope> | undefined {
  try {
    return decodeEnvelope(bytes);
  } catch {
    return undefined;
  }
}

/** The same object, which says that it holds a thousand bytes. */
function lying(honest: Buffer): Buffer {
  const object = Buffer.from(honest.subarray(0, honest.length - DIGEST_BYTES));
  object.writeBigUInt64LE(1000n, object.length - LENGTH_BYTES);
  return Buffer.concat([object, hash('sha256', object, 'buffer')]);
}

const DIGEST_BYTES = 32;
const LENGTH_BYTES = 8;
