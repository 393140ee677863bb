import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MemoError } from '../../src/errors/memo-error.ts';
import { hasCompression } from '../../src/stored/compression.ts';
import { decodeEnvelope, type EnvelopeContent, encodeEnvelope, peekEnvelope } from '../../src/stored/envelope.ts';

const seed = 20_240_608;
const json = Buffer.from(JSON.stringify(Array.from({ length: 500 }, (_, id) => ({ id, name: `row ${id}` }))));

function objectOf(content: Partial<EnvelopeContent> = {}): Buffer {
  return Buffer.concat(encodeEnvelope({ codec: 'json', payload: json, ...content }));
}

describe('a stored object', () => {
  test('gives back its codec, metadata and payload', () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.dictionary(fc.string(), fc.jsonValue()), (payload, metadata) => {
        const plain = JSON.parse(JSON.stringify(metadata)) as Record<string, unknown>;
        const opened = decodeEnvelope(objectOf({ codec: 'arrow-ipc/1', payload, metadata: plain }));
        expect(opened.codec).toBe('arrow-ipc/1');
        expect(opened.metadata).toEqual(plain);
        expect(opened.compression).toBe('none');
        expect(Buffer.compare(opened.payload, payload)).toBe(0);
      }),
      { numRuns: 200, seed },
    );
  });

  test('begins with its magic and ends with the SHA-256 of all before', () => {
    const object = objectOf();
    expect(object.toString('latin1', 0, 4)).toBe('MEMO');
    expect([...object.subarray(4, 8)]).toEqual([1, 0, 0, 4]);
    expect(object.length).toBe(20 + 4 + 2 + json.length + 48);
    expect(object.subarray(-32)).toEqual(createHash('sha256').update(object.subarray(0, -32)).digest());
  });

  test('does not copy a large payload that is not compressed', () => {
    const payload = [new Uint8Array(10_000), new Uint8Array(20_000)];
    const pieces = encodeEnvelope({ codec: 'bytes', payload });
    expect(pieces[1]).toBe(payload[0]);
    expect(pieces[2]).toBe(payload[1]);
    const object = Buffer.concat(pieces);
    expect(decodeEnvelope(object).payload.buffer).toBe(object.buffer);
  });

  test('can be looked at without its payload', () => {
    const object = objectOf({ metadata: { op: 'load' } });
    const head = peekEnvelope(object.subarray(0, 60));
    expect(head).toEqual({
      codec: 'json',
      compression: 'none',
      metadata: { op: 'load' },
      payloadStart: 37,
      payloadBytes: json.length,
      endBytes: 48,
      inChunks: false,
    });
    expect(() => peekEnvelope(object.subarray(0, 30))).toThrow('M5003');
  });
});

