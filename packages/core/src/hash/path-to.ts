import { errorFields } from './error-fields.ts';
import { kindOf, MAX_NESTING } from './object-kind.ts';
import { fieldSegment, indexSegment } from './path-text.ts';
import type { Refusal } from './refusal.ts';

/** A part of an object, and what leads to it: `.name`, `[3]`, `.get("key")`. */
export type Child = readonly [segment: string, value: unknown];

/**
 * The way from `root` to what was refused. Encoders do not keep track of where they are, for speed; this second, slow walk
 * in the same order finds the place again. `undefined` when the value has changed meanwhile.
 */
export function pathTo(root: unknown, refusal: Refusal): readonly string[] | undefined {
  const seen = new Set<object>();
  const holders: unknown[] = [];
  const path: string[] = [];
  const visit = (value: unknown): boolean => {
    if (isOffender(value, refusal, holders)) return true;
    if (typeof value !== 'object' || value === null || seen.has(value)) return false;
    seen.add(value);
    holders.push(value);
    for (const [segment, child] of childrenOf(value)) {
      path.push(segment);
      if (visit(child)) return true;
      path.pop();
    }
    holders.pop();
    return false;
  };
  try {
    return visit(root) ? path : undefined;
  } catch {
    return undefined;
  }
}

function isOffender(value: unknown, refusal: Refusal, holders: readonly unknown[]): boolean {
  if (refusal.when === 'nesting') return holders.length >= MAX_NESTING && typeof value === 'object' && value !== null;
  return Object.is(value, refusal.offender) && (refusal.when !== 'cycle' || holders.includes(value));
}

/** The parts of an object in the order in which encoders take them, with what leads to each. */
export function* childrenOf(object: object): Generator<Child> {
  switch (kindOf(object)) {
    case 'record':
    case 'null-record':
      for (const key of Object.keys(object)) yield [fieldSegment(key), dataField(object, key)];
      break;
    case 'array':
      for (const index of Object.keys(object)) yield [indexSegment(index), dataField(object, index)];
      break;
    case 'map':
      yield* entriesOf(object as Map<unknown, unknown>);
      break;
    case 'set':
      yield* [...(object as Set<unknown>)].map((item, index): Child => [`.values()${indexSegment(index)}`, item]);
      break;
    case 'error': {
      const { hidden, shown } = errorFields(object);
      yield* [...hidden, ...shown].map(([key, value]): Child => [fieldSegment(key), value]);
      break;
    }
    default:
  }
}

function* entriesOf(map: Map<unknown, unknown>): Generator<Child> {
  let index = 0;
  for (const [key, value] of map) {
    yield [`.keys()${indexSegment(index)}`, key];
    const named = typeof key === 'string' || typeof key === 'number';
    yield [named ? `.get(${JSON.stringify(key)})` : `.values()${indexSegment(index)}`, value];
    index++;
  }
}

/** Never runs a getter: a walk that explains must not do anything else. */
function dataField(object: object, key: string): unknown {
  return Object.getOwnPropertyDescriptor(object, key)?.value;
}
