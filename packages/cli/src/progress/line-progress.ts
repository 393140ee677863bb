import { formatCount, formatTime, type MemoEvent, oneLine, plainLines } from '@memo/core/inspect';
import type { Surroundings } from '../surroundings.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { headLines, opLine } from './frame.ts';
import { annotation } from './github.ts';
import { logLines } from './log-lines.ts';
import type { Progress } from './progress.ts';
import { type EndedStep, RunState } from './run-state.ts';
import { endedLine, failureLines } from './step-line.ts';

const HEARTBEAT_MS = 15_000;
/** In runs with more steps, only those that ran or failed get a line of their own. */
const MANY_STEPS = 200;
const MOST_RUNNING_NAMED = 3;

/** A run where lines are only appended: logs of CI, files, pipes. No cursor is moved, and nothing is drawn twice. */
export class LineProgress implements Progress {
  readonly state: RunState = new RunState();
  readonly #around: Surroundings;
  readonly #terminal: Terminal;
  readonly #verbose: boolean;
  readonly #github: boolean;
  readonly #stops: (() => void)[];
  #closed = false;
  #saidAt: number;
  #inGroup = false;

  constructor(around: Surroundings, terminal: Terminal, verbose: boolean) {
    this.#around = around;
    this.#terminal = terminal;
    this.#verbose = verbose;
    this.#github = around.env.GITHUB_ACTIONS === 'true';
    this.#saidAt = around.elapsed();
    this.#stops = [
      around.every(1_000, () => this.#heartbeat()),
      around.onOutput((text) => this.#say(...plainLines(text.replace(/\n$/, '')).split('\n'))),
    ];
  }

  report(event: MemoEvent): void {
    const ended = this.state.apply(event);
    const { paint } = this.#terminal;
    if (event.type === 'plan') this.#begin();
    else if (event.type === 'step.log' || event.type === 'warning' || event.type === 'output.lost')
      this.#say(...logLines(event, paint, this.#verbose));
    else if (event.type === 'step.retry')
      this.#say(
        `  ${paint('yellow', '↻')} ${oneLine(event.step)} attempt ${event.attempt} failed: ${oneLine(event.error.message)}`,
      );
    else if (ended !== undefined) this.#ended(ended, event.t);
  }

  note(text: string): void {
    this.#say(text);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const stop of this.#stops) stop();
    if ((this.state.start?.steps ?? 0) > MANY_STEPS && this.state.end !== undefined)
      for (const op of this.state.ops.values()) this.#say(opLine(op, this.#style()).trimEnd());
    if (this.#inGroup) this.#terminal.printToCopy(['::endgroup::']);
    // Said when it happened, and again where somebody looks first: at the end.
    const failures = this.#github || this.state.over > MANY_STEPS ? this.state.failures : [];
    for (const failed of failures) this.#failure(failed);
  }

  #begin(): void {
    const [head = '', ...rest] = headLines(this.state, this.#style());
    if (this.#github) {
      this.#inGroup = true;
      this.#terminal.printToCopy([`::group::${head}`]);
    } else this.#say(head);
    this.#say(...rest);
  }

  #ended(ended: EndedStep, t: number): void {
    const many = (this.state.start?.steps ?? 0) > MANY_STEPS;
    if (ended.status === 'failed') {
      this.#failure(ended);
      if (this.#github) this.#terminal.printToCopy([annotation(ended, this.#around.cwd)]);
    } else if (!many || ended.status === 'ran') {
      const time = this.#verbose ? `${this.#terminal.paint('dim', formatTime(t))} ` : '';
      this.#say(time + endedLine(ended, { ...this.#style(), whole: true }));
    }
  }

  #failure(failed: EndedStep): void {
    this.#say(endedLine(failed, { ...this.#style(), whole: true }), failureLines(failed, this.#style(), this.#verbose));
  }

  /** Says that it goes on: systems that run builds end those that are silent. */
  #heartbeat(): void {
    if (this.state.start === undefined || this.#around.elapsed() - this.#saidAt < HEARTBEAT_MS) return;
    const { over, start, running } = this.state;
    const names = [...running.keys()].slice(0, MOST_RUNNING_NAMED).map(oneLine).join(', ');
    const more = running.size > MOST_RUNNING_NAMED ? ` and ${formatCount(running.size - MOST_RUNNING_NAMED)} more` : '';
    const what = running.size === 0 ? '' : ` · running ${names}${more}`;
    this.#say(`  … ${formatCount(over)}/${formatCount(start.steps)} steps${what}`);
  }

  #say(...lines: readonly (string | readonly string[])[]): void {
    if (lines.length === 0) return;
    this.#saidAt = this.#around.elapsed();
    this.#terminal.print(...lines);
  }

  #style(): { readonly paint: Terminal['paint']; readonly columns: number } {
    return { paint: this.#terminal.paint, columns: Math.min(this.#terminal.columns, 160) };
  }
}
