import type { MemoError } from '../errors/memo-error.ts';
import { type EventStream, eventError } from '../events/event-stream.ts';
import type { StepStatus } from '../events/memo-event.ts';
import type { Reason } from '../plan/reason.ts';
import type { RunLedger } from './run-ledger.ts';
import type { StepDone, StepLost } from './step-task.ts';

/** What a step's end event says of the work. */
export interface StepEnd extends Pick<StepDone, 'durationMs' | 'attempts'>, Partial<Pick<StepDone, 'annotations'>> {
  readonly error?: MemoError;
}

/** Says what happens to steps. An event is made only when somebody listens. */
export class StepReporter {
  readonly #ledger: RunLedger;
  readonly #events: EventStream;

  constructor(ledger: RunLedger, events: EventStream) {
    this.#ledger = ledger;
    this.#events = events;
  }

  /** @param isNew whether the step's version was bound only now. */
  reused(index: number, isNew: boolean): void {
    if (!this.#events.observed) return;
    const entry = this.#ledger.stored?.entry(index);
    const known = entry === undefined ? {} : { producedBy: entry.run, producedAt: entry.when, savedMs: entry.duration };
    const ranAs = isNew ? this.#ledger.stored?.ranAs(index)?.version : undefined;
    const why = ranAs === undefined ? {} : { computedAs: ranAs };
    const version = this.#version(index) ?? '';
    this.#events.emit({ type: 'step.reuse', ...this.#names(index), version, ...known, ...why });
  }

  /** False where nobody listens, and reasons need not be found. */
  get isHeard(): boolean {
    return this.#events.observed;
  }

  started(index: number, reasons: readonly Reason[]): void {
    this.#events.emit({
      type: 'step.start',
      ...this.#names(index),
      attempt: 1,
      ...this.#shown(index),
      reasons,
    });
  }

  ended(index: number, status: StepStatus, { durationMs, attempts, annotations, error }: StepEnd): void {
    if (!this.#events.observed) return;
    this.#events.emit({
      type: 'step.end',
      ...this.#names(index),
      status,
      durationMs,
      attempts,
      ...this.#shown(index),
      ...(annotations === undefined ? {} : { annotations }),
      ...(error === undefined ? {} : { error: eventError(error) }),
    });
  }

  skipped(index: number, reasons: readonly Reason[]): void {
    this.#events.emit({
      type: 'step.end',
      ...this.#names(index),
      status: 'skipped',
      durationMs: 0,
      attempts: 0,
      reasons,
    });
  }

  lost({ address, error }: Omit<StepLost, 'kind'>): void {
    const { step, output, version } = address;
    const shown = version === undefined ? {} : { version };
    this.#events.emit({ type: 'output.lost', step, output, ...shown, error: eventError(error) });
  }

  #names(index: number): { readonly step: string; readonly op: string } {
    const { id, op } = this.#ledger.step(index);
    return { step: id, op: op.name };
  }

  #version(index: number): string | undefined {
    return this.#ledger.isRunScoped(index) ? undefined : this.#ledger.versions?.version(index);
  }

  #shown(index: number): { readonly version?: string } {
    const version = this.#version(index);
    return version === undefined ? {} : { version };
  }
}