describe('compression', () => {
  const noise = noiseOf(100_000);

  test.each(['gzip', 'brotli'] as const)('with %s comes back', (compression) => {
    const object = objectOf({ compression });
    expect(object.length).toBeLessThan(json.length / 2);
    const opened = decodeEnvelope(object);
    expect(opened.compression).toBe(compression);
    expect(Buffer.compare(opened.payload, json)).toBe(0);
  });

  test('with zstd comes back where Node has it and is refused where not', () => {
    if (hasCompression('zstd')) {
      expect(Buffer.compare(decodeEnvelope(objectOf({ compression: 'zstd' })).payload, json)).toBe(0);
    } else {
      expect(() => objectOf({ compression: 'zstd' })).toThrow(TypeError);
      const forged = signed(objectOf({ compression: 'gzip' }), (object) => object.writeUInt8(3, 6));
      expect(failureOf(() => decodeEnvelope(forged)).details).toEqual({ reason: 'unknown-compression' });
    }
  });

  test.each<[string, Uint8Array | readonly Uint8Array[], string]>([
    ['what gets smaller', json, 'brotli'],
    ['what gets smaller, in pieces', [json.subarray(0, 100), json.subarray(100)], 'brotli'],
    ['what is long and gets smaller', Buffer.alloc(200_000, json), 'brotli'],
    ['what has less than 1 kB', Buffer.alloc(1023), 'none'],
    ['what has 1 kB', Buffer.alloc(1024), 'brotli'],
    ['noise', noise, 'none'],
    ['what begins as noise', [noise.subarray(0, 70_000), Buffer.alloc(1000)], 'none'],
    ['what ends as noise', [Buffer.alloc(65_536), noiseOf(2_000_000)], 'none'],
    ['nothing', [], 'none'],
  ])('auto for %s', (_, payload, compression) => {
    const opened = decodeEnvelope(objectOf({ payload, compression: 'auto' }));
    expect(opened.compression).toBe(compression);
    const whole = payload instanceof Uint8Array ? payload : Buffer.concat(payload);
    expect(Buffer.compare(opened.payload, whole)).toBe(0);
  });

  test('never gives more than the object says', () => {
    const lying = signed(objectOf({ payload: Buffer.alloc(1_000_000), compression: 'gzip' }), (object) => {
      object.writeBigUInt64LE(10n, object.length - 40);
    });
    expect(failureOf(() => decodeEnvelope(lying)).problem).toContain('cannot be decompressed');
    const short = signed(objectOf({ compression: 'gzip' }), (object) =>
      object.writeBigUInt64LE(99_999n, object.length - 40),
    );
    expect(failureOf(() => decodeEnvelope(short)).problem).toContain('instead of 99,999');
  });

  test('never gives more than is allowed', () => {
    const object = objectOf({ payload: Buffer.alloc(1_000_000), compression: 'gzip' });
    const error = failureOf(() => decodeEnvelope(object, { maxBytes: 999_999 }));
    expect(error.problem).toBe('The stored object holds 1,000,000 bytes, 999,999 are allowed.');
    expect(error.details).toEqual({ reason: 'too-large' });
    expect(decodeEnvelope(object, { maxBytes: 1_000_000 }).payload).toHaveLength(1_000_000);
  });
});

describe('damage', () => {
  test('of any kind gives an error or the same object, never another', () => {
    const originals = [objectOf(), objectOf({ compression: 'gzip', metadata: { a: 1 } }), objectOf({ payload: [] })];
    fc.assert(
      fc.property(
        fc.constantFrom(...originals),
        fc.nat(),
        fc.integer({ min: 1, max: 255 }),
        fc.nat(3),
        (original, place, flip, kind) => {
          const at = place % original.length;
          const bytes = damaged(original, { at, flip, kind });
          const error = failureOf(() => decodeEnvelope(bytes));
          expect(error.code).toBe('M5003');
          expect(error.message).not.toContain('undefined');
        },
      ),
      { numRuns: 5000, seed },
    );
  });

  test.each<[string, Buffer, string, string]>([
    ['an empty file', Buffer.alloc(0), 'is cut off after 0 bytes', 'truncated'],
    ['the beginning of the magic', Buffer.from('MEM'), 'is cut off after 3 bytes', 'truncated'],
    ['another file', Buffer.from('{"a":1}'), 'is not an object that memo wrote', 'foreign'],
    ['a short foreign file', Buffer.from('x'), 'is not an object that memo wrote', 'foreign'],
    ['a file of zeros', Buffer.alloc(4096), 'is not an object that memo wrote', 'foreign'],
    [
      'half an object',
      objectOf({ payload: Buffer.alloc(4024) }).subarray(0, 1024),
      'is cut off: 1,024 of 4,098 bytes are there',
      'truncated',
    ],
    [
      'an object and more',
      Buffer.concat([objectOf(), Buffer.from('x')]),
      'has 13,856 bytes where 13,855 belong',
      'damaged',
    ],
    [
      'a later format',
      changed(objectOf(), (object) => object.writeUInt8(3, 4)),
      'is an object of format 3',
      'newer-format',
    ],
    [
      'one format that says it is the other',
      changed(objectOf(), (object) => object.writeUInt8(2, 4)),
      'its digest does not match',
      'damaged',
    ],
    [
      'a flag of later versions',
      changed(objectOf(), (object) => object.writeUInt8(64, 5)),
      'is an object with flags 64',
      'newer-format',
    ],
    [
      'a flipped bit in the payload',
      changed(objectOf(), (object) => object.writeUInt8(1, 100)),
      'its digest does not match',
      'damaged',
    ],
    [
      'giant metadata',
      changed(objectOf(), (object) => object.writeUInt32LE(0xff_ff_ff_ff, 8)),
      'more than 64 kB of metadata',
      'damaged',
    ],
    [
      'a giant payload',
      changed(objectOf(), (object) => object.writeBigUInt64LE(2n ** 62n, 12)),
      'is cut off',
      'truncated',
    ],
    [
      'an unknown compression',
      signed(objectOf(), (object) => object.writeUInt8(9, 6)),
      'compressed in a way (9)',
      'unknown-compression',
    ],
    [
      'a payload that is not compressed',
      signed(objectOf(), (object) => object.writeUInt8(1, 6)),
      'cannot be decompressed',
      'damaged',
    ],
    ['a strange codec id', signed(objectOf(), (object) => object.write('../x', 20)), 'names no codec', 'damaged'],
    [
      'metadata that is a list',
      signed(objectOf(), (object) => object.write('[]', 24)),
      'metadata that is not an object',
      'damaged',
    ],
    [
      'metadata that is no JSON',
      signed(objectOf(), (object) => object.write('{{', 24)),
      'metadata that is not JSON',
      'damaged',
    ],
    [
      'other lengths at the end',
      signed(objectOf(), (object) => object.writeUInt8(1, object.length - 48)),
      'disagrees with itself',
      'damaged',
    ],
  ])('%s', (_, bytes, problem, reason) => {
    const error = failureOf(() => decodeEnvelope(bytes));
    expect(error.code).toBe('M5003');
    expect(error.problem).toContain(problem);
    expect(error.details).toEqual({ reason });
    expect(error.fix).toBeTypeOf('string');
  });

  test('is reported under the name that is given', () => {
    expect(() => decodeEnvelope(Buffer.from('nothing'), { label: 'rows of load' })).toThrow(
      'M5003 rows of load is not an object that memo wrote.',
    );
  });
});

