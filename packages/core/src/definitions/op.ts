import type { Awaitable } from '../io/awaitable.ts';
import type { Log } from '../io/io-contexts.ts';
import { BRAND, type Brand, brandOf } from './brand.ts';
import { captureSite } from './definition-site.ts';
import { inputNamesOf } from './input-names.ts';
import { OP, type OpDefinition, type OutputDefinition } from './op-definition.ts';
import { type Policy, type ResolvedPolicy, resolvePolicy } from './policy.ts';
import type { AfterTarget, Ref, StepRef } from './reference.ts';
import { definitionOfResource, type Instances, type ResourceDefinition, type Uses } from './resource.ts';
import { checkSecretPaths, type SecretPath } from './secrets.ts';
import { checkSchema, type InputOf, type NoConfig, type OutputOf, type StandardSchema } from './standard-schema.ts';
import { activeWiring } from './wiring.ts';

/** What may be passed for an input of type `T`: the value, a reference to one, or a list of references for an array. */
export type Wire<T> = Ref<T> | T | (T extends readonly (infer E)[] ? readonly (Ref<E> | E)[] : never);

/** What is passed to an op inside `build`. */
export type Wires<I> = { readonly [K in keyof I]: Wire<I[K]> };

/** What an op's function gets beside its input. */
export interface OpContext<C, U> {
  /** The validated config: a frozen, canonical copy (keys sorted), secrets included. */
  readonly config: C;
  /** The live resources that the op requires. */
  readonly use: Instances<U>;
  /** Lines for people; they become `step.log` events. */
  readonly log: Log;
  /** Aborted on cancellation and timeout: pass it on to fetch, timers and child processes. */
  readonly signal: AbortSignal;
  readonly run: { readonly id: string; readonly step: string; readonly attempt: number };
  /** The step's version, 64 hexadecimal digits; `undefined` when the run is not memoized. */
  readonly version: string | undefined;
  /** Reports progress, for display. */
  progress(done: number, total?: number): void;
  /** Adds a fact to the step's end event. JSON values only. */
  annotate(key: string, value: unknown): void;
}

/** Settings of one output. */
export interface OutputSpec {
  /** Key of the IO manager of the job that keeps this output. Default: the op's, else the job's `default`. */
  readonly io?: string;
  /** The op may leave the output out of its result. Consumers of an absent output are skipped. Default: `false`. */
  readonly optional?: boolean;
  readonly description?: string;
}

/** Names of outputs, or settings by name. */
export type OutputsSpec = readonly string[] | { readonly [output: string]: OutputSpec };

type OutputNames<O> = O extends readonly unknown[] ? O[number] : keyof O;

/** What the function of an op with outputs `O` has to return: every output that is not optional. */
export type ResultShape<O> = [O] extends [never] | [readonly []]
  ? unknown
  : O extends readonly string[]
    ? { readonly [K in O[number]]: unknown }
    : { readonly [K in keyof O as O[K] extends { readonly optional: true } ? never : K]: unknown };

/** Nothing to check if `T` has the outputs `O`, all that are not optional and no others; else a text that no type has. */
export type CheckedOutputs<T, O> = [T] extends [ResultShape<O>]
  ? [Returned<T>] extends [OutputNames<O>]
    ? unknown
    : ExtraOutputs<T, O>
  : `run does not always return "${Unreturned<T, keyof ResultShape<O>>}"`;

type Unreturned<T, K> = K extends string ? ([T] extends [{ readonly [P in K]: unknown }] ? never : K) : never;

type Returned<T> = T extends unknown ? keyof T : never;

/** Of `any` and of objects with arbitrary keys nothing is known. What an op without outputs returns is dropped. */
type ExtraOutputs<T, O> = O extends readonly []
  ? unknown
  : string extends Returned<T>
    ? unknown
    : `run also returns "${Exclude<Returned<T>, OutputNames<O>> & string}"`;

/** What calling an op in `build` gives: a reference, or one for each declared output. */
export type OpResult<T, O> = [O] extends [never]
  ? Ref<T>
  : O extends readonly []
    ? StepRef
    : O extends readonly string[]
      ? { readonly [K in O[number]]: Ref<T[K & keyof T]> }
      : { readonly [K in keyof O]: Ref<OptionalOutput<T, K>> };

type OptionalOutput<T, K> = T extends unknown ? (K extends keyof T ? Required<T>[K] : never) : never;

/** Everything that an op may declare. */
export interface OpSpec<I, T, O, S, U> extends Policy {
  /** Validates the inputs before each run of the op (M2107); types are inferred from it. Default: inputs are not checked. */
  readonly inputs?: StandardSchema<unknown, I>;
  /** Names of the outputs, or settings by name. Default: one output, `result`. `[]`: none. */
  readonly outputs?: O & CheckedOutputs<T, O>;
  /** A schema for the op's config. Default: takes no config. */
  readonly config?: S;
  /** Parts of the config that must never be stored or shown, and do not enter the version. */
  readonly secret?: readonly SecretPath[];
  /** Resources that the op requires. */
  readonly uses?: U;
  /** Version of the op's code; beats the strategy. Change it whenever the op's behaviour changes. */
  readonly version?: string;
  /** Key of the IO manager that keeps the outputs. Default: `default`. */
  readonly io?: string;
  /** Environment variables that the op reads; their values enter the version, secret ones as an HMAC under `MEMO_SECRET_KEY`. */
  readonly env?: readonly (string | { readonly name: string; readonly secret: true })[];
  /** The op acts on the world (publish, notify, deploy): never shared between jobs or steps. Default: `false`. */
  readonly effect?: boolean;
  /** Beats the name of the nearest package.json as first part of the op's identity. */
  readonly namespace?: string;
  readonly description?: string;
  readonly run: (input: I, context: OpContext<OutputOf<S>, U>) => Awaitable<T>;
}

