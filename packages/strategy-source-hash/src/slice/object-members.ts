import { nodeAt, nodesAt, type SyntaxNode } from '../syntax-tree.ts';
import { unwrapped } from '../type-syntax.ts';
import { keyText } from '../written-nodes.ts';
import type { Piece } from './unit-split.ts';

/** Stands for a member of what a top-level name holds. No name of the language has a dot. */
export function nameOfMember(name: string, member: string): string {
  return `${name}.${member}`;
}

/** The names that hold what such members are of. */
export function namesWithMembers(pieces: readonly Piece[]): ReadonlySet<string> {
  return new Set(pieces.flatMap(({ binds }) => binds.map((name) => name.slice(0, name.indexOf('.')))));
}

/**
 * The members of an object literal that a constant or a default export holds, as far as each says by itself what it is: whoever reads one of them need
 * not know the others. None where one member can decide what another one is.
 */
export function memberPieces({ node, binds, kind }: Piece): readonly Piece[] {
  const [name] = binds;
  const object = name === undefined ? undefined : objectIn(node, kind);
  const properties = object === undefined ? [] : nodesAt(object, 'properties');
  const keys = properties.map(plainKey);
  if (name === undefined || keys.includes(undefined) || new Set(keys).size < keys.length) return [];
  return properties.flatMap((property, at) =>
    standsAlone(nodeAt(property, 'value'))
      ? [{ node: property, binds: [nameOfMember(name, String(keys[at]))], kind: MEMBER }]
      : [],
  );
}

function objectIn(node: SyntaxNode, kind: string): SyntaxNode | undefined {
  const isConstant = kind === 'const' && nodeAt(node, 'id')?.type === 'Identifier';
  const value = kind === 'default' ? node : isConstant ? nodeAt(node, 'init') : undefined;
  const object = unwrapped(value);
  return object?.type === 'ObjectExpression' ? object : undefined;
}

const MEMBER = 'member';

/** The name of a property that has one, and holds a value. */
function plainKey(property: SyntaxNode): string | undefined {
  const isPlain = property.type === 'Property' && property.kind === 'init' && property.computed !== true;
  const key = isPlain ? keyText(nodeAt(property, 'key')) : undefined;
  return key === '__proto__' ? undefined : key;
}

/** What gives no function that was made elsewhere, and may get `this` from the object. */
const ALONE: ReadonlySet<string> = new Set([
  'ArrayExpression',
  'ArrowFunctionExpression',
  'BinaryExpression',
  'FunctionExpression',
  'Identifier',
  'Literal',
  'ObjectExpression',
  'TemplateLiteral',
  'UnaryExpression',
]);

function standsAlone(value: SyntaxNode | undefined): boolean {
  return ALONE.has(unwrapped(value)?.type ?? '');
}
