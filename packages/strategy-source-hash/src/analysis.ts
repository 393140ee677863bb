import { basename, extname } from 'node:path';
import { type Digest, digestBytes } from './digest.ts';
import type { FactsCache } from './facts-cache.ts';
import type { FactsScouts } from './facts-scouts.ts';
import { type SourceFacts, sourceFacts } from './source-facts.ts';
import { sourceText } from './source-text.ts';
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
  /** What would be stored, as JSON, if somebody has found it already. */
  readonly found?: () => string | undefined;
}

/** Where answers lie from process to process. */
export type StoredTexts = Pick<FactsCache, 'get' | 'putJson'>;

/** Others that look at texts. */
type Scouts = Pick<FactsScouts, 'take' | 'recall'>;

/** Looks at texts, each once: in this process, and where there is a cache in all of them. */
export class Analysis {
  readonly #cache: StoredTexts | undefined;
  readonly #memory: Map<string, unknown>;
  /** Spares a digest for bytes that are asked about twice. */
  readonly #factsOfBytes = new WeakMap<Uint8Array, { readonly name: string; readonly facts: SourceFacts }>();

  #scouts: Scouts | undefined;

  constructor(cache?: StoredTexts, memory: Map<string, unknown> = sharedMemory) {
    this.#cache = cache;
    this.#memory = memory;
  }

  /** Looks with the help of scouts, which are recalled when it is done. */
  withScouts<T>(scouts: Scouts, look: () => T): T {
    this.#scouts = scouts;
    try {
      return look();
    } finally {
      this.#scouts = undefined;
      scouts.recall();
    }
  }

  /** The facts of a source file: the same for the same bytes and kind of file. */
  factsOf(path: string, bytes: Buffer): SourceFacts {
    const name = kindOf(path);
    const before = this.#factsOfBytes.get(bytes);
    if (before?.name === name) return before.facts;
    const key = factsKey(name, bytes);
    const facts = this.answer<SourceFacts>({
      key,
      ask: () => sourceFacts(name, bytes),
      // Whether a text is too deep to be parsed depends on the stack, too.
      store: (found) => (isParsed(found) ? storedFacts(found) : undefined),
      restore: (stored) => factsFrom(stored, sourceText(bytes)),
      found: () => this.#scouts?.take(key, path),
    });
    this.#factsOfBytes.set(bytes, { name, facts });
    return facts;
  }

  answer<T>(question: Question<T>): T {
    const { key } = question;
    if (this.#memory.has(key)) return this.#memory.get(key) as T;
    const answer = this.#stored(question) ?? this.#foundBefore(question) ?? this.#asked(question);
    this.#memory.set(key, answer);
    return answer;
  }

  #stored<T>({ key, restore }: Question<T>): T | undefined {
    const stored = this.#cache?.get(storedKey(key));
    return stored === undefined ? undefined : restore(stored);
  }

  #foundBefore<T>({ key, restore, found }: Question<T>): T | undefined {
    const json = found?.();
    const answer = json === undefined ? undefined : restore(JSON.parse(json));
    if (json !== undefined && answer !== undefined) this.#cache?.putJson(storedKey(key), json);
    return answer;
  }

  #asked<T>({ key, ask, store }: Question<T>): T {
    const answer = ask();
    const stored = this.#cache === undefined ? undefined : store(answer);
    if (stored !== undefined) this.#cache?.putJson(storedKey(key), JSON.stringify(stored));
    return answer;
  }
}

/** True when the digest is that of a normal form. */
export function isParsed(facts: { readonly digest: Digest }): boolean {
  return !facts.digest.startsWith('bytes:');
}

/** Names a text and its language. */
export function factsKey(kind: string, bytes: Uint8Array): string {
  return `facts ${kind} ${digestBytes(bytes)}`;
}

/** The name that a text is parsed under, which tells its language. */
export function kindOf(path: string): string {
  const extension = extname(path) || '.js';
  return basename(path, extension).endsWith('.d') ? `file.d${extension}` : `file${extension}`;
}

function storedKey(key: string): string {
  return `${parserVersion()} ${key}`;
}
