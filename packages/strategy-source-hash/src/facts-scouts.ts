import { availableParallelism } from 'node:os';
import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from 'node:worker_threads';
import type { Circumstances } from './asker.ts';
import { Claims } from './claims.ts';
import { stripsTypes } from './runtime-conditions.ts';

/** How many threads are worth their memory. */
const MOST_SCOUTS = 3;

/** Texts that are looked at before anybody is sent out: starting a thread takes as long as some dozens. */
const PATIENCE = 64;

/** The same where as many texts are sure to be looked at: some may be known, which says little about the others. */
const PATIENCE_WITH_MANY = 8;

/** What a thread holds of new objects before it looks which of them are still needed. */
const NURSERY_MB = 6;

/** What a thread is started with. */
export interface ScoutErrand extends Pick<Circumstances, 'conditions' | 'tsconfig'> {
  readonly roots: readonly string[];
  readonly claims: SharedArrayBuffer;
  readonly port: MessagePort;
}

/** The facts of a text, under the key that only this text has. */
export interface FoundFacts {
  readonly key: string;
  readonly json: string;
}

export interface ScoutOptions {
  /** How many threads. Default: one for each processor but the first, up to three. */
  readonly count?: number;
  /** How many texts the main thread looks at before it starts them. Default: 64, or 8 where there are as many roots. */
  readonly patience?: number;
  /** What a thread runs. Default: the program beside this file. */
  readonly program?: URL;
}

/**
 * Threads that look ahead at the files which code leads to, while the main thread does. What they have found by the time that it is
 * needed is used, and all else the main thread finds by itself: nobody waits, and a thread that cannot start or fails costs nothing but the
 * time that it would have saved.
 */
export class FactsScouts {
  readonly #roots: readonly string[];
  readonly #circumstances: Pick<Circumstances, 'conditions' | 'tsconfig'>;
  readonly #count: number;
  readonly #program: URL | undefined;
  readonly #claims: Claims = new Claims();
  readonly #found = new Map<string, string>();
  readonly #scouts: { readonly worker: Worker; readonly port: MessagePort }[] = [];
  #patience: number;

  /** `roots` are the files that are looked at first. */
  constructor(
    roots: Iterable<string>,
    circumstances: Pick<Circumstances, 'conditions' | 'tsconfig'>,
    {
      count = Math.min(availableParallelism() - 1, MOST_SCOUTS),
      patience,
      program = programBeside(),
    }: ScoutOptions = {},
  ) {
    this.#roots = [...roots];
    this.#circumstances = circumstances;
    this.#count = count;
    this.#patience = patience ?? (this.#roots.length < PATIENCE ? PATIENCE : PATIENCE_WITH_MANY);
    this.#program = program;
  }

  /** The facts that were found under a key, as JSON; `undefined` where the file at `path` is to be looked at here. */
  take(key: string, path: string): string | undefined {
    for (const { port } of this.#scouts) this.#receive(port);
    const found = this.#found.get(key);
    this.#found.delete(key);
    if (found !== undefined) return found;
    this.#claims.take(path);
    this.#patience -= 1;
    if (this.#patience === 0) this.#sendOut();
    return undefined;
  }

  /** Ends all of it. */
  recall(): void {
    for (const { worker, port } of this.#scouts.splice(0)) {
      port.close();
      void worker.terminate();
    }
    this.#found.clear();
  }

  #receive(port: MessagePort): void {
    for (let next = receiveMessageOnPort(port); next !== undefined; next = receiveMessageOnPort(port)) {
      const { key, json } = next.message as FoundFacts;
      this.#found.set(key, json);
    }
  }

  #sendOut(): void {
    const { conditions, tsconfig } = this.#circumstances;
    for (let index = 0; index < this.#count; index += 1) {
      // The main thread goes from the first root down to the end, so these come from the other side.
      const roots = this.#roots.filter((_root, at) => at % this.#count === index).reverse();
      this.#start({ roots, conditions, tsconfig, claims: this.#claims.shared });
    }
  }

  #start(errand: Omit<ScoutErrand, 'port'>): void {
    if (this.#program === undefined || errand.roots.length === 0) return;
    const { port1, port2 } = new MessageChannel();
    try {
      const worker = new Worker(this.#program, {
        workerData: { ...errand, port: port2 } satisfies ScoutErrand,
        transferList: [port2],
        // Nothing that the program is started with is loaded a second time.
        execArgv: [],
        env: {},
        // Of a tree nothing is left once it is looked at: a small nursery is enough.
        resourceLimits: { maxYoungGenerationSizeMb: NURSERY_MB },
      });
      worker.on('error', () => {});
      worker.unref();
      port1.unref();
      this.#scouts.push({ worker, port: port1 });
    } catch {
      port1.close();
    }
  }
}

/** As sources it needs a Node that strips types. */
function programBeside(): URL | undefined {
  const isBuilt = import.meta.url.endsWith('.js');
  if (!isBuilt && !stripsTypes()) return undefined;
  return new URL(isBuilt ? './scout-thread.js' : './scout-thread.ts', import.meta.url);
}
