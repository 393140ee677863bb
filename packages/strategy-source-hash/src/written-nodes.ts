// What is written for nodes whose normal form is not their properties one by one.
import { jsxText } from './jsx-text.ts';
import { nodeAt, nodesAt, type SyntaxNode, textAt } from './syntax-tree.ts';
import { isTypeOnly } from './type-syntax.ts';

const DECLARATIONS: ReadonlySet<string> = new Set(['FunctionDeclaration', 'ClassDeclaration', 'TSEnumDeclaration']);

/** The property name that a non-computed key stands for; `undefined` for private names. */
export function keyText(key: SyntaxNode | undefined): string | undefined {
  if (key?.type === 'Identifier') return textAt(key, 'name');
  if (key?.type !== 'Literal') return undefined;
  if (typeof key.bigint === 'string') return key.bigint;
  const value = key.value;
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
}

/** The property name that a key stands for which is computed from a literal, where that makes no difference. */
export function computedText(key: SyntaxNode | undefined): string | undefined {
  const text = key?.type === 'Literal' ? keyText(key) : undefined;
  return text !== undefined && MEANT_BY_KEY.has(text) ? undefined : text;
}

/** What has another meaning as a key that is not computed. */
const MEANT_BY_KEY: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

/** The text that a template without expressions gives. */
export function textOfTemplate(node: SyntaxNode): string | undefined {
  const [only, ...others] = nodesAt(node, 'quasis');
  const { cooked } = (only?.value ?? { cooked: null }) as { readonly cooked: string | null };
  return cooked === null || others.length > 0 || cooked.includes('\ufffd') ? undefined : cooked;
}

/** The value of `name={'text'}`, which is `name="text"` where it is spelled alike. */
export function attributeText(value: SyntaxNode | undefined): SyntaxNode | undefined {
  const inner = value?.type === 'JSXExpressionContainer' ? nodeAt(value, 'expression') : undefined;
  const text = inner?.type === 'Literal' ? textAt(inner, 'value') : undefined;
  return text === undefined || /[&\\\s]/.test(text.replaceAll(' ', '')) ? undefined : inner;
}

/** The only statement of a block, where braces around it say nothing. Declarations need theirs. */
export function withoutBraces(body: SyntaxNode): SyntaxNode {
  if (body.type !== 'BlockStatement') return body;
  const statements = nodesAt(body, 'body').filter((statement) => statement.type !== 'EmptyStatement');
  const [only] = statements;
  if (only === undefined || statements.length > 1 || DECLARATIONS.has(only.type)) return body;
  if (only.type === 'VariableDeclaration' && only.kind !== 'var') return body;
  return isTypeOnly(only) ? body : only;
}

/** The expression of `=> { return x }`, which is `=> x`. */
export function returnedExpression(body: SyntaxNode): SyntaxNode | undefined {
  const statements = nodesAt(body, 'body').filter((statement) => statement.type !== 'EmptyStatement');
  const [only] = statements;
  if (body.type !== 'BlockStatement' || statements.length !== 1 || only?.type !== 'ReturnStatement') return undefined;
  return nodeAt(only, 'argument');
}

export function isInvisibleChild(child: SyntaxNode): boolean {
  if (child.type === 'JSXText') return jsxText(textAt(child, 'raw') ?? '') === undefined;
  return child.type === 'JSXExpressionContainer' && nodeAt(child, 'expression')?.type === 'JSXEmptyExpression';
}

export function cookedText(node: SyntaxNode): string {
  const value = node.value as { readonly raw: string; readonly cooked: string | null };
  return value.cooked === null || value.cooked.includes('\ufffd') ? `raw ${value.raw}` : `cooked ${value.cooked}`;
}

export function rawText(node: SyntaxNode): string {
  return (node.value as { readonly raw: string }).raw;
}
