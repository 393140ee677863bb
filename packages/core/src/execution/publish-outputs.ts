import type { Json } from '../definitions/version-strategy.ts';
import type { EventStream } from '../events/event-stream.ts';
import type { EventBody } from '../events/memo-event.ts';
import { valueDigest } from '../hash/value-digest.ts';
import { type IOManager, type MemoizableIOManager, managerName } from '../io/io-manager.ts';
import { type ContextScope, StepOutputContext } from '../plan/output-contexts.ts';
import { committedByOutput } from '../plan/stored-steps.ts';
import { type ExecutionStep, ioOf } from '../trace/execution-plan.ts';
import { outputVersion, pubOf } from '../versions/record-key.ts';
import { inTurn, onceThere } from './in-turn.ts';
import { ABSENT, type NamedValues, namedOutputs } from './named-outputs.ts';
import type { ReportedOutput, StepTask } from './step-task.ts';
import { type Kept, storeWhole } from './store-output.ts';
import { isByteStream, type ReadStream, readStream, SpentStream } from './stream-output.ts';

/** What publishing works with. */
export interface Publisher {
  readonly scope: ContextScope;
  readonly events: EventStream;
  readonly managerFor: (io: string, version: string | undefined) => IOManager;
  readonly signal: AbortSignal;
  /** Which output of each step is being stored. */
  readonly storing: Map<string, Storing>;
  /** Whether to go on with another content that is stored under the version of a step; else ours becomes a generation of its own. */
  readonly mayAdopt: (
    step: ExecutionStep,
    theirs: { readonly output: string; readonly digest: string },
  ) => Promise<boolean>;
}

/** What is being stored, and where. */
export interface Storing {
  readonly output: string;
  readonly manager: IOManager;
}

/** Whose outputs are published. */
export interface StepWork {
  readonly task: StepTask;
  readonly step: ExecutionStep;
  /** False where streams are read before they are stored, because a store has taken one for nothing. */
  readonly passStreams: boolean;
}

type Outputs = Readonly<Record<string, ReportedOutput | 'absent'>>;

/**
 * Stores what an op returned, all of it or nothing that counts: every output is checked and digested before the first is stored.
 *
 * @throws MemoError M6002 for outputs that differ from what is declared, M5001 for what cannot be stored, and what stores throw.
 * @throws SpentStream where a stream was taken by a store, and what that holds does not count.
 */
export function publishOutputs(returned: unknown, work: StepWork, publisher: Publisher): Outputs | Promise<Outputs> {
  if (work.step.op.single && !isByteStream(returned)) return publishSingle(returned, work, publisher);
  const named = namedOutputs(work.step, returned);
  if (!named.some(([, value]) => isByteStream(value))) return publishValues(named, work, publisher);
  return readStreams(named, work, publisher).then((values) => publishValues(values, work, publisher));
}

/** The same for the one output of an op that names none: most have nothing else. */
function publishSingle(value: unknown, work: StepWork, publisher: Publisher): Outputs | Promise<Outputs> {
  const digest = digestOf(work, { output: 'result', value }, publisher);
  const version = addresses(work.task, () => ({ result: { digest } }))('result');
  const published = publishOne({ work, output: 'result', value, digest, version }, publisher);
  return published instanceof Promise ? published.then((result) => ({ result })) : { result: published };
}

function publishValues(values: NamedValues, work: StepWork, publisher: Publisher): Outputs | Promise<Outputs> {
  const digests: Record<string, { readonly digest: string } | 'absent'> = {};
  for (const [name, value] of values)
    digests[name] = value === ABSENT ? 'absent' : { digest: digestOf(work, { output: name, value }, publisher) };
  const versionOf = addresses(work.task, () => digests);
  const published = inTurn(values, ([name, value]) => {
    const { digest } = digests[name] as { readonly digest: string };
    if (value !== ABSENT) {
      const stored = value instanceof Collected ? value.stream.bytes : value;
      return publishOne({ work, output: name, value: stored, digest, version: versionOf(name) }, publisher);
    }
    publisher.events.emit({ type: 'output.absent', step: work.step.id, output: name });
    return 'absent';
  });
  return onceThere(published, (all) => {
    const outputs: Record<string, ReportedOutput | 'absent'> = {};
    for (let at = 0; at < values.length; at++)
      outputs[(values[at] as NamedValues[number])[0]] = all[at] as ReportedOutput | 'absent';
    return outputs;
  });
}

/** A stream that was read to its end, with the digest that a store would have given it. */
class Collected {
  readonly stream: ReadStream;
  constructor(stream: ReadStream) {
    this.stream = stream;
  }
}

/** Streams go to a store as they are where it takes them and their digest may follow; all others are read first. */
async function readStreams(values: NamedValues, work: StepWork, publisher: Publisher): Promise<NamedValues> {
  const { task, step, passStreams } = work;
  const read: (readonly [string, unknown])[] = [];
  for (const [name, value] of values) {
    const manager = publisher.managerFor(ioOf(step, name), task.version);
    const takesStreams = manager.capabilities?.streams === true && manager.capabilities.atomicCreate === true;
    // A result that may have to lie elsewhere than under its version has to be known before.
    const isPlain = passStreams && committedByOutput(step) && task.bound === undefined && !task.supersede;
    const passes = takesStreams && isPlain;
    const whole = !isByteStream(value) || passes ? value : new Collected(await readStream(value, step, name));
    read.push([name, whole]);
  }
  return read;
}

