import type { Clock } from '../definitions/clock.ts';
import { portableSite } from '../definitions/namespace.ts';
import type { EventStream } from '../events/event-stream.ts';
import { writeField } from '../hash/record-fields.ts';
import type { MemoizedJob } from '../plan/plan-job.ts';
import { siteDigest } from '../plan/stored-steps.ts';
import { BINDING_SCHEMA, type Binding, type BoundContent, type BoundOutput } from '../records/binding.ts';
import type { BindingPlace } from '../records/binding-place.ts';
import type { ExecutionStep } from '../trace/execution-plan.ts';
import type { InputSource } from '../trace/input-source.ts';
import type { ResolvedCode } from '../versions/code-versions.ts';
import type { StepVersionRecord } from '../versions/step-version-record.ts';
import type { RunLedger } from './run-ledger.ts';
import type { ReportedOutput } from './step-task.ts';

/** What committing works with. */
export interface Committer {
  readonly ledger: RunLedger;
  readonly memoized: MemoizedJob;
  readonly events: EventStream;
  readonly clock: Clock;
  readonly runId: string;
  /** The run's id as 32 hexadecimal digits. */
  readonly runHex: string;
  readonly release: string;
}

type Outputs = Readonly<Record<string, ReportedOutput | 'absent'>>;

/** What is committed, as it was when its step ended: the run may learn of new versions while a store is written. */
export interface Subject {
  readonly index: number;
  readonly step: ExecutionStep;
  readonly version: string;
  readonly record: StepVersionRecord;
  readonly contentKey: string | undefined;
  readonly consumed: Binding['consumed'];
  readonly duration: number;
}

/** What binding a step now would be about. */
export function subjectOf(index: number, duration: number, { ledger }: Committer): Subject {
  const step = ledger.step(index);
  const record = ledger.versions?.record(index) as StepVersionRecord;
  return {
    index,
    step,
    version: ledger.versions?.version(index) as string,
    record,
    contentKey: ledger.contentKey(index),
    consumed: consumedBy(step, ledger),
    duration,
  };
}

/** What a step gave, and which execution that is. */
export interface Contents {
  readonly outputs: Outputs;
  readonly pub: string;
}

/** What is written of it. */
export interface Appended extends Contents {
  readonly flush: boolean;
  /** See {@link Binding.later}. */
  readonly later: boolean;
  /** For an alias: the execution that it stands for. */
  readonly like?: Pick<Binding, 'by' | 'blessed' | 'of' | 'ofLater' | 'run' | 'when' | 'duration'>;
}

/** Writes the binding of a step. No promise where there is nothing to wait for. */
export function append(subject: Subject, contents: Appended, committer: Committer): void | Promise<void> {
  const { ledger, memoized, runHex } = committer;
  const { step, index } = subject;
  const place = new StepPlace(ledger.plan.job, step, runHex);
  const written = memoized.log.append(makeBinding(subject, contents, committer), place, contents.flush);
  const forget = (): void => ledger.stored?.forget(index);
  return written === undefined ? forget() : written.then(forget);
}

/** The place of a step, whose digest is made when somebody asks: nobody does of bindings that live in memory. */
class StepPlace implements BindingPlace {
  readonly run: string;
  readonly #job: string;
  readonly #step: ExecutionStep;

  constructor(job: string, step: ExecutionStep, run: string) {
    this.#job = job;
    this.#step = step;
    this.run = run;
  }

  get site(): string {
    return siteDigest(this.#job, this.#step);
  }
}

function makeBinding(subject: Subject, { outputs, pub, later, like }: Appended, committer: Committer): Binding {
  const { ledger, memoized, clock, runId, release } = committer;
  const { step, version, record, contentKey, consumed, duration } = subject;
  const { certainty, uncertain } = memoized.code.resolved.get(step.op) as ResolvedCode;
  const binding: Mutable<Binding> = {
    schema: BINDING_SCHEMA,
    stepVersion: version,
    record,
    outputs: boundOutputs(step, outputs),
    consumed,
    pub,
    by: 'run',
    job: ledger.plan.job,
    step: step.id,
    run: runId,
    when: clock.now(),
    duration,
    certainty,
    memo: release,
    node: process.version,
  };
  if (later) binding.later = true;
  if (like !== undefined) Object.assign(binding, like);
  if (contentKey !== undefined) binding.contentKey = contentKey;
  if (uncertain.length > 0) binding.uncertain = uncertain.map(({ kind, message }) => ({ kind, message }));
  const site = portableSite(step.op.site);
  if (site !== undefined) binding.site = site;
  return binding;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

function consumedBy(step: ExecutionStep, ledger: RunLedger): Binding['consumed'] {
  const consumed: Record<string, string | readonly (string | null)[]> = {};
  for (const [at, source] of step.sources.entries()) {
    const digests = consumedDigests(source, ledger);
    if (digests !== undefined) writeField(consumed, step.names[at] as string, digests);
  }
  return consumed;
}

function consumedDigests(source: InputSource, ledger: RunLedger): string | readonly (string | null)[] | undefined {
  if (source.kind === 'output') return ledger.digest(source.step, source.output);
  if (source.kind === 'literal') return undefined;
  return source.items.map((item) => {
    const digest = item.kind === 'output' ? ledger.digest(item.step, item.output) : undefined;
    return digest === undefined || digest === 'absent' ? null : digest;
  });
}

/** What a binding says of outputs. */
export function boundOutputs(step: ExecutionStep, outputs: Outputs): Binding['outputs'] {
  const bound: Record<string, BoundOutput> = {};
  for (const { name, io } of step.op.outputs) {
    const output = outputs[name];
    if (output === undefined) continue;
    if (output === 'absent') bound[name] = 'absent';
    else {
      const { digest, bytes, codec } = output;
      const content: Mutable<BoundContent> = { digest };
      if (bytes !== undefined) content.bytes = bytes;
      if (codec !== undefined) content.codec = codec;
      if (io !== 'default') content.io = io;
      bound[name] = content;
    }
  }
  return bound;
}
