import { readsNothing } from '../plan/consumed.ts';
import type { MemoizedJob } from '../plan/plan-job.ts';
import { committedByOutput } from '../plan/stored-steps.ts';
import type { Binding, Commit } from '../records/binding.ts';
import type { ExecutionStep } from '../trace/execution-plan.ts';
import { manifestKey } from '../versions/job-code.ts';
import { outputVersion, pubOf } from '../versions/record-key.ts';
import { mayAdopt, wasMadeFromOurs } from './adoption.ts';
import { onceThere } from './in-turn.ts';
import type { RunLedger } from './run-ledger.ts';
import { boundOutputs, type CountedOutputs } from './step-draft.ts';
import { StepSubject } from './step-subject.ts';
import type { ReportedOutput, StepDone } from './step-task.ts';
import { append, type Committer } from './write-binding.ts';

/** What a step gave, and which execution that is. */
interface Contents {
  readonly outputs: CountedOutputs;
  readonly pub: string;
}

/** What a commit did. */
export interface Committed {
  /** What counts: ours, or what another writer had committed first. */
  readonly outputs: Readonly<Record<string, ReportedOutput | 'absent'>>;
  /** True when the step's version is bound to another content than before: everything below has new versions. */
  readonly rebound: boolean;
}

/**
 * Binds a step's version to what it gave. Values are stored already; the binding comes last. A version that was bound to another
 * content gets a new generation, which is pinned after its binding is durable. No promise where there is nothing to wait for.
 */
export function commitStep(index: number, report: StepDone, committer: Committer): Committed | Promise<Committed> {
  const { ledger, memoized } = committer;
  const subject = new StepSubject(index, report.durationMs, ledger);
  const { step } = subject;
  const pinned = ledger.versions?.pub(index);
  const earlier = pinned ?? ledger.boundTo(index);
  const { outputs } = report;
  addManifests(step, memoized);
  const isPlain = committedByOutput(step);
  const isSuperseded = isPlain && isSuperseding(ledger, index, report);
  // By far the most common: nothing was bound, and nobody has to know which execution this is.
  if (earlier === undefined && isPlain && !isSuperseded) {
    const written = append(subject, { outputs, flush: step.op.effect, later: false }, committer);
    return onceThere(written, () => ({ outputs, rebound: false }));
  }
  const ours = { outputs, pub: pubOf(outputs) };
  if (earlier === undefined && !isPlain) return commitByMark(subject, ours, committer);
  const rebound = isSuperseded || earlier !== ours.pub;
  const flush = rebound || step.op.effect || !isPlain;
  const written = append(subject, { ...ours, flush, later: rebound || pinned !== undefined }, committer);
  return onceThere(written, () => (rebound ? rebind(subject, ours, committer) : { outputs, rebound: false }));
}

async function commitByMark(subject: StepSubject, ours: Contents, committer: Committer): Promise<Committed> {
  const { step, version, contentKey } = subject;
  const outputs = boundOutputs(step, ours.outputs);
  const made = contentKey === undefined ? {} : { contentKey };
  const mark = { schema: 'memo.commit/1', stepVersion: version, pub: ours.pub, outputs, ...made } as const;
  const winner = await committer.memoized.log.commit(mark);
  const won = winner.pub === ours.pub;
  if (!won && !(await isFromTheSame(winner, subject, committer))) {
    await append(subject, { ...ours, flush: true, later: true }, committer);
    return rebind(subject, ours, committer);
  }
  const counts = won ? ours : { pub: winner.pub, outputs: reported(version, winner.pub, winner.outputs) };
  await append(subject, { ...counts, flush: true, later: false }, committer);
  return { outputs: counts.outputs, rebound: false };
}

/** A value that was stored beside the address of its version, because that held another one, is a generation of its own. */
function isSuperseding(ledger: RunLedger, index: number, report: StepDone): boolean {
  const step = ledger.step(index);
  const name = step.op.outputs[0]?.name ?? 'result';
  const output = report.outputs[name];
  return output !== undefined && output !== 'absent' && output.version !== ledger.versions?.outputVersion(index, name);
}

/** True when the execution that a commit mark names read what ours did. */
async function isFromTheSame(
  winner: Commit,
  { index, step, contentKey }: StepSubject,
  committer: Committer,
): Promise<boolean> {
  if (winner.contentKey !== undefined && winner.contentKey === contentKey) return true;
  const [output, content] = Object.entries(winner.outputs).find(([, bound]) => bound !== 'absent') ?? [];
  if (output === undefined || content === undefined || content === 'absent') return readsNothing(step);
  return mayAdopt(index, { output, digest: content.digest }, committer);
}

async function rebind(subject: StepSubject, ours: Contents, committer: Committer): Promise<Committed> {
  const { index, step, version } = subject;
  const { ledger, memoized, events } = committer;
  const pin = await memoized.log.pin(version, ours.pub, ledger.versions?.pin(version));
  ledger.stored?.forget(index);
  ledger.versions?.rebind(version, pin.pub);
  events.emit({ type: 'step.rebound', step: step.id, version, pub: pin.pub, generation: pin.generation });
  if (pin.pub === ours.pub) return { outputs: ours.outputs, rebound: true };
  await memoized.log.refresh();
  const theirs = memoized.log.table.live().get(version, pin.pub)?.document();
  // A pin without a binding says nothing, and one of something that was made from something else is not ours: ours takes its place.
  return theirs === undefined || !wasMadeFromOurs(theirs, index, committer)
    ? rebind(subject, ours, committer)
    : { outputs: reported(version, pin.pub, theirs.outputs), rebound: true };
}

function reported(version: string, pub: string, bound: Binding['outputs']): Committed['outputs'] {
  const outputs: Record<string, ReportedOutput | 'absent'> = {};
  for (const [name, output] of Object.entries(bound)) {
    outputs[name] =
      output === 'absent'
        ? 'absent'
        : {
            digest: output.digest,
            bytes: output.bytes,
            codec: output.codec,
            version: outputVersion(version, name, pub),
          };
  }
  return outputs;
}

function addManifests(step: ExecutionStep, { code, log }: MemoizedJob): void {
  if (code.manifests.size === 0) return;
  const resolved = code.resolved.get(step.op);
  const ingredients = code.ops.get(step.op);
  if (resolved?.version === undefined || ingredients === undefined) return;
  const wanted = [{ by: resolved.by, code: resolved.version }, ...Object.values(ingredients.resources)];
  for (const { by, code: version } of wanted) {
    if (version === null) continue;
    const key = manifestKey(by, version);
    const manifest = code.manifests.get(key);
    if (manifest !== undefined) log.addManifest(key, manifest);
  }
}
