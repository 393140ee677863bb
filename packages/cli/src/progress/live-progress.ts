import type { MemoEvent } from '@memo/core/inspect';
import { oneLine, plainLines } from '@memo/core/inspect';
import type { Surroundings } from '../surroundings.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { wrapText } from '../terminal/wrap-text.ts';
import { frameLines, opLine, type View } from './frame.ts';
import { LiveArea } from './live-area.ts';
import { logLines } from './log-lines.ts';
import type { Progress } from './progress.ts';
import { FEW_STEPS, RunState } from './run-state.ts';
import { endedLine, failureLines } from './step-line.ts';

const FRAME_MS = 100;
/** Without events only the clock moves. */
const CLOCK_MS = 500;

const VIEWS: Readonly<Record<string, View>> = { l: 'logs', w: 'why', f: 'failed' };

/** A run on a terminal: an area that is drawn anew as things happen, at most ten times a second. */
export class LiveProgress implements Progress {
  readonly state: RunState = new RunState();
  readonly #around: Surroundings;
  readonly #terminal: Terminal;
  readonly #verbose: boolean;
  readonly #area: LiveArea;
  readonly #stops: (() => void)[];
  #closed = false;
  #drawnAt = Number.NEGATIVE_INFINITY;
  #changed = false;
  #view: View = 'steps';
  #quit: () => void = () => undefined;
  readonly #takesKeys: boolean;
  /** What the events' clock said, and ours at that moment. */
  #clock: readonly [event: number, own: number] = [0, 0];

  constructor(around: Surroundings, terminal: Terminal, verbose: boolean) {
    this.#around = around;
    this.#terminal = terminal;
    this.#verbose = verbose;
    this.#area = new LiveArea((text) => terminal.write(text));
    const stopKeys = around.onKey((key) => this.#pressed(key));
    this.#takesKeys = stopKeys !== undefined;
    this.#stops = [
      stopKeys ?? (() => undefined),
      around.every(FRAME_MS, () => this.#tick()),
      around.onResize(() => this.#redraw()),
      around.onOutput((text) => this.#printed(text)),
    ];
  }

  report(event: MemoEvent): void {
    this.#clock = [event.t, this.#around.elapsed()];
    const ended = this.state.apply(event);
    this.#changed = true;
    if (event.type === 'step.log' || event.type === 'warning' || event.type === 'output.lost') {
      const lines = logLines(event, this.#terminal.paint, this.#verbose);
      if (lines.length > 0) this.#area.above(`${lines.join('\n')}\n`);
    }
    if (ended?.status === 'failed') this.#drawNow();
  }

  /** Says what `q` does. */
  onQuit(act: () => void): void {
    this.#quit = act;
  }

  note(text: string): void {
    this.#area.above(`${wrapText(text, this.#terminal.columns - 1).join('\n')}\n`);
  }

  /** Replaces the area by what stays on the screen. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const stop of this.#stops) stop();
    this.#area.erase();
    if (this.state.start === undefined) return;
    const style = { paint: this.#terminal.paint, columns: this.#terminal.columns };
    const order = [...this.state.ops.keys()];
    const steps = [...this.state.ended.values()].sort((a, b) => order.indexOf(a.op) - order.indexOf(b.op));
    const frame = frameLines(this.state, { ...style, rows: 4, now: 0 }).slice(0, 2);
    this.#terminal.print(frame);
    if (this.state.start.steps <= FEW_STEPS) {
      for (const step of steps)
        this.#terminal.print(endedLine(step, { ...style, whole: true }), failureLines(step, style, this.#verbose));
      return;
    }
    for (const op of this.state.ops.values()) this.#terminal.print(opLine(op, style).trimEnd());
    for (const failed of this.state.failures)
      this.#terminal.print(endedLine(failed, { ...style, whole: true }), failureLines(failed, style, this.#verbose));
  }

  #printed(text: string): void {
    const running = [...this.state.running.keys()];
    const from = running.length === 1 ? `[${oneLine(running[0] as string)}] ` : '';
    const lines = plainLines(text.replace(/\n$/, '')).split('\n');
    this.#area.above(`${lines.map((line) => this.#terminal.paint('dim', from) + line).join('\n')}\n`);
  }

  /** A letter shows its view, and once more the steps again. */
  #pressed(key: string): void {
    const view = VIEWS[key];
    if (key === 'q') this.#quit();
    else if (view !== undefined) {
      this.#view = this.#view === view ? 'steps' : view;
      this.#drawNow();
    }
  }

  #tick(): void {
    const idle = this.#around.elapsed() - this.#drawnAt;
    if (this.#changed || idle >= CLOCK_MS) this.#drawNow();
  }

  #redraw(): void {
    this.#area.erase(this.#terminal.columns);
    this.#drawNow();
  }

  #drawNow(): void {
    const own = this.#around.elapsed();
    this.#drawnAt = own;
    this.#changed = false;
    const { paint, columns, rows } = this.#terminal;
    const now = this.#clock[0] + (own - this.#clock[1]);
    // The last column is left free: some terminals wrap when it is written.
    const style = { paint, columns: columns - 1, rows, now, view: this.#view, keys: this.#takesKeys };
    this.#area.draw(frameLines(this.state, style));
  }
}