test.each<[string, Partial<EnvelopeContent>]>([
  ['a bad codec id', { codec: 'Not an id' }],
  ['metadata that is not JSON', { metadata: { big: 1n } }],
  ['too much metadata', { metadata: { long: 'x'.repeat(70_000) } }],
])('%s is misuse', (_, content) => {
  expect(() => objectOf(content)).toThrow(TypeError);
});

/** Numbers without pattern, the same on every run. */
function noiseOf(length: number): Buffer {
  const blocks = Array.from({ length: Math.ceil(length / 32) }, (_, index) =>
    createHash('sha256').update(String(index)).digest(),
  );
  return Buffer.concat(blocks).subarray(0, length);
}

function changed(object: Buffer, change: (object: Buffer) => void): Buffer {
  const copy = Buffer.from(object);
  change(copy);
  return copy;
}

/** As somebody would forge it who knows the format: changed, with a digest that fits. */
function signed(object: Buffer, change: (object: Buffer) => void): Buffer {
  const copy = changed(object, change);
  createHash('sha256')
    .update(copy.subarray(0, -32))
    .digest()
    .copy(copy, copy.length - 32);
  return copy;
}

function damaged(original: Buffer, damage: { at: number; flip: number; kind: number }): Buffer {
  const { at, flip, kind } = damage;
  if (kind === 0) return original.subarray(0, at);
  if (kind === 1) return Buffer.concat([original.subarray(0, at), Buffer.from([flip]), original.subarray(at)]);
  if (kind === 2) return Buffer.concat([original.subarray(0, at), original.subarray(at + 1)]);
  return changed(original, (object) => object.writeUInt8((object[at] ?? 0) ^ flip, at));
}

function failureOf(act: () => unknown): MemoError {
  try {
    act();
  } catch (thrown) {
    if (MemoError.is(thrown)) return thrown;
    throw thrown;
  }
  throw new Error('nothing was thrown');
}
