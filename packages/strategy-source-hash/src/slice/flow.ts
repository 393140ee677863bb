import type { SyntaxNode } from '../syntax-tree.ts';
import type { Local } from './scope.ts';
import type { Ref } from './unit.ts';

/**
 * Where a value may come from: a variable, a reference, the caller of a function, or something global; or a member of `this` that the code around it
 * gives an empty container or a function, and others may replace.
 */
export type Origin = Local | Ref | 'param' | 'global' | 'container' | 'method';

/** Where the value of a variable may come from. */
export interface Flow {
  /** What the variable may be another name for. */
  readonly self: Set<Origin>;
  /** What the variable may be, or be a part of, or be given by. */
  readonly from: Set<Origin>;
  /** What its parts may be. */
  readonly inside: Set<Origin>;
  /** Everything that was bound. */
  readonly bound: Bound[];
  /** How many of these are in {@link self} by now: nobody asks about most variables. */
  named: number;
  /** The same of {@link from} and {@link inside}: of most of the others is asked only what they may be another name for. */
  held: number;
  /** Of that, what was put into the value. */
  readonly put: Bound[];
}

export function newFlow(): Flow {
  return { self: new Set(), from: new Set(), inside: new Set(), bound: [], named: 0, held: 0, put: [] };
}

/** Something that a variable, or a part of it, holds: what an expression gives, or what comes from the caller. */
export interface Bound {
  readonly value: SyntaxNode | 'param';
  /** `inside`: it becomes a member; `handed`: a method or function is given it; with `deep` in a part of what the variable holds. */
  readonly as: 'whole' | 'part' | 'parameter' | 'inside' | 'handed';
  readonly isDeep?: boolean;
}

/** True for a variable inside the unit. */
export function isLocal(origin: Origin): origin is Local {
  return typeof origin === 'object' && !('to' in origin);
}

/** True for what becomes part of a value. */
export function isPut({ as }: Bound): boolean {
  return as === 'inside' || as === 'handed';
}
