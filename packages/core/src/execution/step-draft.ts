import { portableSite } from '../definitions/namespace.ts';
import { BINDING_SCHEMA, type Binding, type BoundContent, type BoundOutput } from '../records/binding.ts';
import type { BindingDraft } from '../records/binding-draft.ts';
import type { ExecutionStep } from '../trace/execution-plan.ts';
import type { ResolvedCode } from '../versions/code-versions.ts';
import { pubOf } from '../versions/record-key.ts';
import type { StepSubject } from './step-subject.ts';
import type { ReportedOutput } from './step-task.ts';

/** What counts of a step: its outputs, as they are reported. */
export type CountedOutputs = Readonly<Record<string, ReportedOutput | 'absent'>>;

/** What a binding says of where and when a step ran. */
export interface Circumstances {
  readonly job: string;
  readonly run: string;
  readonly release: string;
  readonly code: ResolvedCode;
  readonly when: number;
}

/** For an alias: the execution that it stands for. */
export type Likeness = Pick<Binding, 'by' | 'blessed' | 'of' | 'ofLater' | 'run' | 'when' | 'duration'>;

/** What is bound, and how it is to be said. */
export interface DraftedContents {
  readonly outputs: CountedOutputs;
  /** Which execution these are; found out from them where it is not given. */
  readonly pub: string | undefined;
  /** See {@link Binding.later}. */
  readonly later: boolean;
  readonly like: Likeness | undefined;
}

/** The binding of a step, as it will be written if somebody asks for it. */
export class StepDraft implements BindingDraft {
  readonly #subject: StepSubject;
  readonly #contents: DraftedContents;
  readonly #around: Circumstances;
  #pub: string | undefined;

  constructor(subject: StepSubject, contents: DraftedContents, around: Circumstances) {
    this.#subject = subject;
    this.#contents = contents;
    this.#around = around;
    this.#pub = contents.pub;
  }

  get stepVersion(): string {
    return this.#subject.version;
  }

  get pub(): string {
    this.#pub ??= pubOf(this.#contents.outputs);
    return this.#pub;
  }

  get when(): number {
    return this.#contents.like?.when ?? this.#around.when;
  }

  get duration(): number {
    return this.#contents.like?.duration ?? this.#subject.duration;
  }

  get run(): string {
    return this.#contents.like?.run ?? this.#around.run;
  }

  get later(): boolean {
    return this.#contents.later;
  }

  get of(): string | undefined {
    return this.#contents.like?.of;
  }

  get contentKey(): string | undefined {
    return this.#subject.contentKey;
  }

  get outputs(): Binding['outputs'] {
    return boundOutputs(this.#subject.step, this.#contents.outputs);
  }

  get op(): Binding['record']['op'] {
    return this.#subject.op;
  }

  written(): Binding {
    const { step, version, record, contentKey, consumed, duration } = this.#subject;
    const { later, like } = this.#contents;
    const { job, run, release, code, when } = this.#around;
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
      run,
      when,
      duration,
      certainty: code.certainty,
      memo: release,
      node: process.version,
    };
    if (later) binding.later = true;
    if (like !== undefined) Object.assign(binding, like);
    if (contentKey !== undefined) binding.contentKey = contentKey;
    if (code.uncertain.length > 0) binding.uncertain = code.uncertain.map(({ kind, message }) => ({ kind, message }));
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
