import { describeReason, type EventError, type MemoEvent, type Reason } from '@memo/core/inspect';

/** What became of the steps of one op so far. */
export interface OpCounts {
  readonly op: string;
  total: number;
  ran: number;
  reused: number;
  skipped: number;
  failed: number;
  running: number;
}

/** A step that runs. */
export interface RunningStep {
  readonly step: string;
  readonly op: string;
  /** When its first attempt began, by the events' clock. */
  readonly since: number;
  attempt: number;
  done: number | undefined;
  total: number | undefined;
  /** Set while it waits for its next attempt. */
  retry: { readonly at: number; readonly message: string } | undefined;
}

/** A step that is over. */
export interface EndedStep {
  readonly step: string;
  readonly op: string;
  readonly status: 'ran' | 'reused' | 'skipped' | 'failed' | 'cancelled';
  readonly durationMs: number;
  readonly savedMs: number | undefined;
  readonly producedBy: string | undefined;
  readonly producedAt: number | undefined;
  /** When it ended. */
  readonly at: number;
  readonly attempts: number;
  readonly because: string;
  readonly error: EventError | undefined;
  /** The last lines that it logged, of one that failed. */
  readonly log: readonly string[];
}

type EventOf<T extends MemoEvent['type']> = Extract<MemoEvent, { readonly type: T }>;

/** Runs of at most that many steps are shown step by step. */
export const FEW_STEPS = 12;
const LOG_LINES = 20;
const MOST_FAILURES = 100;

/**
 * What a terminal shows of a run. An event costs the same however many steps there are, and so does a look: ended steps are
 * counted, and kept one by one only where they are few.
 */
export class RunState {
  start: EventOf<'run.start'> | undefined;
  plan: EventOf<'plan'> | undefined;
  end: EventOf<'run.end'> | undefined;
  readonly ops: Map<string, OpCounts> = new Map();
  /** Ops of which something has begun and not everything is over, and how many are over. */
  readonly activeOps: Map<string, OpCounts> = new Map();
  readonly running: Map<string, RunningStep> = new Map();
  /** In the order in which they ended; only for runs of few steps. */
  readonly ended: Map<string, EndedStep> = new Map();
  readonly failures: EndedStep[] = [];
  /** The last lines that steps logged, with their names. */
  readonly logLines: string[] = [];
  /** Recorded time of re-used steps so far, milliseconds. */
  savedMs = 0;
  /** Steps that are over. */
  over = 0;
  readonly #overOps = new Set<string>();
  readonly #reasons = new Map<string, readonly Reason[]>();
  readonly #logs = new Map<string, string[]>();
  #estimated = 0;
  #remainingMs = 0;
  readonly #estimates = new Map<string, number>();

  /** Takes an event in; gives the step that it ended, if it did. */
  apply(event: MemoEvent): EndedStep | undefined {
    switch (event.type) {
      case 'run.start':
        this.start = event;
        return undefined;
      case 'plan':
        this.#planned(event);
        return undefined;
      case 'step.start':
        this.#started(event);
        return undefined;
      case 'step.progress': {
        const step = this.running.get(event.step);
        if (step !== undefined) [step.done, step.total] = [event.done, event.total];
        return undefined;
      }
      case 'step.retry': {
        const step = this.running.get(event.step);
        if (step !== undefined) step.retry = { at: event.t + event.delayMs, message: event.error.message };
        return undefined;
      }
      case 'step.log':
        if (event.step !== undefined) this.#logged(event.step, event.message);
        return undefined;
      case 'step.reuse':
        return this.#reused(event);
      case 'step.end':
        return this.#over(event);
      case 'run.end':
        this.end = event;
        return undefined;
      default:
        return undefined;
    }
  }

  /** Ops all of whose steps are over. */
  get opsOver(): number {
    return this.#overOps.size;
  }

  get few(): boolean {
    return (this.start?.steps ?? 0) <= FEW_STEPS;
  }

  /** Recorded time of what is left, milliseconds; `undefined` where less than 60 % of it has a record. */
  get remainingMs(): number | undefined {
    const left = (this.start?.steps ?? 0) - this.over;
    return left > 0 && this.#estimated >= 0.6 * left ? this.#remainingMs : undefined;
  }

