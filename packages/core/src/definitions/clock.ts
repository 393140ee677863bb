import { setTimeout as timeout } from 'node:timers/promises';
import { MemoError } from '../errors/memo-error.ts';

/** The only way in which core reads time, waits, and draws random numbers, so that tests can decide all three. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Milliseconds since some fixed moment; never goes back. */
  elapsed(): number;
  /**
   * Resolves after some milliseconds; rejects with the signal's reason when that is aborted first.
   *
   * @param purpose `timeout`: something runs meanwhile, and is given up when the time is over. `linger`: it was given up
   *   already, and may end until then. `answer`: as `timeout`, for what planning asks.
   */
  sleep(milliseconds: number, signal: AbortSignal, purpose?: 'timeout' | 'linger' | 'answer'): Promise<void>;
  /** A number in [0, 1). */
  random(): number;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  elapsed: () => performance.now(),
  sleep: async (milliseconds, signal) => {
    try {
      await timeout(milliseconds, undefined, { signal });
    } catch (error) {
      throw signal.aborted ? signal.reason : error;
    }
  },
  random: () => Math.random(),
};

/** What an answer limit needs. */
export interface AnswerLimitOptions {
  readonly clock: Clock;
  /** `Infinity` for none. */
  readonly timeoutMs: number;
}

/** How long what is asked for answers while a job is planned may take: a strategy or schema that hangs must not hang the plan. */
export class AnswerLimit {
  readonly #clock: Clock;
  readonly #timeoutMs: number;

  constructor({ clock, timeoutMs }: AnswerLimitOptions) {
    this.#clock = clock;
    this.#timeoutMs = timeoutMs;
  }

  /**
   * What is answered; what comes after the time is over is dropped.
   *
   * @param asked names who is asked, for example `version strategy "git@1"`.
   * @throws MemoError M4012 where there is no answer in time.
   */
  async of<T>(answer: Promise<T>, asked: string): Promise<T> {
    if (this.#timeoutMs > LONGEST_SLEEP_MS) return answer;
    const answered = new AbortController();
    const silence = new Promise<never>((_resolve, reject) => {
      const over = (): void => reject(noAnswer(asked, this.#timeoutMs));
      this.#clock.sleep(this.#timeoutMs, answered.signal, 'answer').then(over, () => undefined);
    });
    try {
      return await Promise.race([answer, silence]);
    } finally {
      answered.abort(ANSWERED);
    }
  }
}

/** Why a watch ends that nobody waits for: without a reason each one would make an error that says where it was. */
const ANSWERED = 'answered';

/** What Node's timers can hold; whoever asks for more waits as long as it takes. */
const LONGEST_SLEEP_MS = 2 ** 31 - 1;

function noAnswer(asked: string, answerTimeoutMs: number): MemoError {
  return new MemoError('M4012', `${capitalized(asked)} gave no answer within ${answerTimeoutMs} ms.`, {
    because: 'Planning cannot go on without it, and a guess could re-use what is stale.',
    fix: 'Mend what hangs (give its client a timeout); where it only takes longer, raise `answerTimeoutMs` of the plan or run.',
    details: { asked, answerTimeoutMs },
  });
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
