import { basename, extname } from 'node:path';
import { type Digest, digestBytes } from './digest.ts';
import type { FactsCache } from './facts-cache.ts';
import { type SourceFacts, sourceFacts } from './source-facts.ts';
import { factsFrom, storedFacts } from './stored-facts.ts';
import { parserVersion } from './syntax-tree.ts';

/** What was found out about texts in this process, by the text and what was asked. */
const sharedMemory = new Map<string, unknown>();

/** One question about texts whose answer is decided by the text alone. */
export interface Question<T> {
  /** Names the question and the text. */
  readonly key: string;
  readonly ask: () => T;
  /** What is stored of an answer; `undefined` when it must not be stored. */
  readonly store: (answer: T) => unknown;
  /** The answer that was stored; `undefined` when it is none. */
  readonly restore: (stored: unknown) => T | undefined;
}

/** Where answers lie from process to process. */
type StoredTexts = Pick<FactsCache, 'get' | 'put'>;

/** Looks at texts, each once: in this process, and where there is a cache in all of them. */
export class Analysis {
  readonly #cache: StoredTexts | undefined;
  readonly #memory: Map<string, unknown>;
  /** Spares a digest for bytes that are asked about twice. */
  readonly #factsOfBytes = new WeakMap<Uint8Array, { readonly name: string; readonly facts: SourceFacts }>();

  constructor(cache?: StoredTexts, memory: Map<string, unknown> = sharedMemory) {
    this.#cache = cache;
    this.#memory = memory;
  }

  /** The facts of a source file: the same for the same bytes and kind of file. */
  factsOf(path: string, bytes: Buffer): SourceFacts {
    const name = kindOf(path);
    const before = this.#factsOfBytes.get(bytes);
    if (before?.name === name) return before.facts;
    const facts = this.answer<SourceFacts>({
      key: `facts ${name} ${digestBytes(bytes)}`,
      ask: () => sourceFacts(name, bytes),
      // Whether a text is too deep to be parsed depends on the stack, too.
      store: (found) => (isParsed(found) ? storedFacts(found) : undefined),
      restore: (stored) => factsFrom(stored, new TextDecoder().decode(bytes)),
    });
    this.#factsOfBytes.set(bytes, { name, facts });
    return facts;
  }

  answer<T>({ key, ask, store, restore }: Question<T>): T {
    if (this.#memory.has(key)) return this.#memory.get(key) as T;
    const answer = this.#stored(key, restore) ?? this.#asked(key, ask, store);
    this.#memory.set(key, answer);
    return answer;
  }

  #stored<T>(key: string, restore: Question<T>['restore']): T | undefined {
    const stored = this.#cache?.get(storedKey(key));
    return stored === undefined ? undefined : restore(stored);
  }

  #asked<T>(key: string, ask: () => T, store: Question<T>['store']): T {
    const answer = ask();
    const stored = this.#cache === undefined ? undefined : store(answer);
    if (stored !== undefined) this.#cache?.put(storedKey(key), stored);
    return answer;
  }
}

/** True when the digest is that of a normal form. */
export function isParsed(facts: { readonly digest: Digest }): boolean {
  return !facts.digest.startsWith('bytes:');
}

/** The name that a text is parsed under, which tells its language. */
function kindOf(path: string): string {
  const extension = extname(path) || '.js';
  return basename(path, extension).endsWith('.d') ? `file.d${extension}` : `file${extension}`;
}

function storedKey(key: string): string {
  return `${parserVersion()} ${key}`;
}
