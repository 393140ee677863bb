import { nodeAt, type SyntaxNode } from './syntax-tree.ts';
import { TYPE_WRAPPERS } from './type-syntax.ts';

const ANONYMOUS: ReadonlySet<string> = new Set(['FunctionExpression', 'ArrowFunctionExpression', 'ClassExpression']);

/** Kinds of nodes of which one may be, or hold, a function or class with a name. */
export const NAMING_KINDS: ReadonlySet<string> = new Set([
  'FunctionDeclaration',
  'FunctionExpression',
  'ClassDeclaration',
  'ClassExpression',
  'VariableDeclarator',
  'AssignmentExpression',
  'AssignmentPattern',
]);

/** The identifier that gives a function or class its name: its own, or the one that an anonymous one is assigned to. */
export function namedNode(node: SyntaxNode): SyntaxNode | undefined {
  switch (node.type) {
    case 'FunctionDeclaration':
    case 'FunctionExpression':
    case 'ClassDeclaration':
    case 'ClassExpression':
      return nodeAt(node, 'id');
    case 'VariableDeclarator':
      return assignedName(nodeAt(node, 'id'), nodeAt(node, 'init'));
    case 'AssignmentExpression':
    case 'AssignmentPattern':
      return assignedName(nodeAt(node, 'left'), nodeAt(node, 'right'));
    default:
      return undefined;
  }
}

/** True for a function or class without a name of its own: what it is assigned to gives it one. */
export function namesItsValue(value: SyntaxNode | undefined): boolean {
  if (value !== undefined && TYPE_WRAPPERS.has(value.type)) return namesItsValue(nodeAt(value, 'expression'));
  return value !== undefined && ANONYMOUS.has(value.type) && nodeAt(value, 'id') === undefined;
}

function assignedName(target: SyntaxNode | undefined, value: SyntaxNode | undefined): SyntaxNode | undefined {
  if (target !== undefined && TYPE_WRAPPERS.has(target.type)) return assignedName(nodeAt(target, 'expression'), value);
  return target?.type === 'Identifier' && namesItsValue(value) ? target : undefined;
}
