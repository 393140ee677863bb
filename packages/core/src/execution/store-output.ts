import { MemoError, messageOf } from '../errors/memo-error.ts';
import { valueDigest } from '../hash/value-digest.ts';
import { type IOManager, type MemoizableIOManager, managerName, type StoredOutput } from '../io/io-manager.ts';
import type { StepOutputContext } from '../plan/output-contexts.ts';
import { isPromiseLike, onceThere } from './in-turn.ts';
import { isByteStream, SpentStream } from './stream-output.ts';

/** A value that is to be stored. */
export interface Storable {
  readonly value: unknown;
  /** Its content digest; `''` where nobody knows it yet. */
  readonly digest: string;
  /** False where nobody needs digests. */
  readonly isDigested: boolean;
}

export interface Kept {
  readonly stored: StoredOutput;
  /** Content digest of what the store holds now. */
  readonly kept: string;
}

/** Stores a value and says what is kept. Publishing never replaces, so an object that turns out to be damaged is deleted first. */
export function storeWhole(
  context: StepOutputContext,
  subject: Storable,
  manager: MemoizableIOManager,
): Kept | Promise<Kept> {
  const mend = async (error: unknown): Promise<Kept> => {
    if (!MemoError.is(error, 'M5003') || manager.deleteOutput === undefined) throw error;
    await manager.deleteOutput(context);
    if (isByteStream(subject.value)) throw new SpentStream(`${managerName(manager)} held a damaged value`);
    return storeAndCheck(context, subject, manager);
  };
  try {
    const kept = storeAndCheck(context, subject, manager);
    return kept instanceof Promise ? kept.catch(mend) : kept;
  } catch (error) {
    return mend(error);
  }
}

function storeAndCheck(
  context: StepOutputContext,
  subject: Storable,
  manager: MemoizableIOManager,
): Kept | Promise<Kept> {
  const { digest, isDigested } = subject;
  const stored = store(context, subject, manager);
  if (!(stored instanceof Promise) && isDigested && stored.outcome === 'created' && digest !== '')
    return { stored, kept: digest };
  return onceThere(stored, (late) =>
    onceThere(keptDigest({ manager, context, stored: late, digest, needed: isDigested }), (kept) => ({
      stored: late,
      kept,
    })),
  );
}

function store(
  context: StepOutputContext,
  { value, isDigested }: Storable,
  manager: MemoizableIOManager,
): StoredOutput | Promise<StoredOutput> {
  const careful = isDigested && context.version !== undefined && manager.capabilities?.atomicCreate !== true;
  const fail = (cause: unknown): never => {
    throw storingFailed(context, manager, cause);
  };
  try {
    if (careful) return storeCarefully(context, value, manager).catch(fail);
    const stored = manager.handleOutput(context, value);
    if (isPromiseLike(stored)) return Promise.resolve(stored).then((late) => late ?? CREATED, fail);
    return stored ?? CREATED;
  } catch (cause) {
    return fail(cause);
  }
}

const CREATED: StoredOutput = { outcome: 'created' };

/** Without atomic creation another writer may have been last: what is read back counts. */
async function storeCarefully(
  context: StepOutputContext,
  value: unknown,
  manager: MemoizableIOManager,
): Promise<StoredOutput> {
  if (await manager.hasOutput(context)) return { outcome: 'exists' };
  return { outcome: 'exists', ...sizeOf(await manager.handleOutput(context, value)) };
}

function storingFailed(context: StepOutputContext, manager: IOManager, cause: unknown): unknown {
  if (MemoError.is(cause)) return cause;
  const { step, output } = context;
  return new MemoError('M5002', `${managerName(manager)} could not store ${step}.${output}: ${messageOf(cause)}`, {
    fix: 'Look at the cause; the step was not published and will run again.',
    details: { step, output, manager: managerName(manager) },
    cause,
  });
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
