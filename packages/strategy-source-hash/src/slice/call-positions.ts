import { isNode, nodeAt, type SyntaxNode } from '../syntax-tree.ts';

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
    for (const name in node) {
      const value = node[name];
      if (isNode(value)) pending.push(value);
      else if (Array.isArray(value)) pending.push(...value.filter(isNode));
    }
  }
  return [...positions].sort((left, right) => left - right);
}
