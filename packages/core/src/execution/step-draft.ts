import type { Clock } from '../definitions/clock.ts';
import { portableSite } from '../definitions/namespace.ts';
import type { OpDefinition } from '../definitions/op-definition.ts';
import { siteDigest } from '../plan/stored-steps.ts';
import { BINDING_SCHEMA, type Binding, type BoundContent, type BoundOutput } from '../records/binding.ts';
import type { BindingDraft } from '../records/binding-draft.ts';
import type { BindingPlace } from '../records/binding-place.ts';
import type { ExecutionStep } from '../trace/execution-plan.ts';
import type { ResolvedCode } from '../versions/code-versions.ts';
import { pubOf } from '../versions/record-key.ts';
import type { StepSubject } from './step-subject.ts';
import type { ReportedOutput } from './step-task.ts';

/** What counts of a step: its outputs, as they are reported. */
export type CountedOutputs = Readonly<Record<string, ReportedOutput | 'absent'>>;

/** What all bindings of one run say. */
export interface Circumstances {
  readonly clock: Clock;
  readonly job: string;
  readonly runId: string;
  /** The run's id as 32 hexadecimal digits. */
  readonly runHex: string;
  readonly release: string;
  readonly codes: ReadonlyMap<OpDefinition, ResolvedCode>;
}

/** For an alias: the execution that it stands for. */
export type Likeness = Pick<Binding, 'by' | 'blessed' | 'of' | 'ofLater' | 'run' | 'when' | 'duration'>;

/** What is bound, and how it is to be said. */
export interface DraftedContents {
  readonly outputs: CountedOutputs;
  /** Which execution these are. Default: found out from them when somebody asks. */
  readonly pub?: string;
  /** See {@link Binding.later}. */
  readonly later: boolean;
  readonly like?: Likeness;
}

/** The binding of a step, as it will be written if somebody asks for it, and where it belongs. */
export class StepDraft implements BindingDraft, BindingPlace {
  readonly later: boolean;
  readonly #subject: StepSubject;
  readonly #outputs: CountedOutputs;
  readonly #like: Likeness | undefined;
  readonly #when: number;
  readonly #around: Circumstances;
  #pub: string | undefined;

  constructor(subject: StepSubject, contents: DraftedContents, around: Circumstances) {
    this.later = contents.later;
    this.#subject = subject;
    this.#outputs = contents.outputs;
    this.#like = contents.like;
    this.#when = around.clock.now();
    this.#around = around;
    this.#pub = contents.pub;
  }

  get site(): string {
    return siteDigest(this.#around.job, this.#subject.step);
  }

  get runHex(): string {
    return this.#around.runHex;
  }

  get stepVersion(): string {
    return this.#subject.version;
  }

  get pub(): string {
    this.#pub ??= pubOf(this.#outputs);
    return this.#pub;
  }

  get when(): number {
    return this.#like?.when ?? this.#when;
  }

  get duration(): number {
    return this.#like?.duration ?? this.#subject.duration;
  }

  get run(): string {
    return this.#like?.run ?? this.#around.runId;
  }

  get of(): string | undefined {
    return this.#like?.of;
  }

  get contentKey(): string | undefined {
    return this.#subject.contentKey;
  }

  get outputs(): Binding['outputs'] {
    return boundOutputs(this.#subject.step, this.#outputs);
  }

  get op(): Binding['record']['op'] {
    return this.#subject.op;
  }

  written(): Binding {
    const { step, version, record, contentKey, consumed, duration } = this.#subject;
    const { job, runId, release, codes } = this.#around;
    const { certainty, uncertain } = codes.get(step.op) as ResolvedCode;
    const binding: Mutable<Binding> = {
      schema: BINDING_SCHEMA,
      stepVersion: version,
      record,
      outputs: this.outputs,
      consumed,
      pub: this.pub,
      by: 'run',
      job,
      step: step.id,
      run: runId,
      when: this.#when,
      duration,
      certainty,
      memo: release,
      node: process.version,
    };
    if (this.later) binding.later = true;
    if (this.#like !== undefined) Object.assign(binding, this.#like);
    if (contentKey !== undefined) binding.contentKey = contentKey;
    if (uncertain.length > 0) binding.uncertain = uncertain.map(({ kind, message }) => ({ kind, message }));
    const site = portableSite(step.op.site);
    if (site !== undefined) binding.site = site;
    return binding;
  }
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** What a binding says of outputs. */
export function boundOutputs(step: ExecutionStep, outputs: CountedOutputs): Binding['outputs'] {
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
