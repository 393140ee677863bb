import type { SyntaxNode } from './syntax-tree.ts';

/** What stands in a normal form for names, where they do not count as they are spelled. */
export interface NameForms {
  /** What stands for a name, a member of one, or an expression that loads a module; `undefined` where it stands for itself. */
  of(node: SyntaxNode): string | undefined;
  /** True when a variable of the declaration is assigned later, so that `const` and `let` differ. */
  isReassigned(declaration: SyntaxNode): boolean;
  /** True where code that is made from text may use any name. */
  readonly areVisible: boolean;
}

/** How a {@link writeNamedForm} differs from that of a program. */
export interface NamedFormOptions {
  readonly names: NameForms;
  /** The types of decorated classes count. */
  readonly keepTypes: boolean;
}
