import { literalText } from './names.ts';
import { nodeAt, nodesAt, parseSource, type SyntaxNode, textAt } from './syntax-tree.ts';

/** Reads an object in JSON with comments and trailing commas, by the grammar of JavaScript, which includes it; `undefined` for anything else. */
export function jsonWithComments(bytes: Uint8Array): Readonly<Record<string, unknown>> | undefined {
  const parsed = parseSource('tsconfig.js', `(${new TextDecoder().decode(bytes)}\n)`);
  const statement = parsed === undefined ? undefined : nodesAt(parsed.program, 'body')[0];
  const literal = statement === undefined ? undefined : nodeAt(statement, 'expression');
  if (literal?.type !== 'ObjectExpression') return undefined;
  return literalValue(literal) as Record<string, unknown>;
}

/** The value of a JSON literal in a syntax tree. */
function literalValue(node: SyntaxNode): unknown {
  if (node.type === 'ArrayExpression') return nodesAt(node, 'elements').map(literalValue);
  if (node.type !== 'ObjectExpression') return literalText(node) ?? node.value ?? null;
  return Object.fromEntries(
    nodesAt(node, 'properties').flatMap((property) => {
      const key = nodeAt(property, 'key');
      const value = nodeAt(property, 'value');
      const name = key === undefined ? undefined : (literalText(key) ?? textAt(key, 'name'));
      return name === undefined || value === undefined ? [] : [[name, literalValue(value)]];
    }),
  );
}
