import { placeOf } from '../definitions/definition-site.ts';
import { issuePath } from '../definitions/standard-schema.ts';
import { MemoError, messageOf } from '../errors/memo-error.ts';
import type { EventStream } from '../events/event-stream.ts';
import { writeField } from '../hash/record-fields.ts';
import { type IOManager, managerName } from '../io/io-manager.ts';
import { type ContextScope, StepOutputContext } from '../plan/output-contexts.ts';
import type { ExecutionPlan, ExecutionStep } from '../trace/execution-plan.ts';
import { isPromiseLike } from './in-turn.ts';
import { contentOf, isContentOf, otherContent } from './loaded-content.ts';
import { ABSENT } from './named-outputs.ts';
import type { ListItem, ReadAddress, StepTask, TaskInput } from './step-task.ts';

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
  const input: Record<string, unknown> = {};
  const loading = loadFrom(0, input, { task, step, loader });
  if (step.op.inputs === undefined) return loading === undefined ? input : loading.then(() => input);
  return loading === undefined ? validated(step, input) : loading.then(() => validated(step, input));
}

interface Loading {
  readonly task: StepTask;
  readonly step: ExecutionStep;
  readonly loader: Loader;
}

/** Loads the inputs from one on, one after the other; a promise where one of them is. */
function loadFrom(first: number, input: Record<string, unknown>, loading: Loading): Promise<void> | undefined {
  const { task, step, loader } = loading;
  const { inputs } = task;
  const { sources } = loader.plan;
  let at = sources.first(step.index);
  for (let before = 0; before < first; before++) at = sources.behind(at);
  for (let next = first; next < inputs.length; next++) {
    const given = inputs[next] as TaskInput;
    const value = loadInput(given, at, loading);
    if (value instanceof Promise) {
      return value.then((late) => {
        writeField(input, given.name, late);
        return loadFrom(next + 1, input, loading);
      });
    }
    writeField(input, given.name, value);
    at = sources.behind(at);
  }
  return undefined;
}

/** @param at where the input stands in what steps read */
function loadInput(given: TaskInput, at: number, { task, step, loader }: Loading): unknown {
  if (given.from === 'literal') return loader.plan.sources.fresh(at);
  const reading = { step, input: given.name, loader, digests: task.digests };
  return given.from === 'output' ? loadAddress(given.address, reading) : loadItems(given.items, at + 1, reading);
}

/** @param first where the first item stands */
function loadItems(items: readonly ListItem[], first: number, reading: Reading): unknown[] | Promise<unknown[]> {
  const { sources } = reading.loader.plan;
  const values: unknown[] = [];
  let at = first;
  for (const item of items) {
    const value = loadItem(item, at, reading);
    if (value instanceof Promise) return loadItemsLater(items, value, { values, at, reading });
    values.push(value);
    at = sources.next(at);
  }
  return withoutAbsent(values);
}

interface LoadedItems {
  readonly values: unknown[];
  readonly at: number;
  readonly reading: Reading;
}

async function loadItemsLater(
  items: readonly ListItem[],
  first: Promise<unknown>,
  { values, at, reading }: LoadedItems,
): Promise<unknown[]> {
  const { sources } = reading.loader.plan;
  values.push(await first);
  let next = sources.next(at);
  for (const item of items.slice(values.length)) {
    values.push(await loadItem(item, next, reading));
    next = sources.next(next);
  }
  return withoutAbsent(values);
}

function loadItem(item: ListItem, at: number, reading: Reading): unknown {
  if (item === 'absent') return ABSENT;
  return item === 'literal' ? reading.loader.plan.sources.fresh(at) : loadAddress(item, reading);
}

function withoutAbsent(values: unknown[]): unknown[] {
  return values.includes(ABSENT) ? values.filter((value) => value !== ABSENT) : values;
}

interface Reading {
  readonly step: ExecutionStep;
  readonly input: string;
  readonly loader: Loader;
  /** True where the run has to know what it reads. */
  readonly digests: boolean;
}

function loadAddress(address: ReadAddress, { step, input, loader, digests }: Reading): unknown {
  const { plan, scope, events, managerFor, signal } = loader;
  const producer = plan.step(address.index);
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
  try {
    const value = manager.loadInput(context);
    if (isPromiseLike(value)) return loadedLater(value, { manager, context, lost });
    return checked(value, manager, context);
  } catch (cause) {
    throw loadingFailed(cause, { manager, context, lost });
  }
}

async function loadedLater(value: PromiseLike<unknown>, loaded: Loaded): Promise<unknown> {
  try {
    return checked(await value, loaded.manager, loaded.context);
  } catch (cause) {
    throw loadingFailed(cause, loaded);
  }
}

function checked(value: unknown, manager: IOManager, context: StepOutputContext): unknown {
  if (isContentOf(context, value, manager)) return value;
  throw otherContent(context, 'The record of its version names another one.');
}

interface Loaded {
  readonly manager: IOManager;
  readonly context: StepOutputContext;
  readonly lost: (error: MemoError) => Error;
}

function loadingFailed(cause: unknown, { manager, context, lost }: Loaded): Error {
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
