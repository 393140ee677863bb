import type { Clock } from '../definitions/clock.ts';
import { portableSite } from '../definitions/namespace.ts';
import type { EventStream } from '../events/event-stream.ts';
import { writeField } from '../hash/record-fields.ts';
import type { MemoizedJob } from '../plan/plan-job.ts';
import { committedByOutput, siteDigest } from '../plan/stored-steps.ts';
import { BINDING_SCHEMA, type Binding, type BoundContent, type BoundOutput } from '../records/binding.ts';
import type { ExecutionStep, InputSource } from '../trace/execution-plan.ts';
import type { ResolvedCode } from '../versions/code-versions.ts';
import { manifestKey } from '../versions/job-code.ts';
import { outputVersion, pubOf } from '../versions/record-key.ts';
import type { StepVersionRecord } from '../versions/step-version-record.ts';
import type { RunLedger } from './run-ledger.ts';
import type { ReportedOutput, StepDone } from './step-task.ts';

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

/** What a commit did. */
export interface Committed {
  /** What counts: ours, or what another writer had committed first. */
  readonly outputs: Readonly<Record<string, ReportedOutput | 'absent'>>;
  /** True when the step's version is bound to another content than before: everything below has new versions. */
  readonly rebound: boolean;
}

/**
 * Binds a step's version to what it gave. Values are stored already; the binding comes last. A version that was bound to another
 * content gets a new generation, which is pinned after its binding is durable.
 */
export async function commitStep(index: number, report: StepDone, committer: Committer): Promise<Committed> {
  const { ledger, memoized } = committer;
  const subject = subjectOf(index, report, committer);
  const { step, version } = subject;
  const pinned = ledger.versions?.pub(index);
  const earlier = pinned ?? ledger.stored?.entry(index)?.pub;
  const ours = { outputs: report.outputs, pub: pubOf(report.outputs) };
  addManifests(step, memoized);
  if (earlier !== undefined || committedByOutput(step)) {
    const rebound = earlier === undefined ? isSuperseding(ledger, index, report) : earlier !== ours.pub;
    const flush = rebound || step.op.effect || !committedByOutput(step);
    await append(subject, { ...ours, flush, later: rebound || pinned !== undefined }, committer);
    return rebound ? rebind(subject, ours, committer) : { outputs: ours.outputs, rebound: false };
  }
  const outputs = boundOutputs(step, ours.outputs);
  const winner = await memoized.log.commit({ schema: 'memo.commit/1', stepVersion: version, pub: ours.pub, outputs });
  const won = winner.pub === ours.pub;
  const counts = won ? ours : { pub: winner.pub, outputs: reported(version, winner.pub, winner.outputs) };
  await append(subject, { ...counts, flush: true, later: false }, committer);
  return { outputs: counts.outputs, rebound: false };
}

/** What is committed, as it was when its step ended: the run may learn of new versions while a store is written. */
interface Subject {
  readonly index: number;
  readonly step: ExecutionStep;
  readonly version: string;
  readonly record: StepVersionRecord;
  readonly contentKey: string | undefined;
  readonly consumed: Binding['consumed'];
  readonly duration: number;
}

function subjectOf(index: number, report: StepDone, { ledger }: Committer): Subject {
  const step = ledger.step(index);
  const record = ledger.versions?.record(index) as StepVersionRecord;
  return {
    index,
    step,
    version: ledger.versions?.version(index) as string,
    record,
    contentKey: ledger.versions?.contentKey(index, (other, output) => ledger.digest(other, output)),
    consumed: consumedBy(step, ledger),
    duration: report.durationMs,
  };
}

/** A value that was stored beside the address of its version, because that held another one, is a generation of its own. */
function isSuperseding(ledger: RunLedger, index: number, report: StepDone): boolean {
  const name = ledger.step(index).op.outputs[0]?.name ?? 'result';
  const output = report.outputs[name];
  return output !== undefined && output !== 'absent' && output.version !== ledger.stored?.addressVersion(index, name);
}

interface Contents {
  readonly outputs: Committed['outputs'];
  readonly pub: string;
}

interface Appended extends Contents {
  readonly flush: boolean;
  /** See {@link Binding.later}. */
  readonly later: boolean;
}

async function rebind(subject: Subject, ours: Contents, committer: Committer): Promise<Committed> {
  const { index, step, version } = subject;
  const { ledger, memoized, events } = committer;
  const pin = await memoized.log.pin(version, ours.pub, ledger.versions?.pin(version));
  ledger.stored?.forget(index);
  ledger.versions?.rebind(version, pin.pub);
  events.emit({ type: 'step.rebound', step: step.id, version, pub: pin.pub, generation: pin.generation });
  if (pin.pub === ours.pub) return { outputs: ours.outputs, rebound: true };
  await memoized.log.refresh();
  const theirs = memoized.log.table.live().get(version, pin.pub)?.document();
  // A pin without a binding says nothing: ours takes its place.
  return theirs === undefined
    ? rebind(subject, ours, committer)
    : { outputs: reported(version, pin.pub, theirs.outputs), rebound: true };
}

async function append(subject: Subject, contents: Appended, committer: Committer): Promise<void> {
  const { ledger, memoized, runHex } = committer;
  const place = { site: siteDigest(ledger.plan.job, subject.step), run: runHex };
  const written = memoized.log.append(makeBinding(subject, contents, committer), place, contents.flush);
  if (written !== undefined) await written;
  ledger.stored?.forget(subject.index);
}

function makeBinding(subject: Subject, { outputs, pub, later }: Appended, committer: Committer): Binding {
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
  if (contentKey !== undefined) binding.contentKey = contentKey;
  if (uncertain.length > 0) binding.uncertain = uncertain.map(({ kind, message }) => ({ kind, message }));
  const site = portableSite(step.op.site);
  if (site !== undefined) binding.site = site;
  return binding;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

function consumedBy(step: ExecutionStep, ledger: RunLedger): Binding['consumed'] {
  const consumed: Record<string, string | readonly (string | null)[]> = {};
  for (const { name, source } of step.inputs) {
    const digests = consumedDigests(source, ledger);
    if (digests !== undefined) writeField(consumed, name, digests);
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

function boundOutputs(step: ExecutionStep, outputs: Committed['outputs']): Binding['outputs'] {
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
