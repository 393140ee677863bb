import { memberName } from '../names.ts';
import { childrenOf } from '../syntax-children.ts';
import { nodeAt, nodesAt, type SyntaxNode } from '../syntax-tree.ts';
import { isFunction } from '../traversal.ts';
import type { Flows, Outer } from './flows.ts';
import { isQuery } from './known-calls.ts';
import type { Position } from './position.ts';
import type { How, Ref } from './unit.ts';

/** How a call may change what it calls, or the value whose method that is. */
export function howOfCall(call: SyntaxNode, callee: SyntaxNode | undefined, { drops }: Position): How {
  if (callee?.type === 'MemberExpression' && isQuery(memberName(callee))) return 'query';
  return drops && call.type !== 'TaggedTemplateExpression' ? 'statement' : 'method';
}

/** The expressions of which a function that is made in place gives one to whoever calls it. */
export function givenBy(made: SyntaxNode): readonly SyntaxNode[] {
  const body = nodeAt(made, 'body');
  if (body === undefined || body.type !== 'BlockStatement') return body === undefined ? [] : [body];
  const given: SyntaxNode[] = [];
  const pending = [body];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    if (node.type === 'ReturnStatement') given.push(...childrenOf(node));
    else if (HAS_STATEMENTS.test(node.type)) pending.push(...childrenOf(node));
  }
  return given;
}

const HAS_STATEMENTS =
  /^(?:Block|If|For|ForIn|ForOf|While|DoWhile|Try|Switch|Labeled)Statement$|^(?:SwitchCase|CatchClause)$/;

/** A function that is handed to a call may get anything that the call can get at. */
export function bindCallBack(made: SyntaxNode, call: SyntaxNode, flows: Flows): void {
  const others = nodesAt(call, 'arguments').filter((other) => other !== made);
  for (const source of [nodeAt(call, 'callee'), ...others]) flows.bindParameters(nodesAt(made, 'params'), source);
}

/** Lets a value hold what a call is given that may put it there, and what functions give that it gets. */
export function bindHanded(target: SyntaxNode | undefined, args: readonly SyntaxNode[], flows: Flows): void {
  if (target === undefined || args.length === 0 || flows.isReference(target)) return;
  for (const argument of args) {
    for (const given of isFunction(argument) ? givenBy(argument) : [argument]) flows.bindPart(target, given, 'handed');
  }
}

/** The references that may be called: `undefined` stands for a value of the unit itself. */
export function calleesOf(callee: SyntaxNode | undefined, flows: Flows): readonly (Ref | undefined)[] {
  const isRef = (origin: Outer): origin is Ref => typeof origin === 'object';
  const named = [...flows.calledIn(callee)].filter(isRef);
  return named.length > 0 ? named : [...[...flows.originsOf(callee)].filter(isRef), undefined];
}
