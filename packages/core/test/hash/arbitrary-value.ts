import fc from 'fast-check';

/** Any value that can be stored and holds no cycle, of all kinds that fast-check knows. */
export const storableValue: fc.Arbitrary<unknown> = fc.anything({
  withBigInt: true,
  withDate: true,
  withMap: true,
  withSet: true,
  withTypedArray: true,
  withSparseArray: true,
  withNullPrototype: true,
  withUnicodeString: true,
  withObjectString: true,
  maxDepth: 4,
} as fc.ObjectConstraints);

const leaf: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(
    undefined,
    null,
    true,
    false,
    0,
    -0,
    1,
    12,
    Number.NaN,
    1n,
    '',
    '1',
    'a',
    'ab',
    '\ud800',
    'x1:a',
  ),
  fc
    .constantFrom<() => unknown>(
      () => new Date(1),
      () => /a/g,
      () => new Uint8Array([1]),
      () => new Int8Array([1]),
      () => new URL('http://a'),
      () => new ArrayBuffer(1),
    )
    .map((make) => make()),
);

/** Values from so few parts that equal ones, and nearly equal ones, are met often. */
export const smallValue: fc.Arbitrary<unknown> = fc.letrec<{ value: unknown; key: string }>((tie) => ({
  key: fc.constantFrom('a', 'b', 'ab', '', '1'),
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    leaf,
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(tie('key'), tie('value'), { maxKeys: 3, noNullPrototype: true }),
    fc.array(fc.tuple(tie('value'), tie('value')), { maxLength: 2 }).map((entries) => new Map(entries)),
    fc.array(tie('value'), { maxLength: 2 }).map((items) => new Set(items)),
    fc.tuple(tie('value'), fc.nat(2)).map(([item, holes]) => {
      const array: unknown[] = [];
      array[holes] = item;
      return array;
    }),
  ),
})).value;

/** Two values: unrelated, equal copies of each other, or equal in one half. */
export const valuePair: fc.Arbitrary<readonly [unknown, unknown]> = fc.oneof(
  fc.tuple(smallValue, smallValue),
  fc.clone(smallValue, 2),
  fc.tuple(fc.clone(smallValue, 2), smallValue, smallValue).map(([[left, right], ...others]) => {
    return [
      { same: left, other: others[0] },
      { same: right, other: others[1] },
    ] as const;
  }),
);

/** The same value with the keys of its objects and the entries of its Maps and Sets in another order. */
export function reordered(value: unknown): unknown {
  if (Array.isArray(value)) {
    const copy: unknown[] = [];
    for (const key of Object.keys(value)) copy[Number(key)] = reordered(value[Number(key)]);
    copy.length = value.length;
    return copy;
  }
  if (value instanceof Map)
    return new Map([...value].reverse().map(([key, item]) => [reordered(key), reordered(item)]));
  if (value instanceof Set) return new Set([...value].reverse().map(reordered));
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, item]) => [key, reordered(item)]),
  );
}
