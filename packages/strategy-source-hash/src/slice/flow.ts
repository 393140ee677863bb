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
  /** What was bound since somebody asked last: nobody asks about most variables. */
  readonly bound: Bound[];
  /** Everything that was bound. */
  readonly all: Bound[];
}

/** Something that a variable, or a part of it, holds: what an expression gives, or what comes from the caller. */
export interface Bound {
  readonly value: SyntaxNode | 'param';
  readonly as: 'whole' | 'part' | 'inside' | 'parameter';
}
