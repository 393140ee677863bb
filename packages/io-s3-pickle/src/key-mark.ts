import { hash } from 'node:crypto';
import { MARK_BYTES, MARK_WORDS, wordsOf } from './mark-set.ts';

/**
 * What stands for a key in the presence index. Most keys end with a version, which is a digest already: only what comes before it is digested,
 * once for all versions of an output. A mark that two keys shared would cost a load that fails and a step that runs again, and never a value.
 */
export function markOf(key: string): Int32Array {
  const begin = key.lastIndexOf('/') + 1;
  const last = key.slice(begin);
  if (!VERSION.test(last)) return digestMark(key);
  return new VersionMarks(key.slice(0, begin), Buffer.from(last, 'hex')).get(0);
}

/** The marks of keys that differ in the versions that they end with. */
export class VersionMarks {
  readonly #above: Int32Array;
  readonly #versions: Int32Array;
  readonly #mark = new Int32Array(MARK_WORDS);

  /**
   * @param above what the keys begin with, up to the version
   * @param versions 32 bytes each, one behind the other
   */
  constructor(above: string, versions: Uint8Array) {
    this.#above = digestMark(above);
    this.#versions = wordsOf(versions);
  }

  /** The mark of one of them, until the next one is asked for. */
  get(at: number): Int32Array {
    const from = at * VERSION_WORDS;
    for (let word = 0; word < MARK_WORDS; word++)
      this.#mark[word] = (this.#above[word] as number) ^ (this.#versions[from + word] as number);
    return this.#mark;
  }
}

/** The beginning of a digest of a key, which marks keys without a version, and all keys in `presence-index/1`. */
export function digestMark(key: string): Int32Array {
  return wordsOf(hash('sha256', key, 'buffer').subarray(0, MARK_BYTES));
}

/** The digits of one of many versions that lie one behind the other. */
export function versionAt(versions: Uint8Array, at: number): string {
  return Buffer.from(versions.buffer, versions.byteOffset + at * VERSION_BYTES, VERSION_BYTES).toString('hex');
}

/** Bytes of a version. */
export const VERSION_BYTES = 32;
const VERSION_WORDS = VERSION_BYTES / 4;
const VERSION = /^[0-9a-f]{64}$/;
