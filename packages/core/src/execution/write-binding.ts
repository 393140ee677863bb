import type { Clock } from '../definitions/clock.ts';
import { release } from '../definitions/own-package.ts';
import type { EventStream } from '../events/event-stream.ts';
import type { MemoizedJob } from '../plan/plan-job.ts';
import { runIdToHex } from '../records/run-id.ts';
import type { RunLedger } from './run-ledger.ts';
import { type Circumstances, type DraftedContents, StepDraft } from './step-draft.ts';
import type { StepSubject } from './step-subject.ts';

/** What committing works with. */
export interface Committer {
  readonly ledger: RunLedger;
  readonly memoized: MemoizedJob;
  readonly events: EventStream;
  /** What all bindings of the run say. */
  readonly around: Circumstances;
  /** The steps whose bindings may be drafts. */
  readonly drafted: number[];
}

/** What a committer is made from. */
export interface CommitterParts extends Pick<Committer, 'ledger' | 'memoized' | 'events'> {
  readonly clock: Clock;
  readonly runId: string;
}

export function committerOf({ clock, runId, ...parts }: CommitterParts): Committer {
  const { ledger, memoized } = parts;
  const codes = memoized.code.resolved;
  const around = { clock, job: ledger.plan.job, runId, runHex: runIdToHex(runId), release: release(), codes };
  return { ...parts, around, drafted: [] };
}

/** What is written of a step. */
export interface Appended extends DraftedContents {
  readonly flush: boolean;
}

/** Writes the binding of a step. No promise where there is nothing to wait for. */
export function append(subject: StepSubject, contents: Appended, committer: Committer): void | Promise<void> {
  const { ledger, memoized, around } = committer;
  const { index } = subject;
  const draft = new StepDraft(subject, contents, around);
  if (!memoized.log.isShared) committer.drafted.push(index);
  const written = memoized.log.append(draft, draft, contents.flush);
  if (written !== undefined) return written.then(() => ledger.stored?.forget(index));
  ledger.stored?.forget(index);
}

/** Drafts keep the plan that they come from, which is worth it while that is not much larger than what they would take. */
export function writeFewDrafts({ drafted, ledger }: Committer): void {
  if (drafted.length * STEPS_A_DRAFT > ledger.plan.size) return;
  for (const index of drafted) ledger.stored?.entry(index)?.document();
}

const STEPS_A_DRAFT = 4;
