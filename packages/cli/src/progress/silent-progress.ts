import type { MemoEvent } from '@memo/core/inspect';
import type { Surroundings } from '../surroundings.ts';
import type { Terminal } from '../terminal/terminal.ts';
import type { Progress } from './progress.ts';
import { RunState } from './run-state.ts';
import { endedLine, failureLines } from './step-line.ts';

/** Keeps count of a run without showing it; `quiet` still tells what failed. */
export class SilentProgress implements Progress {
  readonly state: RunState = new RunState();
  readonly #terminal: Terminal | undefined;
  readonly #stop: () => void;

  /** @param terminal where failures go; `undefined` for nowhere */
  constructor(around: Surroundings, terminal: Terminal | undefined) {
    this.#terminal = terminal;
    // What ops print must not end up in the answer.
    this.#stop = around.onOutput((text) => terminal?.write(text));
  }

  report(event: MemoEvent): void {
    const ended = this.state.apply(event);
    const terminal = this.#terminal;
    if (terminal === undefined || ended?.status !== 'failed') return;
    const style = { paint: terminal.paint, columns: terminal.columns };
    terminal.print(endedLine(ended, { ...style, whole: true }), failureLines(ended, style, false));
  }

  note(text: string): void {
    this.#terminal?.print(text);
  }

  close(): void {
    this.#stop();
  }
}
