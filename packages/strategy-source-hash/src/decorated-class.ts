import { nodeAt, nodesAt, type SyntaxNode } from './syntax-tree.ts';
import { isFunction } from './traversal.ts';

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

/** What the code of a decorator is called with, by and by: what a field begins with. */
export function givenToDecorators(decorated: SyntaxNode): readonly SyntaxNode[] {
  const value = nodeAt(decorated, 'value');
  return value === undefined || isFunction(value) ? [] : [value];
}