  /** True when nothing of the job was ever stored. */
  get isFirst(): boolean {
    if (this.plan === undefined || this.plan.reuse > 0) return false;
    const codes = this.plan.steps.flatMap(({ reasons }) => reasons.map(({ code }) => code));
    return codes.length > 0 && codes.every((code) => code === 'first-run' || code === 'needed-if');
  }

  #planned(event: EventOf<'plan'>): void {
    this.plan = event;
    for (const { op, steps } of event.ops ?? []) this.#counts(op).total = steps;
    for (const { step, reasons, estimateMs } of event.steps) {
      this.#reasons.set(step, reasons);
      if (estimateMs === undefined) continue;
      this.#estimates.set(step, estimateMs);
      this.#estimated++;
      this.#remainingMs += estimateMs;
    }
  }

  #started({ step, op, t, attempt, reasons }: EventOf<'step.start'>): void {
    if (reasons.length > 0) this.#reasons.set(step, reasons);
    const running = this.running.get(step);
    if (running !== undefined) {
      running.attempt = attempt;
      running.retry = undefined;
      return;
    }
    const counts = this.#counts(op);
    counts.running++;
    this.#follow(counts);
    this.running.set(step, { step, op, since: t, attempt, done: undefined, total: undefined, retry: undefined });
  }

  /** Keeps apart what has begun and what is over, so that a look need not go through all ops. */
  #follow(counts: OpCounts): void {
    const { op, total, ran, reused, skipped, failed } = counts;
    if (ran + reused + skipped + failed >= total) {
      this.activeOps.delete(op);
      this.#overOps.add(op);
    } else this.activeOps.set(op, counts);
  }

  #logged(step: string, message: string): void {
    this.logLines.push(`[${step}] ${message}`);
    if (this.logLines.length > LOG_LINES) this.logLines.shift();
    const lines = this.#logs.get(step) ?? [];
    lines.push(message);
    if (lines.length > LOG_LINES) lines.shift();
    this.#logs.set(step, lines);
  }

  #reused(event: EventOf<'step.reuse'>): EndedStep {
    const { step, op, t, savedMs, producedBy, producedAt } = event;
    this.#counts(op).reused++;
    this.savedMs += savedMs ?? 0;
    return this.#finish({
      step,
      op,
      status: 'reused',
      durationMs: 0,
      savedMs,
      producedBy,
      producedAt,
      at: t,
      attempts: 0,
      because: '',
      error: undefined,
      log: [],
    });
  }

  #over(event: EventOf<'step.end'>): EndedStep {
    const { step, op, status, durationMs, attempts, error, t } = event;
    const counts = this.#counts(op);
    if (this.running.delete(step)) counts.running--;
    if (status === 'ran') counts.ran++;
    else if (status === 'failed') counts.failed++;
    else counts.skipped++;
    const reasons = event.reasons ?? this.#reasons.get(step) ?? [];
    const ended: EndedStep = {
      step,
      op,
      status,
      durationMs,
      savedMs: undefined,
      producedBy: undefined,
      producedAt: undefined,
      at: t,
      attempts,
      because: reasons.map(describeReason).join('; '),
      error,
      log: status === 'failed' ? (this.#logs.get(step) ?? []) : [],
    };
    if (status === 'failed' && this.failures.length < MOST_FAILURES) this.failures.push(ended);
    return this.#finish(ended);
  }

  #finish(ended: EndedStep): EndedStep {
    const { step } = ended;
    this.over++;
    this.#follow(this.#counts(ended.op));
    this.#reasons.delete(step);
    this.#logs.delete(step);
    const estimate = this.#estimates.get(step);
    if (estimate !== undefined && this.#estimates.delete(step)) {
      this.#estimated--;
      this.#remainingMs -= estimate;
    }
    if (this.few) this.ended.set(step, ended);
    return ended;
  }

  /** What is said of a step that waits. */
  waitingFor(step: string): string {
    return (this.#reasons.get(step) ?? []).map(describeReason).join('; ');
  }

  #counts(op: string): OpCounts {
    const known = this.ops.get(op);
    if (known !== undefined) return known;
    const counts: OpCounts = { op, total: 0, ran: 0, reused: 0, skipped: 0, failed: 0, running: 0 };
    this.ops.set(op, counts);
    return counts;
  }
}
