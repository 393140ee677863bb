import { describeReason } from '../plan/describe-reason.ts';
import { formatAge, formatCount, formatDuration } from '../plan/format-duration.ts';
import { cutMiddle, oneLine, padTo, plainLines } from '../plan/line-text.ts';
import type { Reason } from '../plan/reason.ts';
import { FoldedSteps } from './folded-steps.ts';
import type { EventError, MemoEvent, Reporter, StepStatus } from './memo-event.ts';
import { type Color, type Paint, painter, wantsColor } from './terminal-color.ts';

/** Where and how {@link consoleReporter} writes. */
export interface ConsoleReporterOptions {
  /** Default: standard error, so that standard output stays free for what a program prints. */
  readonly stream?: { write(text: string): unknown; readonly isTTY?: boolean | undefined };
  /** Default: on a terminal, unless `NO_COLOR` or `TERM=dumb` says otherwise; `FORCE_COLOR` beats all of them. */
  readonly color?: boolean;
  /** Adds debug logs, resources, stack traces, and a line for each step however many there are. Default: `false`. */
  readonly verbose?: boolean;
}

/** Runs with more steps than this get one line an op for the steps that did not run. */
const MOST_STEPS_LISTED = 200;

/** A reporter for people: lines that are only ever appended, one for each step when it is over, and a summary. Reads no clock. */
export function consoleReporter(options: ConsoleReporterOptions = {}): Reporter {
  const stream = options.stream ?? process.stderr;
  const paint = painter(options.color ?? wantsColor({ isTTY: stream.isTTY === true, env: process.env }));
  const style = { paint, verbose: options.verbose ?? false };
  let run = new RunLines('', style, false);
  return (event) => {
    if (event.type === 'run.start')
      run = new RunLines(event.job, style, event.steps > MOST_STEPS_LISTED && !style.verbose);
    const lines = run.linesFor(event);
    if (lines.length > 0) stream.write(`${lines.join('\n')}\n`);
  };
}

interface Style {
  readonly paint: Paint;
  readonly verbose: boolean;
}

type EventOf<T extends MemoEvent['type']> = Extract<MemoEvent, { readonly type: T }>;

const ID_WIDTH = 24;
const WORD_WIDTH = 9;
const TIME_WIDTH = 11;
const MOST_FAILURES_NAMED = 10;

/** What is said of one run. */
class RunLines {
  readonly #job: string;
  readonly #style: Style;
  readonly #reasons = new Map<string, readonly Reason[]>();
  readonly #failed: string[] = [];
  readonly #folded: FoldedSteps | undefined;
  #isFirst = false;

  constructor(job: string, style: Style, folds: boolean) {
    this.#job = oneLine(job);
    this.#style = style;
    this.#folded = folds ? new FoldedSteps() : undefined;
  }

  linesFor(event: MemoEvent): readonly string[] {
    switch (event.type) {
      case 'run.start':
        return [this.#header(event)];
      case 'plan':
        return [this.#planLine(event)];
      case 'step.start':
        if (event.reasons.length > 0) this.#reasons.set(event.step, event.reasons);
        return [];
      case 'step.reuse':
        return this.#reused(event);
      case 'step.retry':
        return [
          this.#mark(
            '↻',
            'yellow',
            `${id(event.step)} retry ${event.attempt + 1} in ${formatDuration(event.delayMs)}: ${event.error.message}`,
          ),
        ];
      case 'step.end':
        return this.#ended(event);
      case 'run.end':
        return this.#summary(event);
      default:
        return this.#aside(event);
    }
  }

  /** Events that are not about the course of the run. Types that a later release may add say nothing. */
  #aside(event: MemoEvent): readonly string[] {
    switch (event.type) {
      case 'step.log':
        return this.#log(event);
      case 'warning':
        return [this.#notice(`${event.code}${event.step === undefined ? '' : ` ${id(event.step)}`}: ${event.message}`)];
      case 'output.lost':
        return [
          this.#notice(
            `${id(event.step)}.${id(event.output)} was lost, ${id(event.step)} runs again: ${event.error.message}`,
          ),
        ];
      case 'step.rebound':
        return [this.#notice(`${id(event.step)} gave another result than before (generation ${event.generation})`)];
      case 'map.expand':
        return [
          this.#mark(
            '◐',
            'cyan',
            `${id(event.step)} has ${formatCount(event.items)} items, ${formatCount(event.reuse)} reused`,
          ),
        ];
      case 'resource.setup':
      case 'resource.teardown':
        return this.#resource(event);
      default:
        return [];
    }
  }

