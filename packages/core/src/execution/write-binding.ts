import type { Clock } from '../definitions/clock.ts';
import type { EventStream } from '../events/event-stream.ts';
import type { MemoizedJob } from '../plan/plan-job.ts';
import { siteDigest } from '../plan/stored-steps.ts';
import type { BindingPlace } from '../records/binding-place.ts';
import type { ExecutionStep } from '../trace/execution-plan.ts';
import type { ResolvedCode } from '../versions/code-versions.ts';
import type { RunLedger } from './run-ledger.ts';
import { type CountedOutputs, type Likeness, StepDraft } from './step-draft.ts';
import type { StepSubject } from './step-subject.ts';

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
  /** The steps whose bindings may be drafts. */
  readonly drafted: number[];
}

/** What is written of a step. */
export interface Appended {
  readonly outputs: CountedOutputs;
  /** Which execution these are. Default: found out when somebody asks. */
  readonly pub?: string;
  readonly flush: boolean;
  /** See {@link Binding.later}. */
  readonly later: boolean;
  /** For an alias: the execution that it stands for. */
  readonly like?: Likeness;
}

/** Writes the binding of a step. No promise where there is nothing to wait for. */
export function append(subject: StepSubject, contents: Appended, committer: Committer): void | Promise<void> {
  const { ledger, memoized, runHex, runId, release, clock } = committer;
  const { step, index } = subject;
  const { job } = ledger.plan;
  const { outputs, pub, later, like, flush } = contents;
  const code = memoized.code.resolved.get(step.op) as ResolvedCode;
  const around = { job, run: runId, release, code, when: clock.now() };
  const draft = new StepDraft(subject, { outputs, pub, later, like }, around);
  if (!memoized.log.isShared) committer.drafted.push(index);
  const written = memoized.log.append(draft, new StepPlace(job, step, runHex), flush);
  const forget = (): void => ledger.stored?.forget(index);
  return written === undefined ? forget() : written.then(forget);
}

/** Drafts keep the plan that they come from, which is worth it while that is not much larger than what they would take. */
export function writeFewDrafts({ drafted, ledger }: Committer): void {
  if (drafted.length * STEPS_A_DRAFT > ledger.plan.size) return;
  for (const index of drafted) ledger.stored?.entry(index)?.document();
}

const STEPS_A_DRAFT = 4;

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
