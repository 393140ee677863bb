import { memberName } from '../names.ts';
import { nodeAt, type SyntaxNode } from '../syntax-tree.ts';
import { isFunction } from '../traversal.ts';
import { unwrapped } from '../type-syntax.ts';

/**
 * True for an expression that may give what values of the language have in common, such as the prototype of all arrays, without naming a global:
 * `[].__proto__`, `Object.getPrototypeOf(x)`, `(async () => {}).constructor`, and what these hold. `pathOf` says which global a callee names.
 */
export function namesPrototype(
  node: SyntaxNode | undefined,
  pathOf: (node: SyntaxNode | undefined) => string | undefined,
): boolean {
  const value = unwrapped(node);
  if (value === undefined) return false;
  if (value.type === 'CallExpression') return GIVES_PROTOTYPE.test(pathOf(nodeAt(value, 'callee')) ?? '');
  if (value.type !== 'MemberExpression') return false;
  const object = unwrapped(nodeAt(value, 'object'));
  const name = memberName(value);
  if (name === '__proto__') return true;
  if (name === 'constructor' && object !== undefined && isLiteral(object)) return true;
  if (name === 'prototype' && object?.type === 'MemberExpression' && memberName(object) === 'constructor') return true;
  return namesPrototype(object, pathOf);
}

const GIVES_PROTOTYPE = /^(?:Object|Reflect)\.getPrototypeOf$/;

function isLiteral(node: SyntaxNode): boolean {
  return isFunction(node) || /^(?:Array|Object)Expression$|Literal$/.test(node.type);
}

/** The expressions of which one is what an expression gives. */
export function branchesOf(node: SyntaxNode | undefined): readonly SyntaxNode[] {
  const value = unwrapped(node);
  if (value === undefined) return [];
  if (value.type === 'ConditionalExpression')
    return ['consequent', 'alternate'].flatMap((at) => branchesOf(nodeAt(value, at)));
  if (value.type === 'LogicalExpression') return ['left', 'right'].flatMap((at) => branchesOf(nodeAt(value, at)));
  return [value];
}