/** Settings of one use of an op. */
export interface StepOptions<C> extends Policy {
  /** Id of the step, `[A-Za-z0-9_.-]{1,200}`. Default: the op's name, with `_2`, `_3`… for further uses. */
  readonly id?: string;
  readonly config?: C;
  /** Steps that must be done before, though nothing flows from them. They enter the version. */
  readonly after?: AfterTarget | readonly AfterTarget[];
}

/** What an op is called with: inputs, options, or both may be left out where nothing in them is required. */
export type StepArguments<I, C> = {} extends C
  ? {} extends I
    ? [input?: Wires<I>, options?: StepOptions<C>]
    : [input: Wires<I>, options?: StepOptions<C>]
  : [input: Wires<I>, options: StepOptions<C> & { readonly config: C }];

/** A unit of computation. Call it inside a job's `build` to make a step. */
export interface Op<I, R, C> {
  (...args: StepArguments<I, C>): R;
  readonly kind: 'op';
  readonly opName: string;
  readonly [BRAND]: Brand;
  readonly [OP]: OpDefinition;
}

/** An op that is nothing but its function. */
export type OpRun<I, T> = (input: I, context: OpContext<{}, {}>) => Awaitable<T>;

/** The type of {@link op}. */
export type OpFunction = <
  I extends object = {},
  const O extends OutputsSpec = never,
  T = never,
  S extends StandardSchema = NoConfig,
  U extends Uses = {},
>(
  name: string,
  // One signature: compilers report every overload that does not fit, most of which nobody meant.
  spec: OpSpec<I, T, O, S, U> | OpRun<I, T>,
) => Op<I, OpResult<T, O>, InputOf<S>>;

/**
 * Defines an op from a function, or from a spec with config, resources, named outputs, retries, … Nothing runs here; call the op
 * inside a job's `build` to make a step.
 *
 * @throws TypeError for a wrong name, function, policy or output name.
 */
export const op: OpFunction = defineOp as unknown as OpFunction;

type AnySpec = OpSpec<never, unknown, OutputsSpec, StandardSchema, Uses>;

function defineOp(name: string, given: AnySpec['run'] | AnySpec): unknown {
  const spec: AnySpec = typeof given === 'function' ? { run: given } : given;
  checkSpec(name, spec);
  const definition: OpDefinition = Object.freeze({
    name,
    namespace: spec.namespace,
    outputs: outputsOf(name, spec),
    single: spec.outputs === undefined,
    inputs: spec.inputs,
    inputNames: spec.inputs === undefined ? inputNamesOf(spec.run) : undefined,
    config: spec.config,
    secret: spec.secret ?? [],
    uses: usesOf(name, spec.uses ?? {}),
    version: spec.version,
    env: (spec.env ?? []).map((entry) => (typeof entry === 'string' ? { name: entry, secret: false } : entry)),
    effect: spec.effect ?? false,
    policy: spec,
    run: spec.run as OpDefinition['run'],
    site: captureSite(defineOp),
  });
  const made = (input?: unknown, options?: unknown): unknown => activeWiring(name).addStep(definition, input, options);
  Object.defineProperty(made, 'name', { value: name });
  return Object.freeze(Object.assign(made, { kind: 'op', opName: name, [BRAND]: brandOf('op'), [OP]: definition }));
}

/** The policy of an op on its own, for checking it where it is defined. */
export function policyOf(definition: Pick<OpDefinition, 'name' | 'policy'>): ResolvedPolicy {
  return resolvePolicy(`op "${definition.name}"`, definition.policy);
}

function checkSpec(name: unknown, spec: AnySpec): void {
  if (typeof name !== 'string' || name === '' || name.length > 200) {
    throw new TypeError('op(name, …) takes a name of 1 to 200 characters.');
  }
  if (typeof spec !== 'object' || spec === null || typeof spec.run !== 'function') {
    throw new TypeError(`op(${JSON.stringify(name)}, …) takes a function, or an object with a \`run\` function.`);
  }
  checkSchema(`op ${JSON.stringify(name)}`, 'config', spec.config);
  checkSecretPaths(`op ${JSON.stringify(name)}`, spec.secret);
  checkSchema(`op ${JSON.stringify(name)}`, 'inputs', spec.inputs);
  policyOf({ name, policy: spec });
}

function outputsOf(opName: string, spec: AnySpec): readonly OutputDefinition[] {
  const io = spec.io ?? 'default';
  if (spec.outputs === undefined) return [{ name: 'result', io, optional: false }];
  const entries: (readonly [string, OutputSpec])[] = Array.isArray(spec.outputs)
    ? spec.outputs.map((name: string) => [name, {}] as const)
    : Object.entries(spec.outputs as { readonly [output: string]: OutputSpec });
  const outputs = entries.map(([name, output]) => ({ name, io: output.io ?? io, optional: output.optional ?? false }));
  const wrong = outputs.find(
    (output, at) => !OUTPUT_NAME.test(output.name) || outputs.findIndex((o) => o.name === output.name) < at,
  );
  if (wrong === undefined) return outputs;
  throw new TypeError(
    `Op "${opName}" has a wrong or repeated output name ${JSON.stringify(wrong.name)}; names are identifiers.`,
  );
}

const OUTPUT_NAME = /^(?!__proto__$)[A-Za-z_$][A-Za-z0-9_$]{0,99}$/;

function usesOf(opName: string, uses: Uses): Readonly<Record<string, ResourceDefinition>> {
  const entries = Object.entries(uses).map(([key, used]) => {
    return [key, definitionOfResource(used, `uses.${key} of op "${opName}"`)] as const;
  });
  return Object.freeze(Object.fromEntries(entries));
}
