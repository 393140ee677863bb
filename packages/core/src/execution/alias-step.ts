import { lookElsewhere } from '../plan/elsewhere.ts';
import { missingUnder, type PresenceQuestion } from '../plan/presence.ts';
import { aliasedVersion, committedByOutput } from '../plan/stored-steps.ts';
import type { Binding, Commit } from '../records/binding.ts';
import type { OutputCopies } from './output-copies.ts';
import type { RunLedger } from './run-ledger.ts';
import { StepSubject } from './step-subject.ts';
import type { ReportedOutput } from './step-task.ts';
import { append, type Committer } from './write-binding.ts';

/** What looking for an earlier execution works with. */
export interface AliasScope {
  readonly committer: Committer;
  readonly question: PresenceQuestion;
  readonly copies: OutputCopies;
  /** When the plan was made: what had expired by then is not re-used. */
  readonly now: number;
  /** True once the step has been sent back: what was found does not count. */
  readonly isMoot: () => boolean;
}

/**
 * Early cut-off: binds a step whose version is new to what an earlier execution gave that had read the same contents, if that is all
 * there. No value is read or copied. True when the step is bound.
 */
export async function aliasStep(index: number, scope: AliasScope): Promise<boolean> {
  const { committer, now } = scope;
  const { ledger } = committer;
  const { stored, versions } = ledger;
  const key = isAliasable(index, ledger) ? ledger.contentKey(index) : undefined;
  if (key === undefined || stored === undefined || versions?.pub(index) !== undefined) return false;
  const { maxAgeMs = Number.POSITIVE_INFINITY } = ledger.step(index).policy;
  for (const entry of stored.executionsOn(key)) {
    if (now - entry.when > maxAgeMs) continue;
    const binding = entry.document();
    const execution = binding === undefined ? undefined : executionOf(binding, index, ledger);
    if (execution === undefined) continue;
    if (!(await isAtHand(index, execution, scope))) continue;
    return !scope.isMoot() && (await bindAlias(index, execution, committer));
  }
  return false;
}

/** Whether everything that is read of an execution is where its step keeps it, or was copied there from other managers. */
async function isAtHand(
  index: number,
  execution: Execution,
  { committer, question, copies }: AliasScope,
): Promise<boolean> {
  const step = committer.ledger.step(index);
  const versionOf = (output: string): string | undefined =>
    execution.outputs[output] === 'absent' ? undefined : aliasedVersion(step, output, execution);
  const wanted = await missingUnder(question, index, versionOf);
  const elsewhere = wanted.length === 0 ? [] : await lookElsewhere(question, wanted);
  if (elsewhere.length < wanted.length) return false;
  const digestOf = (output: string): string | undefined => {
    const content = execution.outputs[output];
    return content === 'absent' ? undefined : content?.digest;
  };
  return (await copies.copy(elsewhere, digestOf)) === undefined;
}

/** What an effect does to the world is not done by naming it again; and what a version was bound to stays its content. */
function isAliasable(index: number, ledger: RunLedger): boolean {
  return !ledger.step(index).op.effect && ledger.stored?.entry(index) === undefined;
}

/** An execution that an alias can stand for; never an alias itself. */
export interface Execution extends Pick<Binding, 'outputs' | 'pub' | 'run' | 'when' | 'duration'> {
  readonly of: string;
  readonly ofLater?: true;
  /** Who says that it stands for another version, and why; of an alias by content nobody has to. */
  readonly blessed?: Binding['blessed'];
}

/** The execution that a binding stands for, if it gave everything that a step needs. */
export function executionOf(binding: Binding, index: number, ledger: RunLedger): Execution | undefined {
  const isWhole = ledger.step(index).op.outputs.every(({ name, optional }) => {
    const output = binding.outputs[name];
    return output !== undefined && (output !== 'absent' || optional);
  });
  if (!isWhole) return undefined;
  const { outputs, pub, run, when, duration, blessed } = binding;
  const isLater = binding.of === undefined ? binding.later === true : binding.ofLater === true;
  const of = binding.of ?? binding.stepVersion;
  // What stands for a blessed result rests on the same word.
  const word = blessed === undefined ? {} : { blessed };
  return { outputs, pub, run, when, duration, of, ...(isLater ? { ofLater: true } : {}), ...word };
}

/** Binds a step to what an execution gave; false where its commit mark names another one. */
export async function bindAlias(index: number, execution: Execution, committer: Committer): Promise<boolean> {
  const { ledger, memoized } = committer;
  const { outputs, pub, of, ofLater, run, when, duration, blessed } = execution;
  const subject = new StepSubject(index, duration, ledger);
  const isMarked = !committedByOutput(subject.step);
  const where = { of, ...(ofLater === true ? { ofLater } : {}) };
  if (isMarked) {
    const { version: stepVersion, contentKey } = subject;
    const made = contentKey === undefined ? {} : { contentKey };
    const mark: Commit = { schema: 'memo.commit/1', stepVersion, pub, outputs, ...made, ...where };
    const winner = await memoized.log.commit(mark);
    if (winner.pub !== pub || winner.of !== of) return false;
  }
  const by = blessed === undefined ? ({ by: 'alias' } as const) : ({ by: 'bless', blessed } as const);
  const like = { ...by, ...where, run, when, duration };
  const contents = { outputs: reportedOutputs(execution, index, ledger), pub, flush: isMarked, later: false, like };
  await append(subject, contents, committer);
  return true;
}

function reportedOutputs(
  execution: Execution,
  index: number,
  ledger: RunLedger,
): Readonly<Record<string, ReportedOutput | 'absent'>> {
  const outputs: Record<string, ReportedOutput | 'absent'> = {};
  for (const { name } of ledger.step(index).op.outputs) {
    const output = execution.outputs[name];
    if (output === undefined) continue;
    const { digest = '', bytes, codec } = output === 'absent' ? {} : output;
    const version = aliasedVersion(ledger.step(index), name, execution);
    outputs[name] = output === 'absent' ? 'absent' : { digest, bytes, codec, version };
  }
  return outputs;
}
