import { memberName } from '../names.ts';
import { nodeAt, nodesAt, type SyntaxNode, textAt } from '../syntax-tree.ts';
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

/** Something that has members, each of which has a name of its own. */
interface Holder {
  readonly members: readonly SyntaxNode[];
  nameOf(member: SyntaxNode): string | undefined;
  /** True for a member that decides by itself what it is. */
  standsAlone(member: SyntaxNode): boolean;
}

/**
 * The members of an object literal that a constant or a default export holds, and of an enum, as far as each says by itself what it is: whoever reads
 * one of them need not know the others. None where one member can decide what another one is. `declares` holds for the top-level names of the file.
 */
export function memberPieces({ node, binds, kind }: Piece, declares: (name: string) => boolean): readonly Piece[] {
  const [name] = binds;
  const holder = node.type === 'TSEnumDeclaration' ? enumOf(node) : objectOf(node, kind, declares);
  if (name === undefined || holder === undefined) return [];
  const names = holder.members.map((member) => holder.nameOf(member));
  if (names.includes(undefined) || new Set(names).size < names.length) return [];
  return holder.members.flatMap((member, at) =>
    holder.standsAlone(member)
      ? [{ node: member, binds: [nameOfMember(name, String(names[at]))], kind: 'member' }]
      : [],
  );
}

function objectOf(node: SyntaxNode, kind: string, declares: (name: string) => boolean): Holder | undefined {
  const isConstant = kind === 'const' && nodeAt(node, 'id')?.type === 'Identifier';
  const value = unwrapped(kind === 'default' ? node : isConstant ? nodeAt(node, 'init') : undefined);
  const object = value?.type === 'CallExpression' && !declares('Object') ? frozen(value) : value;
  if (object?.type !== 'ObjectExpression') return undefined;
  return {
    members: nodesAt(object, 'properties'),
    nameOf: plainKey,
    standsAlone: (property) => ALONE.has(unwrapped(nodeAt(property, 'value'))?.type ?? ''),
  };
}

/** What `Object.freeze()` is given, and gives. */
function frozen(call: SyntaxNode): SyntaxNode | undefined {
  const callee = nodeAt(call, 'callee');
  const isFreeze = callee?.type === 'MemberExpression' && memberName(callee) === 'freeze';
  const [object, ...others] = nodesAt(call, 'arguments');
  const isOfLanguage = isFreeze && textAt(nodeAt(callee, 'object') ?? callee, 'name') === 'Object';
  return isOfLanguage && others.length === 0 ? unwrapped(object) : undefined;
}

/** Members without a value of their own go on from the one before. */
function enumOf(node: SyntaxNode): Holder {
  return {
    members: nodesAt(nodeAt(node, 'body') ?? node, 'members'),
    nameOf: (member) => (member.computed === true ? undefined : keyText(nodeAt(member, 'id'))),
    standsAlone: (member) => nodeAt(member, 'initializer')?.type === 'Literal',
  };
}

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
