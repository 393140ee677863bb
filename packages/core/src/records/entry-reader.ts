import { crc32 } from 'node:zlib';
import { hasWords } from './digest-words.ts';
import { OFFSET } from './segment-format.ts';

/** Gives the first bytes of the payload of the entry whose head is at an offset, at most `most`; fewer where they are gone. */
export type ReadPayload = (offset: number, most: number) => Buffer;

/** Reads entries whose heads lie in memory, wherever their payloads are. An entry is named by the offset of its head. */
export class EntryReader {
  readonly bytes: Buffer;
  readonly #readPayload: ReadPayload;

  constructor(bytes: Buffer, readPayload: ReadPayload) {
    this.bytes = bytes;
    this.#readPayload = readPayload;
  }

  kind(offset: number): number {
    return this.bytes.readUInt8(offset + OFFSET.kind);
  }

  payloadLength(offset: number): number {
    return this.bytes.readUInt32LE(offset + OFFSET.payloadLength);
  }

  flags(offset: number): number {
    return this.bytes.readUInt8(offset + OFFSET.flags);
  }

  when(offset: number): number {
    return this.bytes.readDoubleLE(offset + OFFSET.when);
  }

  duration(offset: number): number {
    return this.bytes.readDoubleLE(offset + OFFSET.duration);
  }

  key(offset: number): string {
    return this.bytes.toString('hex', offset + OFFSET.key, offset + OFFSET.key + 32);
  }

  pub(offset: number): string {
    return this.bytes.toString('hex', offset + OFFSET.pub, offset + OFFSET.pub + 32);
  }

  site(offset: number): string {
    return this.bytes.toString('hex', offset + OFFSET.site, offset + OFFSET.site + 16);
  }

  run(offset: number): string {
    return this.bytes.toString('hex', offset + OFFSET.run, offset + OFFSET.run + 16);
  }

  /** The first 32 bits of the key, for hash tables. */
  keyPrefix(offset: number): number {
    return this.bytes.readInt32LE(offset + OFFSET.key);
  }

  /** The first 32 bits of the site, for hash tables. */
  sitePrefix(offset: number): number {
    return this.bytes.readInt32LE(offset + OFFSET.site);
  }

  /** The first 32 bits of the content key, for hash tables. */
  contentPrefix(offset: number): number {
    return this.bytes.readInt32LE(offset + OFFSET.contentKey);
  }

  /** True when an entry has this content key, given as words. */
  hasContentKey(offset: number, key: Int32Array): boolean {
    return hasWords(this.bytes, offset + OFFSET.contentKey, key);
  }

  /** True when an entry has this key, given as words. */
  hasKey(offset: number, key: Int32Array): boolean {
    return hasWords(this.bytes, offset + OFFSET.key, key);
  }

  /** True when an entry has this site, given as words. */
  hasSite(offset: number, site: Int32Array): boolean {
    return hasWords(this.bytes, offset + OFFSET.site, site);
  }

  /** The first bytes of a payload as text, unchecked. */
  payloadStart(offset: number, most: number): string {
    return this.#readPayload(offset, Math.min(most, this.payloadLength(offset))).toString('utf8');
  }

  /** The parsed payload, or `undefined` when its bytes are damaged or gone. */
  payload(offset: number): unknown {
    const length = this.payloadLength(offset);
    const payload = this.#readPayload(offset, length);
    if (payload.length !== length || crc32(payload) !== this.bytes.readUInt32LE(offset + OFFSET.payloadCrc))
      return undefined;
    try {
      return JSON.parse(payload.toString('utf8'));
    } catch {
      return undefined;
    }
  }
}
