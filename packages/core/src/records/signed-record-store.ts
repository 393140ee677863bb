import { createHash } from 'node:crypto';
import { MemoError } from '../errors/memo-error.ts';
import type { StoreWarning } from '../io/io-manager.ts';
import type { RecordDocument, RecordReading, RecordStore, SegmentInfo } from '../io/record-store.ts';
import { SIGNATURE_BYTES, type SignedSubject, type Trust } from '../trust/trust.ts';

/**
 * Records of which only those count that somebody who is trusted has signed: each append to a segment at its place in it, each document under
 * its name. A segment ends before the first bytes that nobody has; such a document is not there, and may be replaced.
 *
 * @param warn told once about each segment or document that does not count, for the `takeWarnings` of a manager; default
 *   `process.emitWarning`
 */
export function signedRecordStore(
  store: RecordStore,
  trust: Trust,
  warn: (warning: StoreWarning) => void = emitWarning,
): RecordStore {
  return new SignedRecords(store, trust, warn);
}

/** How far a segment was read: in the store, and what that held. */
interface Progress {
  readonly outer: number;
  readonly inner: number;
  /** How long it was, whether that counts or not. */
  readonly seen: number;
}

class SignedRecords implements RecordStore {
  readonly #store: RecordStore;
  readonly #trust: Trust;
  readonly #warn: (warning: StoreWarning) => void;
  readonly #warned = new Set<string>();
  readonly #appended = new Map<string, number>();
  readonly #read = new Map<string, Progress>();

  constructor(store: RecordStore, trust: Trust, warn: (warning: StoreWarning) => void) {
    this.#store = store;
    this.#trust = trust;
    this.#warn = warn;
  }

  async append(segment: string, bytes: Uint8Array, options?: { readonly flush?: boolean }): Promise<void> {
    const offset = this.#appended.get(segment) ?? 0;
    const signature = this.#signed(partOf(segment, offset, bytes));
    this.#appended.set(segment, offset + bytes.byteLength);
    const head = Buffer.alloc(LENGTH_BYTES);
    head.writeUInt32LE(bytes.byteLength);
    await this.#store.append(segment, Buffer.concat([head, signature, bytes]), options);
  }

  async segments(reading?: RecordReading): Promise<readonly SegmentInfo[]> {
    const segments = await this.#store.segments(reading);
    return segments.map(({ name, bytes, ...more }) => {
      const read = this.#read.get(name);
      // What was read and does not count is not announced again, unless there is more.
      return { ...more, name, bytes: read === undefined ? bytes : read.inner + Math.max(0, bytes - read.seen) };
    });
  }

  async read(segment: string, offset: number, reading?: RecordReading): Promise<Uint8Array> {
    const before = this.#read.get(segment);
    const from = before !== undefined && before.inner === offset ? before : START;
    const bytes = Buffer.from(await this.#store.read(segment, from.outer, reading));
    const parts: Uint8Array[] = [];
    let { inner } = from;
    let position = 0;
    for (;;) {
      const part = this.#partAt(segment, bytes.subarray(position), inner);
      if (part === undefined) break;
      parts.push(part);
      inner += part.byteLength;
      position += LENGTH_BYTES + SIGNATURE_BYTES + part.byteLength;
    }
    this.#read.set(segment, { outer: from.outer + position, inner, seen: from.outer + bytes.byteLength });
    if (position < bytes.byteLength) this.#refuse(`The end of segment ${segment}`);
    return Buffer.concat(parts).subarray(offset - from.inner);
  }

  async remove(segment: string): Promise<void> {
    await this.#store.remove(segment);
  }

  async getDocument(key: string, reading?: RecordReading): Promise<RecordDocument | undefined> {
    const document = await this.#store.getDocument(key, reading);
    if (document === undefined) return undefined;
    const { bytes, tag } = document;
    const content = bytes.subarray(SIGNATURE_BYTES);
    const subject = { kind: 'document', key, digest: sha256(content) } as const;
    if (this.#trust.verify(subject, bytes.subarray(0, SIGNATURE_BYTES)) === 'trusted') return { bytes: content, tag };
    this.#refuse(`Document ${key}`);
    return undefined;
  }

  async putDocument(key: string, bytes: Uint8Array, expected: string | undefined): Promise<boolean> {
    const signature = this.#signed({ kind: 'document', key, digest: sha256(bytes) });
    const signed = Buffer.concat([signature, bytes]);
    if (await this.#store.putDocument(key, signed, expected)) return true;
    if (expected !== undefined || (await this.getDocument(key)) !== undefined) return false;
    // What nobody has signed is in the way; it is replaced under its tag, so that one writer does it.
    const inTheWay = await this.#store.getDocument(key);
    return this.#store.putDocument(key, signed, inTheWay?.tag);
  }

  async removeDocument(key: string, expected: string): Promise<boolean> {
    return (await this.#store.removeDocument?.(key, expected)) ?? false;
  }

  async documents(prefix: string, reading?: RecordReading): Promise<readonly string[]> {
    return this.#store.documents(prefix, reading);
  }

  #partAt(segment: string, bytes: Buffer, offset: number): Uint8Array | undefined {
    const start = LENGTH_BYTES + SIGNATURE_BYTES;
    if (bytes.byteLength < start || bytes.byteLength < start + bytes.readUInt32LE()) return undefined;
    const content = bytes.subarray(start, start + bytes.readUInt32LE());
    const verdict = this.#trust.verify(partOf(segment, offset, content), bytes.subarray(LENGTH_BYTES, start));
    return verdict === 'trusted' ? content : undefined;
  }

  /** @throws MemoError M5009 without a key: what is not signed would count as not there. */
  #signed(subject: SignedSubject): Buffer {
    if (this.#trust.canSign) return this.#trust.sign(subject);
    throw new MemoError(
      'M5009',
      `The ${subject.kind} ${subject.key} cannot be written: there is no key to sign it with`,
      {
        because: 'what is not signed would count as not there',
        fix: 'give trust() a key with `sign`, or put a store of your own before this one with tiered()',
      },
    );
  }

  #refuse(what: string): void {
    if (this.#warned.has(what)) return;
    this.#warned.add(what);
    const because = 'nobody who is accepted has signed it, or the signature has expired';
    this.#warn({ code: 'untrusted-records', message: `${what} counts as not there: ${because}.` });
  }
}

const START: Progress = { outer: 0, inner: 0, seen: 0 };
const LENGTH_BYTES = 4;

function partOf(segment: string, offset: number, bytes: Uint8Array): SignedSubject {
  return { kind: 'segment', key: `${segment}@${offset}`, digest: sha256(bytes) };
}

function sha256(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest();
}

function emitWarning({ message }: StoreWarning): void {
  process.emitWarning(message, 'MemoTrustWarning');
}
