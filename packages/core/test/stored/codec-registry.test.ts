import { describe, expect, test, vi } from 'vitest';
import { MemoError } from '../../src/errors/memo-error.ts';
import { isKnownScheme, valueDigest } from '../../src/hash/value-digest.ts';
import type { Codec } from '../../src/stored/codec.ts';
import { codecRegistry } from '../../src/stored/codec-registry.ts';

class Point {
  readonly x: number;

  constructor(x: number) {
    this.x = x;
  }
}

const pointCodec: Codec<Point> = {
  id: 'point/1',
  accepts: (value) => value instanceof Point,
  encode: (point) => Buffer.from(String(point.x)),
  decode: (bytes) => new Point(Number(Buffer.from(bytes).toString())),
};

const builtIn = codecRegistry();
const withPoints = codecRegistry([pointCodec]);

describe('the codec of a value', () => {
  test.each<[string, unknown]>([
    ['bytes', new Uint8Array([1])],
    ['bytes', new Uint8Array(0)],
    ['buffer', Buffer.from('a')],
    ['text', 'h\u00e9'],
    ['text', ''],
    ['json', { a: [1, 'x', null, true] }],
    ['json', '\ud800'],
    ['json', 0],
    ['json', null],
    ['structured', -0],
    ['structured', undefined],
    ['structured', 1n],
    ['structured', new Map()],
    ['structured', new Uint16Array(1)],
    ['structured', [new Date()]],
    ['structured', Array.from({ length: 5000 }, (_, index) => index)],
  ])('is %s for %o', (id, value) => {
    const { codec, payload } = builtIn.encodeValue(value);
    expect(codec.id).toBe(id);
    const back = builtIn.decodeValue(id, Buffer.concat(payload));
    expect(back).toEqual(value);
    expect(Object.is(back, value) || typeof back === 'object').toBe(true);
    if (ArrayBuffer.isView(value)) expect(back?.constructor).toBe(value.constructor);
  });

  test('is a given one before the built-in ones', () => {
    const { codec, payload } = withPoints.encodeValue(new Point(7));
    expect(codec).toBe(pointCodec);
    expect(withPoints.decodeValue('point/1', Buffer.concat(payload))).toEqual(new Point(7));
    expect(withPoints.encodeValue({ x: 7 }).codec.id).toBe('json');
  });

  test('is structured when JSON would pass the longest string', () => {
    const stringify = vi.spyOn(JSON, 'stringify').mockImplementation(() => {
      throw new RangeError('Invalid string length');
    });
    const { codec, payload } = builtIn.encodeValue({ a: 1 });
    stringify.mockRestore();
    expect(codec.id).toBe('structured');
    expect(builtIn.decodeValue('structured', Buffer.concat(payload))).toEqual({ a: 1 });
  });
});

test('the pieces of bytes are the bytes themselves', () => {
  const bytes = new Uint8Array(100_000);
  expect(builtIn.encodeValue(bytes).payload).toEqual([bytes]);
  expect(builtIn.encodeValue(bytes).payload[0]).toBe(bytes);
});

test('decoded bytes do not share memory with what was decoded', () => {
  const payload = new Uint8Array([1, 2]);
  for (const id of ['bytes', 'buffer']) {
    const back = builtIn.decodeValue(id, payload) as Uint8Array;
    back[0] = 9;
    expect([...payload]).toEqual([1, 2]);
  }
});

describe('errors', () => {
  test('name the value and the path', () => {
    expect(() => builtIn.encodeValue({ a: () => 1 }, 'rows of load')).toThrow(
      'M5001 rows of load.a is a function, which cannot be stored.',
    );
  });

  test('name the codec that failed to encode, with its error as the cause', () => {
    const cause = new Error('too pointed');
    const broken = codecRegistry([
      {
        ...pointCodec,
        encode: () => {
          throw cause;
        },
      },
    ]);
    const error = failureOf(() => broken.encodeValue(new Point(1), 'p'));
    expect(error.code).toBe('M5001');
    expect(error.problem).toBe("p could not be encoded by codec 'point/1'.");
    expect(error.cause).toBe(cause);
  });

  test('name an unknown codec', () => {
    const error = failureOf(() => builtIn.decodeValue('point/1', new Uint8Array()));
    expect(error.code).toBe('M5003');
    expect(error.details).toEqual({ reason: 'unknown-codec' });
    expect(error.problem).toContain("'point/1'");
  });

  test.each<[string, number[]]>([
    ['json', [0x7b]],
    ['json', [0xff]],
    ['text', [0xff]],
    ['structured', [1]],
    ['structured', []],
  ])('name what codec %s could not decode: %j', (id, bytes) => {
    const error = failureOf(() => builtIn.decodeValue(id, Buffer.from(bytes), 'rows'));
    expect(error.code).toBe('M5003');
    expect(error.details).toEqual({ reason: 'undecodable' });
    expect(error.problem).toContain(`rows cannot be decoded by codec '${id}'`);
    expect(error.cause).toBeInstanceOf(Error);
  });

  test.each(['', 'Upper', 'a b', '../x', 'é', 'x'.repeat(65)])('%j is no codec id', (id) => {
    expect(() => codecRegistry([{ ...pointCodec, id }])).toThrow(TypeError);
  });

  test('two codecs cannot share an id', () => {
    expect(() => codecRegistry([pointCodec, pointCodec])).toThrow("Two codecs have the id 'point/1'.");
    expect(() => codecRegistry([{ ...pointCodec, id: 'json' }])).toThrow(TypeError);
  });
});

describe('the content digest', () => {
  test('is of the value for built-in codecs', () => {
    for (const value of [new Uint8Array([1]), 'a', { a: 1 }, new Date(1)]) {
      expect(builtIn.digestValue(value, builtIn.encodeValue(value))).toBe(valueDigest(value));
    }
  });

  test('is of the bytes where the codec promises canonical ones', () => {
    const canonical = codecRegistry([{ ...pointCodec, canonical: true }]);
    const digest = canonical.digestValue(new Point(1), canonical.encodeValue(new Point(1)));
    expect(digest).toMatch(/^cb1:/);
    expect(canonical.digestValue(new Point(2), canonical.encodeValue(new Point(2)))).not.toBe(digest);
  });

  test('is of the bytes where memo cannot look into the value', () => {
    const digest = withPoints.digestValue(new Point(1), withPoints.encodeValue(new Point(1)));
    expect(digest).toMatch(/^cb1:/);
    expect(isKnownScheme(digest)).toBe(true);
  });

  test('is of the value where memo can look into it, whatever the codec writes', () => {
    let writes = 0;
    const counting: Codec = {
      id: 'counting',
      accepts: () => true,
      encode: () => Buffer.from([writes++]),
      decode: () => ({}),
    };
    const codecs = codecRegistry([counting]);
    const value = { a: 1 };
    expect(codecs.digestValue(value, codecs.encodeValue(value))).toBe(valueDigest(value));
  });
});

test('codecs are found by id', () => {
  expect(withPoints.find('point/1')).toBe(pointCodec);
  expect(withPoints.find('json')?.id).toBe('json');
  expect(withPoints.find('constructor')).toBeUndefined();
});

function failureOf(act: () => unknown): MemoError {
  try {
    act();
  } catch (thrown) {
    if (MemoError.is(thrown)) return thrown;
    throw thrown;
  }
  throw new Error('nothing was thrown');
}
