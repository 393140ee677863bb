import { nodeAt, nodesAt, type SyntaxNode } from '../syntax-tree.ts';
import { TYPE_WRAPPERS } from '../type-syntax.ts';

/** A variable or property that is assigned. */
export interface AssignedTarget {
  readonly node: SyntaxNode;
  /** True when it gets something that the assigned value holds, rather than that value. */
  readonly isPart: boolean;
}

/** What an assignment to a pattern assigns. */
export function targetsOf(pattern: SyntaxNode | undefined, isPart: boolean): readonly AssignedTarget[] {
  if (pattern === undefined) return [];
  if (TYPE_WRAPPERS.has(pattern.type)) return targetsOf(nodeAt(pattern, 'expression'), isPart);
  switch (pattern.type) {
    case 'ObjectPattern':
      return nodesAt(pattern, 'properties').flatMap((one) =>
        targetsOf(nodeAt(one, 'value') ?? nodeAt(one, 'argument'), true),
      );
    case 'ArrayPattern':
      return nodesAt(pattern, 'elements').flatMap((element) => targetsOf(element, true));
    case 'AssignmentPattern':
      return targetsOf(nodeAt(pattern, 'left'), isPart);
    case 'RestElement':
      return targetsOf(nodeAt(pattern, 'argument'), true);
    default:
      return [{ node: pattern, isPart }];
  }
}
