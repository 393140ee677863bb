import { namespaceOf } from '../definitions/namespace.ts';
import type { Json } from '../definitions/version-strategy.ts';
import type { InputContext, Log } from '../io/io-contexts.ts';
import { OrdinaryOutput } from '../io/ordinary-output.ts';
import type { ExecutionStep } from '../trace/execution-plan.ts';

/** What all contexts of one plan or run share. */
export interface ContextScope {
  readonly job: string;
  readonly runId: string;
  readonly signal: AbortSignal;
  logFor(step: string): Log;
}

/** Which output, under which version. */
export interface OutputAddress {
  readonly output: string;
  /** `undefined` for an output of this run only. */
  readonly version: string | undefined;
  /** For an output of this run only: the how manieth time its step ran in it; each has an address of its own. Default: 1. */
  readonly take?: number | undefined;
}

/** The context of one output; the address is built when it is asked for. */
export class StepOutputContext extends OrdinaryOutput implements InputContext {
  readonly job: string;
  readonly runId: string;
  readonly signal: AbortSignal;
  readonly step: string;
  readonly op: { readonly namespace: string; readonly name: string };
  readonly output: string;
  readonly version: string | undefined;
  readonly contentDigest: string | undefined;
  readonly consumer: { readonly step: string; readonly input: string } | undefined;
  readonly #scope: ContextScope;
  protected readonly take: number;
  #annotations: Record<string, Json> | undefined;

  constructor(
    scope: ContextScope,
    step: ExecutionStep,
    address: OutputAddress & Partial<Pick<InputContext, 'contentDigest' | 'consumer' | 'signal'>>,
  ) {
    super();
    this.#scope = scope;
    this.job = scope.job;
    this.runId = scope.runId;
    this.signal = address.signal ?? scope.signal;
    this.step = step.id;
    this.op = ownerOf(step);
    this.output = address.output;
    this.version = address.version;
    this.contentDigest = address.contentDigest;
    this.consumer = address.consumer;
    this.take = address.take ?? 1;
  }

  get log(): Log {
    return this.#scope.logFor(this.step);
  }

  /** Facts that the manager added. */
  get annotations(): Readonly<Record<string, Json>> | undefined {
    return this.#annotations;
  }

  annotate(key: string, value: unknown): void {
    this.#annotations ??= Object.create(null) as Record<string, Json>;
    this.#annotations[key] = value as Json;
  }
}

const owners = new WeakMap<object, { readonly namespace: string; readonly name: string }>();

/** Whose outputs those of a step are, as addresses name it. */
export function ownerOf(step: Pick<ExecutionStep, 'op'>): { readonly namespace: string; readonly name: string } {
  const known = owners.get(step.op);
  if (known !== undefined) return known;
  const owner = Object.freeze({ namespace: namespaceOf(step.op), name: step.op.name });
  owners.set(step.op, owner);
  return owner;
}
