/**
 * What the stores below `corpus/` hold: a value for each name. Names may be added with a new store, never changed or removed: what a release
 * has stored must be readable for ever.
 */
export const CORPUS_VALUES: Readonly<Record<string, () => unknown>> = {
  undefined: () => undefined,
  text: () => 'grüße 😀',
  json: () => ({ rows: [{ id: 1, tags: ['a', 'b'] }], total: null, ok: true, price: 1.5 }),
  rich: () =>
    new Map<unknown, unknown>([
      ['when', new Date(1.7e12)],
      ['big', -(2n ** 70n)],
      ['set', new Set([1, '1', Number.NaN])],
      ['where', new URL('https://example.com/a?b#c')],
      ['like', /a+/giu],
    ]),
  error: () => new TypeError('outer', { cause: Object.assign(new Error('inner'), { code: 'E_INNER' }) }),
  numbers: () => Array.from({ length: 100 }, (_, index) => index / 3),
  floats: () => Float64Array.from([0.1, -0, Number.NaN]),
  buffer: () => Buffer.from('bytes of a buffer'),
  bytes: () => new Uint8Array([0, 128, 255]),
  stream: () => new Uint8Array(5000).fill(7),
  compressed: () => 'line of text\n'.repeat(1000),
};
