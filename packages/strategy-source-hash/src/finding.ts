import type { Certainty, Place } from '@memo/core/plugin';
import { positionAt } from './syntax-tree.ts';

/** Something in a source file that a hash of source cannot see through. */
export interface Finding {
  /** `dynamic-import`, `eval`, `env:MODEL`, `env:*` … */
  readonly kind: string;
  readonly message: string;
  /** Where it stands in the text. */
  readonly offset: number;
  /** The file that is the cause, where it is not the one with the text. */
  readonly file?: string;
}

/** A finding with the file and line that it is in. */
export interface LocatedFinding extends Finding {
  readonly place: Place;
}

export function locate(finding: Finding, file: string, text: string): LocatedFinding {
  return {
    ...finding,
    place: finding.file === undefined ? { file, ...positionAt(text, finding.offset) } : { file: finding.file },
  };
}

/** Kinds under which the version still holds as long as a documented assumption does. All others are untrackable. */
const ASSUMED: ReadonlySet<string> = new Set([
  'function-not-found',
  'definition-not-found',
  'caller-unknown',
  'compiler-options',
  'lockfile',
  'declared-irrelevant',
  'declared-pure',
]);

export function certaintyOf(kind: string): Certainty {
  if (kind.startsWith('env:')) return 'assumed';
  // Without effect: the version is what it would be without the entry.
  if (kind === 'unmatched-override') return 'exact';
  // Nothing is missed by it: more counts than is used.
  if (kind === 'computed-member') return 'exact';
  return ASSUMED.has(kind) ? 'assumed' : 'untrackable';
}
