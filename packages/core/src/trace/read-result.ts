import { stepTargetOf, targetOf } from '../definitions/reference.ts';
import { MemoError } from '../errors/memo-error.ts';
import type { ResultShapeNode } from './execution-plan.ts';

/** Whose result is read. */
export interface ResultReader {
  readonly job: string;
  /** The build that references must belong to. */
  readonly owner: object;
}

/**
 * What `build` returned, with references resolved; a single reference is the output `result`, nothing at all is no outputs.
 *
 * @throws MemoError M2103 for a promise, M2114 for anything that is not a reference.
 */
export function readResult(returned: unknown, reader: ResultReader): ReadonlyMap<string, ResultShapeNode> {
  if (returned === undefined) return new Map();
  if (targetOf(returned) === undefined && isPromise(returned)) {
    Promise.resolve(returned).catch(() => undefined);
    throw new MemoError('M2103', `build() of job "${reader.job}" returned a promise.`, {
      because: 'build() only wires steps; nothing in it can be awaited.',
      fix: 'Remove `async`, and do the awaiting inside an op.',
      details: { job: reader.job },
    });
  }
  const node = readNode(returned, '', reader);
  if (node === undefined) return new Map();
  return node.kind === 'object' ? node.fields : new Map([['result', node]]);
}

function readNode(value: unknown, path: string, reader: ResultReader): ResultShapeNode | undefined {
  const target = targetOf(value);
  if (target !== undefined) {
    if (target.owner !== reader.owner)
      throw wrong(reader, path, { what: 'an output of another build()', code: 'M2111' });
    // A step without outputs is a sink: it runs anyway, and there is nothing to load.
    return target.output === undefined ? undefined : { kind: 'output', step: target.step, output: target.output };
  }
  if (Array.isArray(value)) {
    const items = value.map((item, index) => readNode(item, `${path}[${index}]`, reader));
    return { kind: 'list', items: items.filter((item) => item !== undefined) };
  }
  if (typeof value !== 'object' || value === null || !isPlain(value))
    throw wrong(reader, path, { what: describe(value), code: 'M2114' });
  const fields = new Map<string, ResultShapeNode>();
  for (const key of Object.keys(value)) {
    const node = readNode((value as Record<string, unknown>)[key], `${path}.${key}`, reader);
    if (node !== undefined) fields.set(key, node);
  }
  return { kind: 'object', fields };
}

interface Wrong {
  readonly what: string;
  readonly code: 'M2111' | 'M2114';
}

function wrong(reader: ResultReader, path: string, { what, code }: Wrong): MemoError {
  return new MemoError(code, `build() of job "${reader.job}" returned ${what}${path === '' ? '' : ` at ${path}`}.`, {
    fix: 'Return outputs of steps: { report: report({ … }) }. A plain value can go through an op.',
    details: { job: reader.job, path },
  });
}

function isPlain(value: object): boolean {
  if (stepTargetOf(value) !== undefined) return true;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function isPromise(value: unknown): boolean {
  return (
    typeof value === 'object' &&
    value !== null &&
    stepTargetOf(value) === undefined &&
    typeof (value as { then?: unknown }).then === 'function'
  );
}

function describe(value: unknown): string {
  if (typeof value === 'string') return 'a string';
  if (typeof value === 'object' && value !== null) return `an instance of ${value.constructor?.name ?? 'a class'}`;
  return value === null ? 'null' : `a ${typeof value}`;
}
