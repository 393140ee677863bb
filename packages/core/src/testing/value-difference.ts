import { inspect } from 'node:util';
import { kindOf } from '../hash/object-kind.ts';
import { pathText } from '../hash/path-text.ts';
import { type Child, childrenOf } from '../hash/path-to.ts';
import { valueDigest } from '../hash/value-digest.ts';
import { cutEnd } from '../plan/line-text.ts';

/** Where two values begin to differ, and how. */
export interface ValueDifference {
  /** `weights[3].bias`; `value` for the whole. */
  readonly path: string;
  /** What is there in the one and the other, in words. */
  readonly before: string;
  readonly after: string;
}

const LONGEST_VALUE = 80;

/** The first place, in the order of a store's encoding, at which two values that can be stored have different digests. */
export function valueDifference(before: unknown, after: unknown, label: string = 'value'): ValueDifference | undefined {
  if (sameValue(before, after)) return undefined;
  const path: string[] = [];
  const seen = new Set<unknown>();
  let pair = [before, after] as const;
  for (;;) {
    const [a, b] = pair;
    seen.add(a);
    const next = isSameKind(a, b) ? firstDifferent(childList(a), childList(b)) : undefined;
    if (next === undefined || seen.has(next.values[0])) break;
    path.push(next.segment);
    pair = next.values;
  }
  return { path: pathText(label, path), ...described(...pair) };
}

/** True for values that stand for each other in a store. */
export function sameValue(a: unknown, b: unknown): boolean {
  return Object.is(a, b) || valueDigest(a) === valueDigest(b);
}

interface Step {
  readonly segment: string;
  readonly values: readonly [unknown, unknown];
}

/** Nothing where the parts themselves are others: then the whole differs, and not one of its parts. */
function firstDifferent(before: readonly Child[], after: readonly Child[]): Step | undefined {
  if (!sameSegments(before, after)) return undefined;
  for (const [index, [segment, value]] of before.entries()) {
    const other = (after[index] as Child)[1];
    if (!sameValue(value, other)) return { segment, values: [value, other] };
  }
  return undefined;
}

function sameSegments(before: readonly Child[], after: readonly Child[]): boolean {
  return before.length === after.length && before.every(([segment], index) => segment === after[index]?.[0]);
}

function isSameKind(a: unknown, b: unknown): boolean {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  const [kind, other] = [kindOf(a), kindOf(b)];
  return kind === other && (kind !== 'array' || (a as unknown[]).length === (b as unknown[]).length);
}

function childList(value: unknown): readonly Child[] {
  return [...childrenOf(value as object)];
}

function described(a: unknown, b: unknown): Pick<ValueDifference, 'before' | 'after'> {
  const [before, after] = [shown(a), shown(b)];
  if (before !== after) return { before, after };
  if (isSameKind(a, b)) {
    const [keys, others] = [keysOf(a), keysOf(b)];
    if (keys !== others) return { before: `keys ${keys}`, after: `keys ${others}` };
  }
  return { before, after: `${after}, with another content` };
}

function keysOf(value: unknown): string {
  const keys = childList(value).map(([segment]) => segment.replace(/^\./, ''));
  return cutEnd(keys.join(', '), LONGEST_VALUE);
}

function shown(value: unknown): string {
  if (Array.isArray(value) && value.length > 3) return `an array of ${value.length}`;
  return cutEnd(inspect(value, { breakLength: Number.POSITIVE_INFINITY, depth: 1, maxArrayLength: 3 }), LONGEST_VALUE);
}
