import { isNode, nodeAt, nodesAt, type SyntaxNode } from './syntax-tree.ts';

/** Properties that hold types, or modifiers that no runtime sees. */
export const TYPE_PROPERTIES: ReadonlySet<string> = new Set([
  'typeAnnotation',
  'typeParameters',
  'typeArguments',
  'superTypeArguments',
  'returnType',
  'implements',
  'accessibility',
  'readonly',
  'override',
  'definite',
  'declare',
  'abstract',
  'importKind',
  'exportKind',
]);

/** Expressions that wrap another one for the type checker only. */
export const TYPE_WRAPPERS: ReadonlySet<string> = new Set([
  'TSAsExpression',
  'TSSatisfiesExpression',
  'TSTypeAssertion',
  'TSNonNullExpression',
  'TSInstantiationExpression',
]);

/** What an expression is without types around it. */
export function withoutTypes(node: SyntaxNode | undefined): SyntaxNode | undefined {
  return node !== undefined && TYPE_WRAPPERS.has(node.type) ? withoutTypes(nodeAt(node, 'expression')) : node;
}

/** What an expression is without types and optional chains around it. */
export function unwrapped(node: SyntaxNode | undefined): SyntaxNode | undefined {
  if (node === undefined) return undefined;
  const isWrapper = TYPE_WRAPPERS.has(node.type) || node.type === 'ChainExpression';
  return isWrapper ? unwrapped(nodeAt(node, 'expression')) : node;
}

/** Nodes whose `optional` is the question mark of a type; in member accesses and calls it is optional chaining. */
const OPTIONAL_BY_TYPE: ReadonlySet<string> = new Set(['MemberExpression', 'CallExpression']);

const TYPE_DECLARATIONS: ReadonlySet<string> = new Set([
  'TSInterfaceDeclaration',
  'TSTypeAliasDeclaration',
  'TSDeclareFunction',
  'TSNamespaceExportDeclaration',
  'TSIndexSignature',
  'TSAbstractMethodDefinition',
  'TSAbstractPropertyDefinition',
  'TSAbstractAccessorProperty',
]);

/** Kinds of nodes of which some exist for the type checker only. */
const MAY_BE_TYPE_ONLY: ReadonlySet<string> = new Set([
  ...TYPE_DECLARATIONS,
  'VariableDeclaration',
  'ClassDeclaration',
  'FunctionDeclaration',
  'PropertyDefinition',
  'AccessorProperty',
  'MethodDefinition',
  'ImportSpecifier',
  'ExportSpecifier',
  'TSImportEqualsDeclaration',
  'ImportDeclaration',
  'ExportAllDeclaration',
  'ExportNamedDeclaration',
  'ExportDefaultDeclaration',
  'TSModuleDeclaration',
]);

/** False for a kind of which no node is {@link isTypeOnly}. */
export function mayBeTypeOnly(kind: string): boolean {
  return MAY_BE_TYPE_ONLY.has(kind);
}

/** True when `optional: true` on a node of this kind is JavaScript. */
export function hasRuntimeOptional(type: string): boolean {
  return OPTIONAL_BY_TYPE.has(type);
}

/** True for a statement, class member, parameter or specifier that leaves no trace at run time. `kind` is that of the node, for who has it. */
export function isTypeOnly(node: SyntaxNode, kind: string = node.type): boolean {
  return MAY_BE_TYPE_ONLY.has(kind) && (TYPE_DECLARATIONS.has(kind) || isMarkedAsType(node, kind));
}

function isMarkedAsType(node: SyntaxNode, kind: string): boolean {
  switch (kind) {
    case 'VariableDeclaration':
    case 'ClassDeclaration':
    case 'FunctionDeclaration':
    case 'PropertyDefinition':
    case 'AccessorProperty':
      return node.declare === true;
    case 'MethodDefinition':
      return nodeAt(node, 'value')?.type === 'TSEmptyBodyFunctionExpression';
    case 'ImportSpecifier':
    case 'ExportSpecifier':
    case 'TSImportEqualsDeclaration':
      return node.importKind === 'type' || node.exportKind === 'type';
    case 'ImportDeclaration':
      return node.importKind === 'type' || hasOnlyTypeSpecifiers(node);
    case 'ExportAllDeclaration':
      return node.exportKind === 'type';
    case 'ExportNamedDeclaration':
      return isTypeOnlyExport(node);
    case 'ExportDefaultDeclaration':
      return TYPE_DECLARATIONS.has(nodeAt(node, 'declaration')?.type ?? '');
    case 'TSModuleDeclaration':
      return isTypeOnlyNamespace(node);
    default:
      return false;
  }
}

/**
 * True for `import { type A } from 'x'` and its export form. The declaration is erased by most compilers, but under
 * `verbatimModuleSyntax` (and Node's own type stripping) it stays as `import 'x'`.
 */
export function hasOnlyTypeSpecifiers(node: SyntaxNode): boolean {
  const specifiers = nodesAt(node, 'specifiers');
  return specifiers.length > 0 && specifiers.every((specifier) => isTypeOnly(specifier));
}

/** True for the `this` parameter of a TypeScript function, which is no parameter. */
export function isThisParameter(node: SyntaxNode): boolean {
  return node.type === 'Identifier' && node.name === 'this';
}

function isTypeOnlyExport(node: SyntaxNode): boolean {
  if (node.exportKind === 'type') return true;
  const declaration = nodeAt(node, 'declaration');
  return declaration === undefined ? hasOnlyTypeSpecifiers(node) : isTypeOnly(declaration);
}

/** Ambient modules and `declare global`; also namespaces that hold nothing but types, which compile to nothing. */
function isTypeOnlyNamespace(node: SyntaxNode): boolean {
  if (node.declare === true || node.global === true || nodeAt(node, 'id')?.type === 'Literal') return true;
  const body = node.body;
  return !isNode(body) || nodesAt(body, 'body').every((statement) => isTypeOnly(statement));
}