  #header({ steps, stores, memo, run }: EventOf<'run.start'>): string {
    const { paint } = this.#style;
    const places = Object.entries(stores).map(([key, store]) => oneLine(key === 'default' ? store : `${key} ${store}`));
    const facts = [
      paint('bold', this.#job),
      `${formatCount(steps)} ${steps === 1 ? 'step' : 'steps'}`,
      ...(places.length === 0 ? [] : [`store ${places.join(', ')}`]),
      ...(memo === 'on' ? [] : [`memo ${memo}`]),
      `run ${oneLine(run)}`,
    ];
    return facts.join(' · ');
  }

  #planLine(event: EventOf<'plan'>): string {
    for (const { step, reasons } of event.steps) this.#reasons.set(step, reasons);
    const codes = new Set(event.steps.flatMap(({ reasons }) => reasons.map(({ code }) => code)));
    codes.delete('needed-if');
    this.#isFirst = event.reuse === 0 && codes.size === 1 && codes.has('first-run');
    const counts = (['run', 'reuse', 'pending', 'skip'] as const).filter((action) => event[action] > 0);
    const text = counts.map((action) => `${formatCount(event[action])} ${action}`).join(' · ');
    return `plan   ${padTo(text === '' ? 'nothing to do' : text, 40)} planned in ${formatDuration(event.planMs)}`;
  }

  #reused(event: EventOf<'step.reuse'>): readonly string[] {
    const { step, op, savedMs, producedBy, producedAt, computedAs, t } = event;
    this.#reasons.delete(step);
    if (this.#folded !== undefined) {
      this.#folded.add('reused', op, savedMs ?? 0);
      return [];
    }
    const facts = [
      ...(savedMs === undefined ? [] : [`saved ${formatDuration(savedMs)}`]),
      ...(producedBy === undefined ? [] : [`run ${oneLine(producedBy)}`]),
      ...(producedAt === undefined ? [] : [formatAge(t - producedAt)]),
      ...(computedAs === undefined ? [] : ['what it reads came out the same']),
    ];
    return [this.#stepLine('reused', step, ['', facts.join(' · ')])];
  }

  #ended(event: EventOf<'step.end'>): readonly string[] {
    const { step, op, status, attempts, durationMs, error } = event;
    const known = this.#reasons.get(step) ?? [];
    this.#reasons.delete(step);
    if (status === 'skipped' || status === 'cancelled') {
      const why = (event.reasons ?? []).map(describeReason).join('; ');
      if (status === 'skipped' && this.#folded !== undefined) this.#folded.add('skipped', op, 0);
      else return [this.#stepLine(status, step, ['', why])];
      return [];
    }
    if (status === 'ran')
      return [this.#stepLine(status, step, [formatDuration(durationMs), known.map(describeReason).join('; ')])];
    this.#failed.push(step);
    const tries = attempts > 1 ? `after ${attempts} attempts` : '';
    return [this.#stepLine(status, step, [formatDuration(durationMs), tries]), ...this.#errorLines(error)];
  }

  #stepLine(word: StepWord, step: string, [time, text]: readonly [time: string, text: string]): string {
    const { paint } = this.#style;
    const { glyph, color } = STEP_WORDS[word];
    const gap = ' '.repeat(WORD_WIDTH - word.length);
    const cells = `${padTo(id(step), ID_WIDTH)} ${paint(color, word)}${gap} ${padTo(time, TIME_WIDTH)}`;
    return `  ${paint(color, glyph)} ${cells} ${word === 'ran' || word === 'failed' ? text : paint('dim', text)}`.trimEnd();
  }

  #errorLines(error: EventError | undefined): readonly string[] {
    if (error === undefined) return [];
    const message = error.code === undefined ? `${error.name}: ${error.message}` : error.message;
    const stack = this.#style.verbose && error.stack !== undefined ? plainLines(error.stack).split('\n') : [];
    return [
      ...plainLines(message)
        .split('\n')
        .map((line) => `      ${line}`.trimEnd()),
      ...stack.map((line) => this.#style.paint('dim', `      ${line}`)),
    ];
  }

  #log({ level, step, resource, message, data }: EventOf<'step.log'>): readonly string[] {
    const { paint, verbose } = this.#style;
    if (level === 'debug' && !verbose) return [];
    const from = paint('dim', `[${id(step ?? (resource === undefined ? this.#job : `resource ${resource}`))}]`);
    const color: Color | undefined = level === 'error' ? 'red' : level === 'warn' ? 'yellow' : undefined;
    const text = data === undefined ? message : `${message} ${JSON.stringify(data)}`;
    return plainLines(text)
      .split('\n')
      .map((line) => `${from} ${color === undefined ? line : paint(color, line)}`.trimEnd());
  }

  #resource({ type, resource, durationMs, error }: EventOf<'resource.setup' | 'resource.teardown'>): readonly string[] {
    const what = `resource ${id(resource)} ${type === 'resource.setup' ? 'set up' : 'torn down'}`;
    if (error !== undefined) return [this.#mark('✗', 'red', `${what}: failed`), ...this.#errorLines(error)];
    return this.#style.verbose ? [this.#mark('·', 'dim', `${what} in ${formatDuration(durationMs)}`)] : [];
  }

  #notice(text: string): string {
    return this.#mark('!', 'yellow', text);
  }

  #mark(glyph: string, color: Color, text: string): string {
    return `  ${this.#style.paint(color, glyph)} ${oneLine(text)}`;
  }

  #summary(event: EventOf<'run.end'>): readonly string[] {
    const { paint } = this.#style;
    const { status, ran, reused, skipped, failed, durationMs, savedMs, error } = event;
    const folded = this.#folded?.lines() ?? [];
    const full = status === 'success' && ran === 0 && failed === 0 && reused > 0;
    const counts = [`${formatCount(ran)} ran`, `${formatCount(reused)} reused`, `${formatCount(failed)} failed`];
    if (skipped > 0) counts.push(`${formatCount(skipped)} skipped`);
    const parts = [
      `${paint('bold', this.#job)}  ${paint(RUN_COLORS[status], RUN_WORDS[status])} ${formatDuration(durationMs)}`,
      counts.join(' · '),
      ...(full ? [paint('green', 'FULL MEMO')] : []),
      ...(savedMs >= 1 ? [`saved ~${formatDuration(savedMs)}`] : []),
    ];
    const hint = this.#isFirst && status === 'success' ? ['first run: nothing to reuse yet; run it again to see'] : [];
    const alone = error !== undefined && this.#failed.length === 0 ? this.#errorLines(error) : [];
    return [
      ...folded.map(({ word, op, text }) => this.#stepLine(word, op, ['', text])),
      ...alone,
      parts.join('   '),
      ...this.#failures(),
      ...hint,
    ];
  }

  #failures(): readonly string[] {
    if (this.#failed.length === 0) return [];
    const rest = this.#failed.length - MOST_FAILURES_NAMED;
    const names = this.#failed.slice(0, MOST_FAILURES_NAMED).map(id).join(', ');
    return [`  ${this.#style.paint('red', 'failed')}: ${names}${rest > 0 ? ` … ${formatCount(rest)} more` : ''}`];
  }
}

type StepWord = StepStatus | 'reused';

const STEP_WORDS: Readonly<Record<StepWord, { readonly glyph: string; readonly color: Color }>> = {
  ran: { glyph: '✓', color: 'green' },
  reused: { glyph: '●', color: 'cyan' },
  skipped: { glyph: '○', color: 'dim' },
  failed: { glyph: '✗', color: 'red' },
  cancelled: { glyph: '◌', color: 'yellow' },
};

const RUN_WORDS = { success: 'ok in', failure: 'failed in', cancelled: 'cancelled after' } as const;
const RUN_COLORS = { success: 'green', failure: 'red', cancelled: 'yellow' } as const;

function id(text: string): string {
  return cutMiddle(oneLine(text), ID_WIDTH * 2);
}
