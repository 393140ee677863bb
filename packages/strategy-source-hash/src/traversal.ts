import { runtimeChildrenOf } from './syntax-children.ts';
import { isNode, type SyntaxNode } from './syntax-tree.ts';
import { isTypeOnly } from './type-syntax.ts';

/** Called for each node before its children, with the nodes around it, outermost first. Return `false` to skip the children. */
export type Visitor = (node: SyntaxNode, ancestors: readonly SyntaxNode[]) => boolean | undefined;

/** Visits everything of a program that exists at run time, in source order. */
export function walk(program: SyntaxNode, visit: Visitor): void {
  visitNode(program, visit, []);
}

function visitNode(node: SyntaxNode, visit: Visitor, ancestors: SyntaxNode[]): void {
  if (isTypeOnly(node) || visit(node, ancestors) === false) return;
  ancestors.push(node);
  for (const child of runtimeChildrenOf(node)) visitNode(child, visit, ancestors);
  ancestors.pop();
}

/** The names that a pattern binds, with the property that each is taken from where it is one level deep. */
export function* boundNames(pattern: SyntaxNode): Generator<{ readonly name: string; readonly from?: string }> {
  switch (pattern.type) {
    case 'Identifier':
      yield { name: String(pattern.name) };
      return;
    case 'ObjectPattern':
      for (const property of nodesIn(pattern.properties)) yield* boundByProperty(property);
      return;
    case 'ArrayPattern':
      for (const element of nodesIn(pattern.elements)) yield* withoutOrigin(element);
      return;
    case 'AssignmentPattern':
      if (isNode(pattern.left)) yield* boundNames(pattern.left);
      return;
    case 'RestElement':
      if (isNode(pattern.argument)) yield* boundNames(pattern.argument);
      return;
    case 'TSParameterProperty':
      if (isNode(pattern.parameter)) yield* boundNames(pattern.parameter);
      return;
    default:
  }
}

function* boundByProperty(property: SyntaxNode): Generator<{ readonly name: string; readonly from?: string }> {
  const value = property.value;
  if (!isNode(value)) return yield* withoutOrigin(property);
  const target = value.type === 'AssignmentPattern' && isNode(value.left) ? value.left : value;
  const from = property.computed === true ? undefined : staticKey(property.key);
  if (target.type === 'Identifier' && from !== undefined) yield { name: String(target.name), from };
  else yield* withoutOrigin(value);
}

function* withoutOrigin(pattern: SyntaxNode): Generator<{ readonly name: string }> {
  for (const { name } of boundNames(pattern)) yield { name };
}

function staticKey(key: unknown): string | undefined {
  if (!isNode(key)) return undefined;
  if (key.type === 'Identifier') return String(key.name);
  return key.type === 'Literal' && typeof key.value === 'string' ? key.value : undefined;
}

function nodesIn(list: unknown): readonly SyntaxNode[] {
  return Array.isArray(list) ? list.filter(isNode) : [];
}

const FUNCTIONS: ReadonlySet<string> = new Set([
  'FunctionDeclaration',
  'FunctionExpression',
  'ArrowFunctionExpression',
]);

export function isFunction(node: SyntaxNode): boolean {
  return FUNCTIONS.has(node.type);
}
