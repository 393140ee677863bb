import { nodeAt, type SyntaxNode } from '../syntax-tree.ts';
import { callsAndClassesOf } from '../traversal.ts';

/**
 * Where the calls of a program stand, as frames of a stack name them: the function's name, the method's, or `new`; and for the constructor that a
 * class has which only inherits one, the class. Ascending.
 */
export function callPositions(program: SyntaxNode): readonly number[] {
  const positions = new Set<number>();
  for (const node of callsAndClassesOf(program)) {
    const isClass = node.type.startsWith('Class');
    if (isClass && nodeAt(node, 'superClass') !== undefined) positions.add(node.start);
    if (isClass) continue;
    positions.add(node.start);
    const property = nodeAt(nodeAt(node, 'callee') ?? node, 'property');
    if (property !== undefined) positions.add(property.start);
  }
  return [...positions].sort((left, right) => left - right);
}
