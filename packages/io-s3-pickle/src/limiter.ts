import { onAbort } from './abort-listeners.ts';

/** Lets so many pieces of work run at once; the others wait in the order in which they came. */
export class Limiter {
  readonly #waiting: (() => void)[] = [];
  #free: number;

  constructor(most: number) {
    this.#free = most;
  }

  async run<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    signal.throwIfAborted();
    if (this.#free > 0) this.#free--;
    else await this.#turn(signal);
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#free++;
      else next();
    }
  }

  #turn(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const go = () => {
        stopListening();
        resolve();
      };
      const stopListening = onAbort(signal, () => {
        stopListening();
        this.#waiting.splice(this.#waiting.indexOf(go), 1);
        reject(signal.reason);
      });
      this.#waiting.push(go);
    });
  }
}
