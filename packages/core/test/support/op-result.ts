import { createHash } from 'node:crypto';
import type { WiredOp } from './job-model.ts';

/** What ops of random jobs give: what tells whether it is the same. */
export interface Value {
  readonly data: string;
}

/** What an execution of an op depends on. */
export interface Execution {
  readonly op: WiredOp;
  readonly config: number;
  /** By input name; lists for fan-in. */
  readonly inputs: Readonly<Record<string, unknown>>;
  /** The values of the required resources, by name. */
  readonly resources: Readonly<Record<string, string>>;
  /** What volatile ops read beside: the step that they belong to, and the state of the world. */
  readonly outside: string | undefined;
  /** What chance gave it; `undefined` for ops that leave nothing to chance. */
  readonly chance: number | undefined;
}

/** Which execution it is: equal for executions that cannot be told apart. */
export function executionId(execution: Execution): string {
  const { op, config, inputs, resources, outside, chance } = execution;
  return digest([op.name, op.code, config, inputs, resources, outside ?? null, chance ?? null]);
}

/** What is asked of an op: equal for executions between which only chance can make a difference. */
export function questionOf(execution: Execution): string {
  return executionId({ ...execution, chance: undefined });
}

/**
 * The data of each output of an execution; optional ones are left out in one of two executions. Coarse ops give one of few contents,
 * so that what they give is often the same as before.
 */
export function outputsOf(op: WiredOp, id: string): ReadonlyMap<string, string> {
  const given = op.outputs.filter(({ optional }, at) => !optional || Number.parseInt(id.charAt(at), 16) % 2 === 0);
  const content = op.coarse === 0 ? id : `${Number.parseInt(id.slice(-6), 16) % op.coarse}`;
  return new Map(given.map(({ name }) => [name, `${op.name}.${name}:${content}`]));
}

/** The value of a resource: what it was made from. */
export function resourceValue(
  name: string,
  made: { readonly code: number; readonly config: number; readonly use: object },
): string {
  return `${name}:${digest([made.code, made.config, made.use])}`;
}

function digest(parts: unknown): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 12);
}
