import { describe, expect, test } from 'vitest';
import { isDetached, littleEndianBytes, swapElements, viewFromBytes } from '../../src/hash/byte-views.ts';
import { viewName } from '../../src/hash/object-kind.ts';
import { KEY_VALUES } from '../golden/value-table.ts';

const views = Object.entries(KEY_VALUES).filter(([, make]) => ArrayBuffer.isView(make()));

test.each(views.map(([name]) => name))('%s comes back from its bytes as a fresh view of its class', (name) => {
  const view = KEY_VALUES[name]?.() as ArrayBufferView;
  const back = viewFromBytes(viewName(view), littleEndianBytes(view));
  expect(back).toEqual(view);
  expect(back?.constructor).toBe(view.constructor);
  expect(back?.buffer).not.toBe(view.buffer);
});

test('elements are little-endian', () => {
  expect([...littleEndianBytes(new Uint16Array([0x0102, 0x0304]))]).toEqual([2, 1, 4, 3]);
});

describe('bytes of a machine with the other order', () => {
  test('are turned around element by element', () => {
    expect([...swapElements(new Uint8Array([1, 2, 3, 4]), 2)]).toEqual([2, 1, 4, 3]);
    expect([...swapElements(new Uint8Array([1, 2, 3, 4, 5, 6, 7, 8]), 8)]).toEqual([8, 7, 6, 5, 4, 3, 2, 1]);
    expect([...swapElements(new Uint8Array([1, 2]), 1)]).toEqual([1, 2]);
  });

  test('are copied, never changed in place', () => {
    const bytes = new Uint8Array([1, 2]);
    swapElements(bytes, 2);
    expect([...bytes]).toEqual([1, 2]);
  });
});

test.each([
  ['Int16Array', 3],
  ['Float64Array', 7],
  ['Function', 1],
  ['Promise', 8],
  ['constructor', 1],
  ['', 0],
])('%s of %i bytes is no view', (name, bytes) => {
  expect(viewFromBytes(name, new Uint8Array(bytes))).toBeUndefined();
});

test('memory that was transferred away is told from memory that is empty', () => {
  const buffer = new ArrayBuffer(2);
  const view = new Uint8Array(buffer);
  structuredClone(buffer, { transfer: [buffer] });
  expect([isDetached(buffer), isDetached(view)]).toEqual([true, true]);
  expect([isDetached(new ArrayBuffer(0)), isDetached(new Uint8Array(0))]).toEqual([false, false]);
});
