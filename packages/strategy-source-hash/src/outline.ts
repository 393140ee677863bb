import { type Digest, digestText } from './digest.ts';
import { nodeAt, type SyntaxNode, textAt } from './syntax-tree.ts';
import { isFunction, walk } from './traversal.ts';

/** Statements and expressions that runners leave as they are. */
const LASTING: ReadonlySet<string> = new Set([
  'IfStatement',
  'ForStatement',
  'ForInStatement',
  'ForOfStatement',
  'WhileStatement',
  'DoWhileStatement',
  'SwitchStatement',
  'SwitchCase',
  'TryStatement',
  'ThrowStatement',
  'BreakStatement',
  'ContinueStatement',
  'ConditionalExpression',
  'AwaitExpression',
  'YieldExpression',
  'NewExpression',
  'BinaryExpression',
  'LogicalExpression',
  'UnaryExpression',
  'UpdateExpression',
  'AssignmentExpression',
]);

/** What of a function runners leave as it is: literals, operators and control flow, no names. */
export function outlineOf(node: SyntaxNode): string {
  const parts: string[] = [];
  walk(node, (inner, ancestors) => {
    if (LASTING.has(inner.type)) parts.push(`${inner.type}${textAt(inner, 'operator') ?? ''}`);
    if (inner.type === 'Literal' && !isRunnersOwn(inner, ancestors.at(-1))) parts.push(literalForm(inner));
    if (inner.type === 'TemplateElement') parts.push(JSON.stringify(inner.value));
  });
  return parts.join(' ');
}

function literalForm(node: SyntaxNode): string {
  const regex = node.regex;
  return (
    JSON.stringify(typeof regex === 'object' && regex !== null ? regex : (textAt(node, 'bigint') ?? node.value)) ?? ''
  );
}

/** The literals of `__name(fn, 'name')`, `(0, module.helper)` and `import('./x')`, which runners add or rewrite. */
function isRunnersOwn(literal: SyntaxNode, parent: SyntaxNode | undefined): boolean {
  if (parent?.type === 'ImportExpression') return true;
  if (parent?.type === 'CallExpression')
    return textAt(nodeAt(parent, 'callee') ?? parent, 'name')?.startsWith('__') === true;
  return parent?.type === 'SequenceExpression' && literal.value === 0;
}

/** Digests of the outlines of all functions in some nodes. */
export function outlinesIn(nodes: readonly SyntaxNode[]): readonly Digest[] {
  const outlines = new Set<Digest>();
  for (const node of nodes) {
    walk(node, (inner) => {
      if (isFunction(inner)) outlines.add(digestText(outlineOf(inner)));
    });
  }
  return [...outlines];
}
