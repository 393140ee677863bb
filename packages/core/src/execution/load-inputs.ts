import { placeOf } from '../definitions/definition-site.ts';
import { issuePath } from '../definitions/standard-schema.ts';
import { MemoError, messageOf } from '../errors/memo-error.ts';
import type { EventStream } from '../events/event-stream.ts';
import { writeField } from '../hash/record-fields.ts';
import { type IOManager, managerName } from '../io/io-manager.ts';
import { type ContextScope, StepOutputContext } from '../plan/output-contexts.ts';
import type { LiteralSource } from '../trace/config-value.ts';
import type { ExecutionPlan, ExecutionStep } from '../trace/execution-plan.ts';
import type { ListSource } from '../trace/input-source.ts';
import { inTurn, isPromiseLike, onceThere } from './in-turn.ts';
import { contentOf, isContentOf, otherContent } from './loaded-content.ts';
import { ABSENT } from './named-outputs.ts';
import type { ReadAddress, StepTask, TaskInput } from './step-task.ts';

/** What loading works with. */
export interface Loader {
  readonly plan: ExecutionPlan;
  readonly scope: ContextScope;
  readonly events: EventStream;
  readonly managerFor: (io: string, version: string | undefined) => IOManager;
  readonly signal: AbortSignal;
  /** Told the content of a value of which no record tells; false where it was another one before. */
  readonly see: (address: ReadAddress, digest: string) => boolean;
}

/** An input that counted as present is gone or damaged: its step has to run again. */
export class LostInput extends Error {
  readonly address: ReadAddress;
  readonly error: MemoError;

  constructor(address: ReadAddress, error: MemoError) {
    super(error.message);
    this.address = address;
    this.error = error;
  }
}

/**
 * The input object of a step, or a promise of it where a store or the schema makes one: every value a copy of its own.
 *
 * @throws LostInput, MemoError M2107, M5002, or the promise rejects.
 */
export function loadInputs(task: StepTask, step: ExecutionStep, loader: Loader): object {
  const { inputs, digests } = task;
  const loaded = inTurn(inputs, (given, at) =>
    given.from === 'literal' ? literalAt(step, at) : loadInput(given, step, { loader, at, digests }),
  );
  return onceThere(loaded, (values) => {
    const input: Record<string, unknown> = {};
    for (let at = 0; at < inputs.length; at++) writeField(input, (inputs[at] as TaskInput).name, values[at]);
    return step.op.inputs === undefined ? input : validated(step, input);
  });
}

function literalAt(step: ExecutionStep, at: number): unknown {
  const source = step.sources[at] as LiteralSource;
  return source.literal.fresh();
}

function loadInput(
  given: Exclude<TaskInput, { readonly from: 'literal' }>,
  step: ExecutionStep,
  { at, ...how }: Pick<Reading, 'loader' | 'digests'> & { readonly at: number },
): unknown {
  const reading = { step, input: given.name, ...how };
  if (given.from === 'output') return loadAddress(given.address, reading);
  return loadList(given.items, step.sources[at] as ListSource, reading);
}

function loadList(items: ListItems, source: ListSource, reading: Reading): unknown {
  const loaded = inTurn(items, (item, at) => {
    if (item === 'absent') return ABSENT;
    return item === 'literal' ? (source.items[at] as LiteralSource).literal.fresh() : loadAddress(item, reading);
  });
  return items.includes('absent') ? onceThere(loaded, (values) => values.filter((value) => value !== ABSENT)) : loaded;
}

type ListItems = Extract<TaskInput, { readonly from: 'list' }>['items'];

interface Reading {
  readonly step: ExecutionStep;
  readonly input: string;
  readonly loader: Loader;
  /** True where the run has to know what it reads. */
  readonly digests: boolean;
}

function loadAddress(address: ReadAddress, { step, input, loader, digests }: Reading): unknown {
  const { plan, scope, events, managerFor, signal } = loader;
  const producer = plan.steps[address.index] as ExecutionStep;
  const { output, version, take, digest } = address;
  const context = new StepOutputContext(scope, producer, {
    output,
    version,
    take,
    contentDigest: digest,
    consumer: { step: step.id, input },
    signal,
  });
  const manager = managerFor(address.io, version);
  const value = loadStored(manager, context, (error) => new LostInput(address, error));
  const isUnknown = digests && digest === undefined;
  if (!events.observed && !isUnknown) return value;
  const told = (loaded: unknown): unknown => {
    const content = isUnknown ? contentOf(context, loaded, manager) : undefined;
    if (content !== undefined && !loader.see(address, content))
      throw new LostInput(address, otherContent(context, 'It is not what was read of it before.'));
    const shown = version === undefined ? {} : { version };
    if (events.observed)
      events.emit({ type: 'output.loaded', step: address.step, output, ...shown, by: step.id, input });
    return loaded;
  };
  return value instanceof Promise ? value.then(told) : told(value);
}

/**
 * Loads a stored output: the value, or a promise of it where the store makes one. Another content than `context.contentDigest` counts as damaged.
 *
 * @param lost what to throw for a value that is gone or damaged (M5003, M5004).
 * @throws MemoError M5002 for a store that refuses or cannot be reached.
 */
export function loadStored(manager: IOManager, context: StepOutputContext, lost: (error: MemoError) => Error): unknown {
  const loading = { manager, context, lost };
  try {
    const value = manager.loadInput(context);
    return isPromiseLike(value) ? loadedLater(value, loading) : checked(value, loading);
  } catch (cause) {
    throw loadingFailed(cause, loading);
  }
}

async function loadedLater(value: PromiseLike<unknown>, loading: Loading): Promise<unknown> {
  try {
    return checked(await value, loading);
  } catch (cause) {
    throw loadingFailed(cause, loading);
  }
}

function checked(value: unknown, { manager, context }: Loading): unknown {
  if (isContentOf(context, value, manager)) return value;
  throw otherContent(context, 'The record of its version names another one.');
}

interface Loading {
  readonly manager: IOManager;
  readonly context: StepOutputContext;
  readonly lost: (error: MemoError) => Error;
}

function loadingFailed(cause: unknown, { manager, context, lost }: Loading): Error {
  if (MemoError.is(cause, 'M5003') || MemoError.is(cause, 'M5004')) return lost(cause);
  if (MemoError.is(cause)) return cause;
  const what = `${context.step}.${context.output}`;
  return new MemoError('M5002', `${managerName(manager)} could not load ${what}: ${messageOf(cause)}`, {
    fix: 'Make the store reachable and readable.',
    details: { step: context.step, output: context.output, manager: managerName(manager) },
    cause,
  });
}

async function validated(step: ExecutionStep, input: object): Promise<object> {
  const result = await step.op.inputs?.['~standard'].validate(input);
  if (result === undefined) return input;
  if (result.issues === undefined) return result.value as object;
  const issues = result.issues.map((issue) => `\`${issuePath(issue)}\`: ${issue.message}`).join('; ');
  throw new MemoError('M2107', `Step "${step.id}" got inputs that its schema refuses: ${issues}.`, {
    fix: 'Pass values of the declared types.',
    place: placeOf(step.op.site),
    details: { step: step.id, op: step.op.name },
  });
}
