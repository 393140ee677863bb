import { type KeyObject, sign, verify } from 'node:crypto';
import { publicKeyOf, rawPublicKey, readPrivateKey, readPublicKey } from './signing-keys.ts';

/** Whose signatures count, and what is signed with. */
export interface TrustOptions {
  /** Public keys whose signatures count (`ed25519:…` or PEM), each for ever or until a day. Your own counts without being named. */
  readonly accept: readonly (string | { readonly key: string; readonly until: string | number | Date })[];
  /** Private key (PEM) that signs what is written. Without one the store can only be read. */
  readonly sign?: string | KeyObject;
  /** How long your signatures count, milliseconds. Default: for ever. */
  readonly validFor?: number;
  /** Replaces the clock, for tests. */
  readonly now?: () => number;
}

/** What a signature is about. One for something else, under another key or with other bytes does not fit. */
export interface SignedSubject {
  readonly kind: 'value' | 'document' | 'segment' | 'index';
  /** The address, or the name. */
  readonly key: string;
  /** SHA-256 of the content. */
  readonly digest: Uint8Array;
}

/** `trusted`, or why not. */
export type Verdict = 'trusted' | 'unsigned' | 'foreign' | 'expired';

/** How many bytes a signature has: public key, expiry, ed25519 signature. */
export const SIGNATURE_BYTES = 104;

/**
 * Decides whose values a store re-uses. What nobody on the list has signed counts as not there.
 * Throws a `TypeError` for what is not a key.
 */
export function trust(options: TrustOptions): Trust {
  return new Trust(options);
}

/** See {@link trust}. Made by it; one can serve several stores. */
export class Trust {
  readonly #accepted = new Map<string, { readonly key: KeyObject; readonly until: number }>();
  readonly #own: { readonly key: KeyObject; readonly raw: Buffer } | undefined;
  readonly #validFor: number;
  readonly #now: () => number;

  constructor({ accept, sign: own, validFor = Number.POSITIVE_INFINITY, now = Date.now }: TrustOptions) {
    if (!(validFor > 0)) throw new TypeError('validFor is more than 0 milliseconds.');
    this.#validFor = validFor;
    this.#now = now;
    for (const entry of accept) {
      const { key, until } = typeof entry === 'string' ? { key: entry, until: undefined } : entry;
      this.#accepted.set(readPublicKey(key).toString('hex'), {
        key: publicKeyOf(readPublicKey(key)),
        until: endOf(until),
      });
    }
    if (own === undefined) return;
    const key = readPrivateKey(own);
    this.#own = { key, raw: rawPublicKey(key) };
    this.#accepted.set(this.#own.raw.toString('hex'), { key: publicKeyOf(this.#own.raw), until: endOf(undefined) });
  }

  /** True when there is a key to sign with. */
  get canSign(): boolean {
    return this.#own !== undefined;
  }

  /** The signature of something that is written. Throws a `TypeError` without a key. */
  sign(subject: SignedSubject): Buffer {
    if (this.#own === undefined) throw new TypeError('There is no key to sign with.');
    const { raw, key } = this.#own;
    const facts = Buffer.alloc(EXPIRY_BYTES);
    facts.writeDoubleLE(this.#now() + this.#validFor);
    return Buffer.concat([raw, facts, sign(null, messageOf(subject, facts), key)]);
  }

  /** Whether somebody who is accepted has signed exactly that, and whether it still counts. */
  verify(subject: SignedSubject, signature: Uint8Array | undefined): Verdict {
    if (signature?.byteLength !== SIGNATURE_BYTES) return 'unsigned';
    const bytes = Buffer.from(signature.buffer, signature.byteOffset, signature.byteLength);
    const accepted = this.#accepted.get(bytes.toString('hex', 0, RAW_KEY_BYTES));
    if (accepted === undefined) return 'foreign';
    const facts = bytes.subarray(RAW_KEY_BYTES, RAW_KEY_BYTES + EXPIRY_BYTES);
    const fits = verify(null, messageOf(subject, facts), accepted.key, bytes.subarray(RAW_KEY_BYTES + EXPIRY_BYTES));
    if (!fits) return 'foreign';
    const now = this.#now();
    return now < facts.readDoubleLE() && now < accepted.until ? 'trusted' : 'expired';
  }
}

/** The moment from which a key no longer counts. */
function endOf(until: string | number | Date | undefined): number {
  if (until === undefined) return Number.POSITIVE_INFINITY;
  const end = new Date(until).getTime();
  if (Number.isNaN(end)) throw new TypeError(`Not a day until which a key counts: ${String(until)}`);
  return end;
}

/** Injective: every part has its length before it, or always the same. */
function messageOf({ kind, key, digest }: SignedSubject, facts: Uint8Array): Buffer {
  const name = Buffer.from(key, 'utf8');
  const head = Buffer.from(`memo.signature/1 ${kind} ${name.length} `, 'utf8');
  return Buffer.concat([head, name, facts, digest]);
}

const RAW_KEY_BYTES = 32;
const EXPIRY_BYTES = 8;
