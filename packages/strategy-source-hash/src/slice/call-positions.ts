import { childrenOf } from '../syntax-children.ts';
import { nodeAt, type SyntaxNode } from '../syntax-tree.ts';

/** Where the calls of a program stand, as frames of a stack name them: the function's name, the method's, or `new`. */
export function callPositions(program: SyntaxNode): readonly number[] {
  const positions = new Set<number>();
  const pending: SyntaxNode[] = [program];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    if (node.type === 'CallExpression' || node.type === 'NewExpression') {
      positions.add(node.start);
      const property = nodeAt(nodeAt(node, 'callee') ?? node, 'property');
      if (property !== undefined) positions.add(property.start);
    }
    pending.push(...childrenOf(node));
  }
  return [...positions].sort((left, right) => left - right);
}
