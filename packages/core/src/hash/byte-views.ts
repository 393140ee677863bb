import { viewName } from './object-kind.ts';
import { Refusal } from './refusal.ts';

const LITTLE_ENDIAN_MACHINE = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

type ViewConstructor = (new (buffer: ArrayBuffer) => ArrayBufferView) & { readonly BYTES_PER_ELEMENT?: number };

/**
 * The bytes of a view or buffer with little-endian elements, whatever the machine. On common machines this is a window
 * on the same memory, not a copy. Float elements enter with the payload of their NaNs.
 * Refuses memory that was transferred away.
 */
export function littleEndianBytes(source: ArrayBufferView | ArrayBuffer): Uint8Array {
  if (isDetached(source)) throw new Refusal(source, 'was transferred to another thread');
  if (!ArrayBuffer.isView(source)) return new Uint8Array(source);
  const bytes = new Uint8Array(source.buffer, source.byteOffset, source.byteLength);
  return LITTLE_ENDIAN_MACHINE ? bytes : swapElements(bytes, elementSize(viewName(source)));
}

/** True when the memory was transferred away: the object looks empty, but nothing can be known about its content. */
export function isDetached(source: ArrayBufferView | ArrayBuffer): boolean {
  if (source.byteLength > 0) return false;
  try {
    return new Uint8Array(ArrayBuffer.isView(source) ? source.buffer : source).byteLength < 0;
  } catch {
    return true;
  }
}

/** A fresh view of a named class (see `viewName`) over a copy of little-endian bytes; `undefined` when the bytes do not fit it. */
export function viewFromBytes(name: string, bytes: Uint8Array): ArrayBufferView | undefined {
  const viewClass = viewConstructor(name);
  const size = elementSize(name);
  if (viewClass === undefined || bytes.byteLength % size !== 0) return undefined;
  const { buffer } = LITTLE_ENDIAN_MACHINE ? new Uint8Array(bytes) : swapElements(bytes, size);
  return name === 'Buffer' ? Buffer.from(buffer) : new viewClass(buffer);
}

/** A copy of bytes with the bytes of each element in reverse order. */
export function swapElements(bytes: Uint8Array, size: number): Uint8Array<ArrayBuffer> {
  const swapped = new Uint8Array(bytes);
  for (let start = 0; size > 1 && start < swapped.length; start += size)
    swapped.subarray(start, start + size).reverse();
  return swapped;
}

function elementSize(name: string): number {
  return viewConstructor(name)?.BYTES_PER_ELEMENT ?? 1;
}

function viewConstructor(name: string): ViewConstructor | undefined {
  if (!/^(Buffer|DataView|(Big)?(Int|Uint|Float)\d+(Clamped)?Array)$/.test(name)) return undefined;
  return (globalThis as Record<string, unknown>)[name] as ViewConstructor | undefined;
}
