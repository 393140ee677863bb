import { isUtf8 } from 'node:buffer';
import { isDetached } from '../hash/byte-views.ts';
import { isWellFormed } from '../hash/scalar-text.ts';
import type { Codec } from './codec.ts';
import { isJsonExact } from './json-exact.ts';

/** A `Uint8Array` as it is. */
export const bytesCodec: Codec<Uint8Array> = {
  id: 'bytes',
  accepts: (value) => isBytes(value, Uint8Array.prototype),
  encode: (bytes) => bytes,
  decode: (bytes) => new Uint8Array(bytes),
};

/** A `Buffer` as it is, so that it comes back as a `Buffer`. */
export const bufferCodec: Codec<Buffer> = {
  id: 'buffer',
  accepts: (value) => isBytes(value, Buffer.prototype),
  encode: (buffer) => buffer,
  decode: (bytes) => Buffer.from(bytes),
};

/** A well-formed string as UTF-8. */
export const textCodec: Codec<string> = {
  id: 'text',
  accepts: (value) => typeof value === 'string' && isWellFormed(value),
  encode: (text) => Buffer.from(text, 'utf8'),
  decode: utf8Text,
};

/** Values that JSON gives back exactly, as JSON: readable by anything. */
export const jsonCodec: Codec = {
  id: 'json',
  accepts: isJsonExact,
  encode: (value) => Buffer.from(JSON.stringify(value), 'utf8'),
  decode: (bytes): unknown => JSON.parse(utf8Text(bytes)),
};

function isBytes(value: unknown, prototype: object): boolean {
  return ArrayBuffer.isView(value) && Object.getPrototypeOf(value) === prototype && !isDetached(value);
}

function utf8Text(bytes: Uint8Array): string {
  if (!isUtf8(bytes)) throw new TypeError('The bytes are not UTF-8.');
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
}
