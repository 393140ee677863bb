import { nodeAt, nodesAt, type SyntaxNode } from './syntax-tree.ts';

/** True for a class with a decorator anywhere on it. */
export function isDecorated(node: SyntaxNode): boolean {
  if (nodesAt(node, 'decorators').length > 0) return true;
  const members = nodesAt(nodeAt(node, 'body') ?? node, 'body');
  return members.some(
    (member) =>
      nodesAt(member, 'decorators').length > 0 ||
      nodesAt(nodeAt(member, 'value') ?? member, 'params').some((param) => nodesAt(param, 'decorators').length > 0),
  );
}
