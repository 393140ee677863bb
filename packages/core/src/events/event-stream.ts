import { MemoError, messageOf } from '../errors/memo-error.ts';
import type { EventBody, EventError, MemoEvent, Reporter } from './memo-event.ts';
import type { Redact } from './redaction.ts';
import { withoutTexts } from './without-texts.ts';

/** Numbers, stamps and redacts the events of one run, and hands them to its reporters. Nothing comes after `run.end`. */
export class EventStream {
  readonly #reporters: readonly Reporter[];
  readonly #redact: Redact;
  readonly #now: () => number;
  readonly #warned = new Set<string>();
  #seq = 0;
  #ended = false;

  constructor(reporters: readonly Reporter[], redact: Redact, now: () => number) {
    this.#reporters = reporters;
    this.#redact = redact;
    this.#now = now;
  }

  /** True when somebody listens; events that are costly to make are made only then. */
  get observed(): boolean {
    return this.#reporters.length > 0 && !this.#ended;
  }

  emit(body: EventBody): void {
    // An op that goes on after its timeout may still have something to say.
    if (!this.observed) return;
    if (body.type === 'run.end') this.#ended = true;
    const event = this.#redact({ v: 1, seq: ++this.#seq, t: this.#now(), ...withoutTexts(body) }) as MemoEvent;
    for (const report of this.#reporters) {
      try {
        report(event);
      } catch {
        // A reporter is an observer: what it throws must not change what it observes.
      }
    }
  }

  /** A warning, once a run for each code and message. */
  warn(code: string, message: string, step?: string): void {
    const key = `${code}\0${message}\0${step ?? ''}`;
    if (this.#warned.has(key)) return;
    this.#warned.add(key);
    this.emit({ type: 'warning', code, message, ...(step === undefined ? {} : { step }) });
  }
}

/** An error as events carry it. Where memo says what somebody else's code threw, the stack leads to that code. */
export function eventError(thrown: unknown): EventError {
  const { stack: trace } =
    thrown instanceof Error && thrown.cause instanceof Error ? thrown.cause : ((thrown ?? {}) as Partial<Error>);
  const stack = typeof trace === 'string' ? { stack: trace } : {};
  const code = MemoError.is(thrown) ? { code: thrown.code } : {};
  return { name: thrown instanceof Error ? thrown.name : typeof thrown, message: messageOf(thrown), ...code, ...stack };
}
