import { placeOf } from '../definitions/definition-site.ts';
import { issuePath } from '../definitions/standard-schema.ts';
import { MemoError, messageOf } from '../errors/memo-error.ts';
import type { EventStream } from '../events/event-stream.ts';
import { type IOManager, managerName } from '../io/io-manager.ts';
import { type ContextScope, StepOutputContext } from '../plan/output-contexts.ts';
import type { ExecutionPlan, ExecutionStep, ListSource, LiteralSource } from '../trace/execution-plan.ts';
import type { ReadAddress, StepTask, TaskInput } from './step-task.ts';

/** What loading works with. */
export interface Loader {
  readonly plan: ExecutionPlan;
  readonly scope: ContextScope;
  readonly events: EventStream;
  readonly managerFor: (io: string, version: string | undefined) => IOManager;
  readonly signal: AbortSignal;
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

/** The input object of a step: every value a copy of its own. @throws LostInput, MemoError M2107, M5002. */
export async function loadInputs(task: StepTask, step: ExecutionStep, loader: Loader): Promise<object> {
  const input: Record<string, unknown> = {};
  for (const [at, given] of task.inputs.entries()) {
    const value = given.from === 'literal' ? literalAt(step, at) : await loadInput(given, step, { loader, at });
    if (given.name === '__proto__')
      Object.defineProperty(input, given.name, { value, enumerable: true, writable: true, configurable: true });
    else input[given.name] = value;
  }
  return step.op.inputs === undefined ? input : ((await validated(step, input)) as object);
}

function literalAt(step: ExecutionStep, at: number): unknown {
  return (step.inputs[at]?.source as LiteralSource).literal.fresh();
}

async function loadInput(
  given: Exclude<TaskInput, { readonly from: 'literal' }>,
  step: ExecutionStep,
  { loader, at }: { readonly loader: Loader; readonly at: number },
): Promise<unknown> {
  const source = step.inputs[at]?.source;
  if (given.from === 'output') return loadAddress(given.address, { step, input: given.name, loader });
  const values: unknown[] = [];
  for (const [index, item] of given.items.entries()) {
    if (item === 'absent') continue;
    if (item === 'literal') values.push(((source as ListSource).items[index] as LiteralSource).literal.fresh());
    else values.push(await loadAddress(item, { step, input: given.name, loader }));
  }
  return values;
}

interface Reading {
  readonly step: ExecutionStep;
  readonly input: string;
  readonly loader: Loader;
}

async function loadAddress(address: ReadAddress, { step, input, loader }: Reading): Promise<unknown> {
  const { plan, scope, events, managerFor, signal } = loader;
  const producer = plan.steps[plan.indexOf.get(address.step) as number] as ExecutionStep;
  const { output, version } = address;
  const context = new StepOutputContext(scope, producer, {
    output,
    version,
    consumer: { step: step.id, input },
    signal,
  });
  const value = await loadStored(managerFor(address.io, version), context, (error) => new LostInput(address, error));
  if (events.observed) {
    events.emit({
      type: 'output.loaded',
      step: address.step,
      output,
      ...(version === undefined ? {} : { version }),
      by: step.id,
      input,
    });
  }
  return value;
}

/**
 * Loads a stored output.
 *
 * @param lost what to throw for a value that is gone or damaged (M5003, M5004).
 * @throws MemoError M5002 for a store that refuses or cannot be reached.
 */
export async function loadStored(
  manager: IOManager,
  context: StepOutputContext,
  lost: (error: MemoError) => Error,
): Promise<unknown> {
  try {
    return await manager.loadInput(context);
  } catch (cause) {
    if (MemoError.is(cause, 'M5003') || MemoError.is(cause, 'M5004')) throw lost(cause);
    if (MemoError.is(cause)) throw cause;
    throw new MemoError(
      'M5002',
      `${managerName(manager)} could not load ${context.step}.${context.output}: ${messageOf(cause)}`,
      {
        fix: 'Make the store reachable and readable.',
        details: { step: context.step, output: context.output, manager: managerName(manager) },
        cause,
      },
    );
  }
}

async function validated(step: ExecutionStep, input: object): Promise<unknown> {
  const result = await step.op.inputs?.['~standard'].validate(input);
  if (result === undefined) return input;
  if (result.issues === undefined) return result.value;
  const issues = result.issues.map((issue) => `\`${issuePath(issue)}\`: ${issue.message}`).join('; ');
  throw new MemoError('M2107', `Step "${step.id}" got inputs that its schema refuses: ${issues}.`, {
    fix: 'Pass values of the declared types.',
    place: placeOf(step.op.site),
    details: { step: step.id, op: step.op.name },
  });
}
