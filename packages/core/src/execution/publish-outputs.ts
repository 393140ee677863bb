import type { Json } from '../definitions/version-strategy.ts';
import { MemoError, messageOf } from '../errors/memo-error.ts';
import type { EventStream } from '../events/event-stream.ts';
import type { EventBody } from '../events/memo-event.ts';
import { valueDigest } from '../hash/value-digest.ts';
import { type IOManager, type MemoizableIOManager, managerName, type StoredOutput } from '../io/io-manager.ts';
import { type ContextScope, StepOutputContext } from '../plan/output-contexts.ts';
import { committedByOutput } from '../plan/stored-steps.ts';
import { type ExecutionStep, ioOf } from '../trace/execution-plan.ts';
import { outputVersion, pubOf } from '../versions/record-key.ts';
import { ABSENT, type NamedValues, namedOutputs } from './named-outputs.ts';
import type { ReportedOutput, StepTask } from './step-task.ts';
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
export async function publishOutputs(returned: unknown, work: StepWork, publisher: Publisher): Promise<Outputs> {
  const { task, step } = work;
  const named = namedOutputs(step, returned);
  const values = named.some(([, value]) => isByteStream(value)) ? await readStreams(named, work, publisher) : named;
  const digests: Record<string, { readonly digest: string } | 'absent'> = {};
  for (const [name, value] of values) {
    digests[name] = value === ABSENT ? 'absent' : { digest: digestOf({ ...work, output: name, value }, publisher) };
  }
  const versionOf = addresses(task, digests);
  const outputs: Record<string, ReportedOutput | 'absent'> = {};
  for (const [name, value] of values) {
    const digest = digests[name] as { readonly digest: string };
    if (value === ABSENT) {
      outputs[name] = 'absent';
      publisher.events.emit({ type: 'output.absent', step: step.id, output: name });
    } else {
      const stored = value instanceof Collected ? value.stream.bytes : value;
      outputs[name] = await publishOne(
        { ...work, output: name, value: stored, digest: digest.digest, version: versionOf(name) },
        publisher,
      );
    }
  }
  return outputs;
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
  { task, step, output, value }: Omit<Publication, 'digest' | 'version'>,
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
  digests: Readonly<Record<string, { readonly digest: string } | 'absent'>>,
): (output: string) => string | undefined {
  const { version, address } = task;
  if (version === undefined) return NOWHERE;
  // By far the most common, and a digest less.
  if (address !== undefined && task.pub === undefined && task.bound === undefined) return () => address;
  const pub = pubOf(digests);
  const isBound = address !== undefined && task.pub === undefined && task.bound === pub;
  return (output) => (isBound ? address : outputVersion(version, output, pub));
}

const NOWHERE = (): undefined => undefined;

interface Publication extends StepWork {
  readonly output: string;
  readonly value: unknown;
  readonly digest: string;
  readonly version: string | undefined;
}

async function publishOne(publication: Publication, publisher: Publisher): Promise<ReportedOutput> {
  const { task, step, output, digest, version } = publication;
  const manager = publisher.managerFor(ioOf(step, output), version);
  const context = new StepOutputContext(publisher.scope, step, {
    output,
    version,
    take: task.take,
    contentDigest: digest === '' ? undefined : digest,
    signal: publisher.signal,
  });
  publisher.storing.set(step.id, { output, manager });
  const { stored, kept } = await storeWhole(context, publication, manager as MemoizableIOManager);
  // Of a stream that was taken for nothing nobody knows what it was.
  const isOther = kept !== digest && (digest !== '' || stored.outcome === 'exists');
  if (isOther && version !== undefined && !(await isKept(publication, kept, publisher))) {
    if (isByteStream(publication.value)) throw new SpentStream(`${managerName(manager)} holds another value`);
    const pub = pubOf({ [output]: { digest } });
    const own = outputVersion(task.version as string, output, pub);
    if (own !== version) return publishOne({ ...publication, version: own }, publisher);
  }
  if (publisher.events.observed) publisher.events.emit(storedEvent(publication, { stored, kept }, context));
  return { digest: kept, bytes: stored.bytes, codec: stored.codec, version };
}

