import type { MemoEvent, Reporter } from '@memo/core';
import { duration, size } from './amounts.ts';
import { because } from './because.ts';
import type { Paint } from './paint.ts';

type EventOf<T extends MemoEvent['type']> = Extract<MemoEvent, { type: T }>;

const ERASE_LINE = '\r\u001b[2K';
const NAME_WIDTH = 17;
const TIME_WIDTH = 8;
const DETAIL_COLUMN = 2 + 8 + 1 + NAME_WIDTH + 1 + TIME_WIDTH + 2;

type Word = 'run' | 'reuse' | 'skip' | 'failed';

const STYLES: Readonly<Record<Word, { glyph: string; colour: 'green' | 'blue' | 'dim' | 'red' }>> = {
  run: { glyph: '✓', colour: 'green' },
  reuse: { glyph: '●', colour: 'blue' },
  skip: { glyph: '○', colour: 'dim' },
  failed: { glyph: '✗', colour: 'red' },
};

/** Tells what a run does, a line a step; on a terminal the last line shows what is running. */
export class Progress {
  readonly #show: (text: string) => void;
  readonly #paint: Paint;
  readonly #running = new Set<string>();
  readonly #reasons = new Map<string, string>();
  readonly #stored = new Map<string, number>();
  /** Lines that the event at hand adds. */
  #added = '';
  /** What the last line of the terminal shows. */
  #live = '';

  constructor(write: (text: string) => void, paint: Paint) {
    this.#show = write;
    this.#paint = paint;
  }

  readonly report: Reporter = (event) => {
    this.#tell(event);
    const live = this.#liveLine();
    if (this.#added === '' && live === this.#live) return;
    this.#show(`${this.#live === '' ? '' : ERASE_LINE}${this.#added}${this.#paint.dim(live)}`);
    this.#added = '';
    this.#live = live;
  };

  #write(text: string): void {
    this.#added += text;
  }

  #tell(event: MemoEvent): void {
    switch (event.type) {
      case 'run.start':
        this.#title(event);
        break;
      case 'plan':
        this.#plan(event);
        break;
      case 'step.start':
        this.#running.add(event.step);
        if (event.reasons.length > 0) this.#reasons.set(event.step, because(event.reasons));
        break;
      case 'output.stored':
        this.#stored.set(event.step, (this.#stored.get(event.step) ?? 0) + (event.bytes ?? 0));
        break;
      case 'step.reuse':
        this.#line('reuse', event.step, { ms: event.savedMs, detail: 'saved' });
        break;
      case 'step.end':
        this.#ended(event);
        break;
      case 'warning':
        this.#write(`${this.#paint.yellow(`  ! ${event.message}`)}\n`);
        break;
      default:
    }
  }

  #title({ job, steps }: EventOf<'run.start'>): void {
    this.#write(`${this.#paint.bold(job)}  ${steps} steps\n`);
  }

  #plan({ run, reuse, skip, pending, planMs, steps }: EventOf<'plan'>): void {
    const { dim } = this.#paint;
    const parts = [
      [run, 'run'] as const,
      [reuse, 'reuse'] as const,
      [pending, 'pending'] as const,
      [skip, 'skip'] as const,
    ];
    const words = parts.filter(([count]) => count > 0).map(([count, word]) => `${count} ${word}`);
    this.#write(`${dim('plan')}     ${words.join(' · ')}  ${dim(`in ${duration(planMs)}`)}\n\n`);
    for (const { step, reasons } of steps) this.#reasons.set(step, because(reasons));
  }

  #ended({ step, status, durationMs: ms, error }: EventOf<'step.end'>): void {
    this.#running.delete(step);
    const reason = this.#reasons.get(step) ?? '';
    const detail = [reason, this.#wrote(step)].filter((part) => part !== '').join(', ');
    if (status === 'ran') this.#line('run', step, { ms, detail });
    else if (status === 'failed') this.#line('failed', step, { ms, detail: firstLine(error?.message ?? '') });
    else this.#line('skip', step, { ms: undefined, detail: reason });
  }

  #wrote(step: string): string {
    const bytes = this.#stored.get(step) ?? 0;
    return bytes === 0 ? '' : `wrote ${size(bytes)}`;
  }

  #line(word: Word, step: string, { ms, detail }: { ms: number | undefined; detail: string }): void {
    const { glyph, colour } = STYLES[word];
    const time = ms === undefined ? '' : duration(ms);
    const start = `  ${this.#paint[colour](`${glyph} ${word.padEnd(6)}`)} ${step.padEnd(NAME_WIDTH)} ${time.padStart(TIME_WIDTH)}`;
    this.#write(`${start}  ${this.#paint.dim(this.#fit(detail))}`.trimEnd().concat('\n'));
  }

  /** On a terminal a step stays on one line. */
  #fit(detail: string): string {
    const room = this.#paint.columns - DETAIL_COLUMN - 1;
    return this.#paint.live && detail.length > room ? `${detail.slice(0, Math.max(0, room - 1))}…` : detail;
  }

  #liveLine(): string {
    if (!this.#paint.live || this.#running.size === 0) return '';
    return `  ◐ running ${[...this.#running].join(', ')}`.slice(0, this.#paint.columns - 1);
  }
}

/** The rest of an error's message is told at the end of the run. */
function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? '';
}
