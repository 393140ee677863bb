import type { FactsCache } from './facts-cache.ts';

/** Longer ones are not kept: a difference of so much tells nobody anything. In characters. */
const LONGEST = 16_384;

/**
 * The source texts of symbols, by the digests that manifests hold: so that a change can be shown line by line where the earlier text is
 * still known. Digests leave layout and names of variables out, so a text is one of those that the digest stands for.
 */
export class UnitTexts {
  readonly #cache: FactsCache;
  /** Ops share most of their symbols. */
  readonly #kept = new Set<string>();

  constructor(cache: FactsCache) {
    this.#cache = cache;
  }

  keep(digest: string, text: string): void {
    if (this.#kept.has(digest)) return;
    this.#kept.add(digest);
    if (text.length <= LONGEST && this.of(digest) === undefined) this.#cache.put(keyOf(digest), text);
  }

  flush(): void {
    this.#cache.flush();
  }

  of(digest: string): string | undefined {
    const text = this.#cache.get(keyOf(digest));
    return typeof text === 'string' ? text : undefined;
  }
}

function keyOf(digest: string): string {
  return `text ${digest}`;
}
