import { nodeAt, type SyntaxNode } from '../syntax-tree.ts';
import { nodesOf } from '../traversal.ts';

/** Where the calls of a program stand, as frames of a stack name them: the function's name, the method's, or `new`. Ascending. */
export function callPositions(program: SyntaxNode): readonly number[] {
  const positions = new Set<number>();
  for (const node of nodesOf(program)) {
    if (node.type !== 'CallExpression' && node.type !== 'NewExpression') continue;
    positions.add(node.start);
    const property = nodeAt(nodeAt(node, 'callee') ?? node, 'property');
    if (property !== undefined) positions.add(property.start);
  }
  return [...positions].sort((left, right) => left - right);
}
