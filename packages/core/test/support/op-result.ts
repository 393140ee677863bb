import { createHash } from 'node:crypto';
import type { WiredOp } from './job-model.ts';

/**
 * What ops of random jobs give: what they were computed from, and which execution of which step version each part of it comes from.
 */
export interface Value {
  readonly data: string;
  /** By step version (for volatile steps: by step), the execution that this value was computed from, directly or not. */
  readonly seen: Readonly<Record<string, string>>;
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

/** The data of each output of an execution; optional ones are left out in one of two executions. */
export function outputsOf(op: WiredOp, id: string): ReadonlyMap<string, string> {
  const given = op.outputs.filter(({ optional }, at) => !optional || Number.parseInt(id.charAt(at), 16) % 2 === 0);
  return new Map(given.map(({ name }) => [name, `${op.name}.${name}:${id}`]));
}

/** The value of a resource: what it was made from. */
export function resourceValue(
  name: string,
  made: { readonly code: number; readonly config: number; readonly use: object },
): string {
  return `${name}:${digest([made.code, made.config, made.use])}`;
}

/**
 * Everything that some values were computed from.
 *
 * @throws Error when they come from two executions of one step version.
 */
export function seenIn(values: Iterable<Value>): Record<string, string> {
  const seen: Record<string, string> = {};
  for (const value of values) {
    for (const [version, id] of Object.entries(value.seen)) {
      const other = seen[version] ?? id;
      if (other !== id) throw new MixedExecutions(version, [other, id]);
      seen[version] = id;
    }
  }
  return seen;
}

/** Values that come from two executions of one step version met. */
export class MixedExecutions extends Error {
  constructor(version: string, ids: readonly string[]) {
    super(`values of two executions of ${version.slice(0, 8)} meet: ${ids.join(' and ')}`);
  }
}

function digest(parts: unknown): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 12);
}