function digestOf(
  { task, step }: StepWork,
  { output, value }: { readonly output: string; readonly value: unknown },
  publisher: Publisher,
): string {
  if (!task.digests || isByteStream(value)) return '';
  if (value instanceof Collected) return value.stream.digest;
  try {
    return valueDigest(value, `${step.id}.${output}`);
  } catch (error) {
    const manager = publisher.managerFor(ioOf(step, output), task.version);
    const own = manager.digestOutput?.(
      new StepOutputContext(publisher.scope, step, { output, version: undefined }),
      value,
    );
    if (own === undefined) throw error;
    return own;
  }
}

/**
 * Under which version each output is kept: that of the output where it alone commits the step, else one that carries which
 * execution it comes from. A result that differs from what the version is bound to always gets the latter.
 */
function addresses(
  task: StepTask,
  digests: () => Readonly<Record<string, { readonly digest: string } | 'absent'>>,
): (output: string) => string | undefined {
  const { version, address } = task;
  if (version === undefined) return NOWHERE;
  // By far the most common, and a digest less.
  if (address !== undefined && task.pub === undefined && task.bound === undefined) return () => address;
  const pub = pubOf(digests());
  const isBound = address !== undefined && task.pub === undefined && task.bound === pub;
  return (output) => (isBound ? address : outputVersion(version, output, pub));
}

const NOWHERE = (): undefined => undefined;

interface Publication {
  readonly work: StepWork;
  readonly output: string;
  readonly value: unknown;
  readonly digest: string;
  readonly version: string | undefined;
}

function publishOne(publication: Publication, publisher: Publisher): ReportedOutput | Promise<ReportedOutput> {
  const { work, output, digest, version } = publication;
  const { task, step } = work;
  const manager = publisher.managerFor(ioOf(step, output), version) as MemoizableIOManager;
  const context = new StepOutputContext(publisher.scope, step, {
    output,
    version,
    take: task.take,
    contentDigest: digest === '' ? undefined : digest,
    signal: publisher.signal,
  });
  const stored = storeWhole(context, { value: publication.value, digest, isDigested: task.digests }, manager);
  if (!(stored instanceof Promise)) return settle(publication, { kept: stored, context, manager }, publisher);
  publisher.storing.set(step.id, { output, manager });
  return stored.then((kept) => settle(publication, { kept, context, manager }, publisher));
}

function settle(
  publication: Publication,
  placed: Placed,
  publisher: Publisher,
): ReportedOutput | Promise<ReportedOutput> {
  const { digest, version } = publication;
  const { kept, stored } = placed.kept;
  // Of a stream that was taken for nothing nobody knows what it was.
  const isOther = kept !== digest && (digest !== '' || stored.outcome === 'exists');
  return isOther && version !== undefined
    ? publishBeside(publication, placed, publisher)
    : report(publication, placed, publisher);
}

/** Where the address holds another value than ours: that one, where it counts, or ours at an address of its own. */
async function publishBeside(publication: Publication, there: Placed, publisher: Publisher): Promise<ReportedOutput> {
  const { work, output, digest, version } = publication;
  if (await isKept(publication, there.kept.kept, publisher)) return report(publication, there, publisher);
  if (isByteStream(publication.value)) throw new SpentStream(`${managerName(there.manager)} holds another value`);
  const own = outputVersion(work.task.version as string, output, pubOf({ [output]: { digest } }));
  if (own === version) return report(publication, there, publisher);
  return publishOne({ ...publication, version: own }, publisher);
}

function report(publication: Publication, placed: Placed, publisher: Publisher): ReportedOutput {
  const { stored, kept } = placed.kept;
  if (publisher.events.observed) publisher.events.emit(storedEvent(publication, placed.kept, placed.context));
  return { digest: kept, bytes: stored.bytes, codec: stored.codec, version: publication.version };
}

/**
 * Whether the value that the address holds counts in place of ours. It does not where somebody wants a new one, nor where it is not what the version is
 * bound to, nor where it was made from something else.
 */
async function isKept({ work, output }: Publication, kept: string, publisher: Publisher): Promise<boolean> {
  const { task, step } = work;
  if (task.supersede || task.bound !== undefined) return false;
  return publisher.mayAdopt(step, { output, digest: kept });
}

function storedEvent(
  { work: { step }, output, version }: Publication,
  { stored, kept }: Kept,
  context: StepOutputContext,
): EventBody {
  const annotations = context.annotations as Readonly<Record<string, Json>> | undefined;
  return {
    type: 'output.stored',
    step: step.id,
    output,
    ...(version === undefined ? {} : { version }),
    identifier: context.getOutputIdentifier(),
    outcome: stored.outcome,
    ...(kept === '' ? {} : { digest: kept }),
    ...(stored.bytes === undefined ? {} : { bytes: stored.bytes }),
    ...(stored.codec === undefined ? {} : { codec: stored.codec }),
    ...(annotations === undefined ? {} : { annotations }),
  };
}

/** What is kept, and whose context it has. */
interface Placed {
  readonly kept: Kept;
  readonly context: StepOutputContext;
  readonly manager: IOManager;
}
