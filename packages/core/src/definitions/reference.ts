import { MemoError, type Place } from '../errors/memo-error.ts';

declare const VALUE: unique symbol;
declare const STEP: unique symbol;

/**
 * The future output of a step. Pass it to another op, in `after`, or return it from `build`; it has no value while the job
 * is wired, and reading from it throws M2104.
 */
export interface Ref<out T> {
  readonly [VALUE]: T;
}

/** A step without outputs, for use in `after`. */
export interface StepRef {
  readonly [STEP]: true;
}

/** What `after` takes: an output, a step without outputs, the outputs of one step, or the id of any step of the job. */
export type AfterTarget = string | Ref<unknown> | StepRef | { readonly [output: string]: Ref<unknown> };

/** What a reference stands for, inside core. */
export interface Target {
  /** The build() that made it; references do not cross builds. */
  readonly owner: object;
  /** Position in the order in which the build made its steps. */
  readonly step: number;
  readonly stepId: string;
  /** `undefined` for a step without outputs. */
  readonly output: string | undefined;
  /** Finds the user's position when the reference is misused. */
  locate(): Place | undefined;
}

const TARGET: unique symbol = Symbol.for('@memo/core/ref') as never;
const STEP_TARGET: unique symbol = Symbol.for('@memo/core/step-outputs') as never;

/** A reference: an object that only core can look into. */
export function makeRef<T>(target: Target): Ref<T> {
  return new Proxy(target, REF_HANDLER) as unknown as Ref<T>;
}

/** The outputs of one step by name; an unknown name is an error instead of a silent `undefined`. */
export function makeOutputs(target: Target, refs: Readonly<Record<string, Ref<unknown>>>): object {
  const holder = Object.assign(Object.create(null), refs) as Record<string, unknown>;
  const names = Object.keys(refs);
  return new Proxy(Object.freeze(holder), {
    get: (held, key) => {
      if (key === STEP_TARGET) return target;
      if (typeof key === 'symbol') return undefined;
      if (Object.hasOwn(held, key)) return held[key];
      throw new MemoError('M2104', `".${key}" was read from the outputs of step "${target.stepId}" inside build().`, {
        because: `The op declares the outputs ${names.map((name) => `"${name}"`).join(', ')}.`,
        fix: 'Read a declared output, or add the name to `outputs` of the op.',
        place: target.locate(),
        details: { step: target.stepId },
      });
    },
  });
}

/**
 * What a reference stands for, or `undefined` for every other value. Lists are not asked for the symbol: there are several kinds of them to the engine, which
 * compiles this, and all that calls it, again for each kind that it meets here.
 */
export function targetOf(value: unknown): Target | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return (value as { readonly [TARGET]?: Target })[TARGET];
}

/** The step whose outputs an object holds, or `undefined` for every other value. */
export function stepTargetOf(value: unknown): Target | undefined {
  if (typeof value !== 'object' || value === null || targetOf(value) !== undefined) return undefined;
  return (value as { readonly [STEP_TARGET]?: Target })[STEP_TARGET];
}

const REF_HANDLER: ProxyHandler<Target> = {
  get: (held, key) => {
    if (key === TARGET) return held;
    if (key === STEP_TARGET) return undefined;
    throw usedAsValue(held, key === Symbol.toPrimitive ? 'The value' : `"${describeKey(key)}"`);
  },
  has: (held, key) => {
    if (key === TARGET) return true;
    throw usedAsValue(held, `"${describeKey(key)}"`);
  },
  ownKeys: (held) => {
    throw usedAsValue(held, 'The list of properties');
  },
  set: (held, key) => {
    throw usedAsValue(held, `"${describeKey(key)}"`);
  },
  defineProperty: (held, key) => {
    throw usedAsValue(held, `"${describeKey(key)}"`);
  },
  deleteProperty: (held, key) => {
    throw usedAsValue(held, `"${describeKey(key)}"`);
  },
};

function describeKey(key: PropertyKey): string {
  return typeof key === 'symbol' ? `[${key.description ?? 'symbol'}]` : `.${String(key)}`;
}

function usedAsValue(held: Target, what: string): MemoError {
  const { stepId, output } = held;
  const from = output === undefined || output === 'result' ? stepId : `${stepId}.${output}`;
  return new MemoError('M2104', `${what} was read from ${from} inside build().`, {
    because: 'build() only wires steps: the output has no value until the job runs.',
    fix: 'Pass the reference to an op and read it there, or declare a named output for the part that you need.',
    place: held.locate(),
    details: { step: stepId, ...(output === undefined ? {} : { output }) },
  });
}
