import type { EventBody, MemoEvent } from '@memo/core/inspect';
import type { Output, Surroundings } from '../../src/index.ts';
import { Terminal } from '../../src/terminal/terminal.ts';
import { Screen } from './screen.ts';

/** A terminal that keeps what it shows, a clock that a test moves, and keys that it presses. */
export class Stage {
  readonly around: Surroundings;
  readonly terminal: Terminal;
  screen: Screen;
  /** Everything that was written. */
  written = '';
  columns: number;
  rows: number;
  #elapsed = 0;
  #sequence = 0;
  readonly #timers = new Set<{ readonly ms: number; readonly act: () => void; next: number }>();
  readonly #resized = new Set<() => void>();
  readonly #keys = new Set<(key: string) => void>();

  constructor({
    columns = 80,
    rows = 24,
    env = {},
  }: { columns?: number; rows?: number; env?: Record<string, string> } = {}) {
    this.columns = columns;
    this.rows = rows;
    this.screen = new Screen(columns);
    const write = (text: string | Uint8Array): void => {
      this.written += String(text);
      this.screen.write(String(text));
    };
    const size = { columns: { get: () => this.columns }, rows: { get: () => this.rows } };
    const output = Object.defineProperties({ write, isTTY: true }, size) as Output;
    this.terminal = new Terminal(output, { color: false, ascii: false });
    this.around = {
      env,
      elapsed: () => this.#elapsed,
      every: (ms: number, act: () => void) => {
        const timer = { ms, act, next: this.#elapsed + ms };
        this.#timers.add(timer);
        return () => this.#timers.delete(timer);
      },
      onResize: (act: () => void) => {
        this.#resized.add(act);
        return () => this.#resized.delete(act);
      },
      onKey: (act: (key: string) => void) => {
        this.#keys.add(act);
        return () => this.#keys.delete(act);
      },
      onOutput: () => () => undefined,
      cwd: '/project',
    } as unknown as Surroundings;
  }

  /** An event at this moment. */
  event(body: EventBody): MemoEvent {
    return { v: 1, seq: ++this.#sequence, t: this.#elapsed, ...body } as MemoEvent;
  }

  /** Lets time pass, timers included. */
  pass(ms: number): void {
    const end = this.#elapsed + ms;
    for (;;) {
      const next = [...this.#timers].sort((a, b) => a.next - b.next)[0];
      if (next === undefined || next.next > end) break;
      this.#elapsed = next.next;
      next.next += next.ms;
      next.act();
    }
    this.#elapsed = end;
  }

  resize(columns: number, rows = this.rows): void {
    this.columns = columns;
    this.rows = rows;
    for (const act of this.#resized) act();
  }

  press(key: string): void {
    for (const act of this.#keys) act(key);
  }

  /** How many listen to something: nothing may be left when a showing ends. */
  get listeners(): number {
    return this.#timers.size + this.#resized.size + this.#keys.size;
  }
}
