import { memberName } from '../names.ts';
import { nodeAt, type SyntaxNode } from '../syntax-tree.ts';
import { unwrapped } from '../type-syntax.ts';
import type { Flows } from './flows.ts';

/** True for a member of `this`, rather than something that it holds. */
export function isMemberOfThis(node: SyntaxNode | undefined): boolean {
  return node?.type === 'MemberExpression' && unwrapped(nodeAt(node, 'object'))?.type === 'ThisExpression';
}

/** True where what is assigned may be an empty container of an object, or another method of it. */
export function replacesMember(assigned: SyntaxNode, flows: Flows): boolean {
  if (!isMemberOfThis(assigned)) return false;
  const origins = flows.originsOf(assigned);
  return memberName(assigned) === undefined || origins.has('container') || origins.has('method');
}
