import { memberName } from '../names.ts';
import { nodeAt, nodesAt, type SyntaxNode } from '../syntax-tree.ts';
import { isQuery } from './known-calls.ts';
import type { Position } from './position.ts';
import type { How } from './unit.ts';

/** How a call may change what it calls, or the value whose method that is. */
export function howOfCall(call: SyntaxNode, callee: SyntaxNode | undefined, { drops }: Position): How {
  if (callee?.type === 'MemberExpression' && isQuery(memberName(callee))) return 'query';
  return drops && call.type !== 'TaggedTemplateExpression' ? 'statement' : 'method';
}

/** The expressions of which a function that is made in place gives one to whoever calls it. */
export function givenBy(made: SyntaxNode): readonly SyntaxNode[] {
  const body = nodeAt(made, 'body');
  if (body === undefined || body.type !== 'BlockStatement') return body === undefined ? [] : [body];
  return nodesAt(body, 'body').flatMap((one) =>
    one.type === 'ReturnStatement' ? (nodeAt(one, 'argument') ?? []) : [],
  );
}
