import { createHash, type Hash } from 'node:crypto';
import { sha256 } from './digest.ts';

/** Nested values whose text is longer than this enter their holder by digest. Part of the value form: never changes. */
export const MAX_INLINE = 256;

const FLUSH_AT = 65_536;

/** Collects the text of one container, in flat memory: what is long goes through the hash while it is written. */
export class TextSink {
  #text: string;
  #hash: Hash | undefined;

  constructor(head: string) {
    this.#text = head;
  }

  push(token: string): void {
    this.#text += token;
    if (this.#text.length > FLUSH_AT) this.#flush();
  }

  /** The whole text when it is short, else `#` and its SHA-256. */
  end(): string {
    if (this.#hash === undefined) return compactText(this.#text);
    return `#${this.#hash.update(this.#text).digest('hex')}`;
  }

  #flush(): void {
    this.#hash ??= createHash('sha256');
    this.#hash.update(this.#text);
    this.#text = '';
  }
}

/** A short text as it is, a long one as `#` and its SHA-256. */
export function compactText(text: string): string {
  return text.length <= MAX_INLINE ? text : `#${sha256(text)}`;
}