/**
 * Whether the value that the address holds counts in place of ours. It does not where somebody wants a new one, nor where it is not what the version is
 * bound to, nor where it was made from something else.
 */
async function isKept({ task, step, output }: Publication, kept: string, publisher: Publisher): Promise<boolean> {
  if (task.supersede || task.bound !== undefined) return false;
  return publisher.mayAdopt(step, { output, digest: kept });
}

function storedEvent(
  { step, output, version }: Publication,
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

interface Kept {
  readonly stored: StoredOutput;
  /** Content digest of what the store holds now. */
  readonly kept: string;
}

/** Stores a value and says what is kept. Publishing never replaces, so an object that turns out to be damaged is deleted first. */
async function storeWhole(
  context: StepOutputContext,
  publication: Publication,
  manager: MemoizableIOManager,
): Promise<Kept> {
  try {
    return await storeAndCheck(context, publication, manager);
  } catch (error) {
    if (!MemoError.is(error, 'M5003') || manager.deleteOutput === undefined) throw error;
    await manager.deleteOutput(context);
    if (isByteStream(publication.value)) throw new SpentStream(`${managerName(manager)} held a damaged value`);
    return storeAndCheck(context, publication, manager);
  }
}

async function storeAndCheck(
  context: StepOutputContext,
  publication: Publication,
  manager: MemoizableIOManager,
): Promise<Kept> {
  const stored = await store(context, publication, manager);
  const kept = keptDigest({ manager, context, stored, digest: publication.digest, needed: publication.task.digests });
  return { stored, kept: typeof kept === 'string' ? kept : await kept };
}

async function store(
  context: StepOutputContext,
  { task, value }: Publication,
  manager: IOManager,
): Promise<StoredOutput> {
  try {
    const careful = task.digests && context.version !== undefined && manager.capabilities?.atomicCreate !== true;
    if (careful && (await (manager as MemoizableIOManager).hasOutput(context))) return { outcome: 'exists' };
    const stored = await manager.handleOutput(context, value);
    // Without atomic creation another writer may have been last: what is read back counts.
    if (careful) return { outcome: 'exists', ...sizeOf(stored) };
    return stored ?? { outcome: 'created' };
  } catch (cause) {
    if (MemoError.is(cause)) throw cause;
    throw new MemoError(
      'M5002',
      `${managerName(manager)} could not store ${context.step}.${context.output}: ${messageOf(cause)}`,
      {
        fix: 'Look at the cause; the step was not published and will run again.',
        details: { step: context.step, output: context.output, manager: managerName(manager) },
        cause,
      },
    );
  }
}

function sizeOf(stored: Awaited<ReturnType<IOManager['handleOutput']>>): Pick<StoredOutput, 'bytes' | 'codec'> {
  const { bytes, codec }: Partial<StoredOutput> = stored ?? {};
  return { ...(bytes === undefined ? {} : { bytes }), ...(codec === undefined ? {} : { codec }) };
}

interface KeptQuestion {
  readonly manager: IOManager;
  readonly context: StepOutputContext;
  readonly stored: StoredOutput;
  readonly digest: string;
  readonly needed: boolean;
}

/** The digest of what the store holds now: ours if we created it, else that of the value that was there. */
function keptDigest({ manager, context, stored, digest, needed }: KeptQuestion): string | Promise<string> {
  if (!needed) return '';
  if (stored.outcome === 'created' && digest !== '') return digest;
  return stored.contentDigest ?? digestOfStored(manager, context);
}

async function digestOfStored(manager: IOManager, context: StepOutputContext): Promise<string> {
  return valueDigest(await manager.loadInput(context), `${context.step}.${context.output}`);
}
