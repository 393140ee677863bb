import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { valueDigest } from '@memo/core/plugin';

/** Fails unless no consumer could tell the two values from each other. */
export function assertSameValue(actual: unknown, expected: unknown, what: string): void {
  const same = digestOf(actual) === digestOf(expected);
  assert.ok(same, `${what}: got ${short(actual)} instead of ${short(expected)}`);
}

/** True when no consumer could tell the two values from each other. */
export function isSameValue(actual: unknown, expected: unknown): boolean {
  return digestOf(actual) === digestOf(expected);
}

// What cannot be digested cannot have come out of a store whole.
function digestOf(value: unknown): string {
  try {
    return valueDigest(value);
  } catch {
    return `not a value: ${short(value)}`;
  }
}

function short(value: unknown): string {
  const text = inspect(value, { depth: 4, breakLength: Number.POSITIVE_INFINITY, maxStringLength: 100 });
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text;
}

const MAX_SHOWN = 300;
