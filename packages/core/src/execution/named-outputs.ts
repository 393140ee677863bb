import { placeOf } from '../definitions/definition-site.ts';
import { MemoError } from '../errors/memo-error.ts';
import type { ExecutionStep } from '../trace/execution-plan.ts';

/** In place of the value of an output that was left out: `undefined` is a value. */
export const ABSENT: unique symbol = Symbol('absent');

/** The outputs of a step, by name, in the order in which they are declared. */
export type NamedValues = readonly (readonly [string, unknown])[];

/**
 * What an op returned for each of its outputs, {@link ABSENT} for optional ones that it left out.
 *
 * @throws MemoError M6002
 */
export function namedOutputs(step: ExecutionStep, returned: unknown): NamedValues {
  const { op } = step;
  if (op.single) return [['result', returned]];
  if (op.outputs.length === 0) return [];
  if (typeof returned !== 'object' || returned === null)
    throw wrongOutputs(step, `returned ${returned === null ? 'null' : typeof returned}`);
  const declared = new Set(op.outputs.map(({ name }) => name));
  const extra = Object.keys(returned).filter((name) => !declared.has(name));
  const missing = op.outputs
    .filter(({ name, optional }) => !optional && !Object.hasOwn(returned, name))
    .map(({ name }) => name);
  if (extra.length > 0 || missing.length > 0) {
    const parts = [
      ...(missing.length === 0 ? [] : [`returned no ${missing.map((name) => `"${name}"`).join(', ')}`]),
      ...(extra.length === 0
        ? []
        : [`returned ${extra.map((name) => `"${name}"`).join(', ')}, which it does not declare`]),
    ];
    throw wrongOutputs(step, parts.join(' and '));
  }
  return op.outputs.map(
    ({ name }) => [name, Object.hasOwn(returned, name) ? (returned as Record<string, unknown>)[name] : ABSENT] as const,
  );
}

function wrongOutputs(step: ExecutionStep, problem: string): MemoError {
  return new MemoError(
    'M6002',
    `Step "${step.id}" ${problem}; declared outputs: ${step.op.outputs.map(({ name }) => name).join(', ')}.`,
    {
      fix: 'Return an object with exactly the declared outputs, or declare an output `optional: true`.',
      place: placeOf(step.op.site),
      details: { step: step.id, op: step.op.name },
    },
  );
}
