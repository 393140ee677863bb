import { isBuiltin } from 'node:module';
import { isNode, nodeAt, nodesAt, type SyntaxNode, textAt } from './syntax-tree.ts';
import { boundNames, walk } from './traversal.ts';
import { TYPE_WRAPPERS } from './type-syntax.ts';

/** What an imported name is imported from. */
export interface ImportedName {
  readonly specifier: string;
  /** The exported name, `default`, or `*` for the namespace. */
  readonly name: string;
}

/**
 * What names of a file stand for, as dotted paths: `node:fs.readFileSync`, `process.env`, `Date.now`. Built without scopes:
 * a name that shadows an import is taken for the import, which can only report too much.
 */
export class Names {
  /** Name → dotted path, for imports, requires and plain aliases. */
  readonly #paths = new Map<string, string>();
  readonly #imports = new Map<string, ImportedName>();
  /** Names bound at the top level of the module, other than those in {@link #paths}. */
  readonly #own = new Set<string>();
  /** How often each name is bound anywhere in the file. */
  readonly #bindings = new Map<string, number>();

  /** Member access or call → the path that it names, once all names are known. */
  readonly #known = new Map<SyntaxNode, string | undefined>();
  #isComplete = false;

  /** The declarators of all `const` statements. */
  readonly constants: SyntaxNode[] = [];

  constructor(program: SyntaxNode) {
    walk(program, (node, ancestors) => {
      this.#declare(node, ancestors);
    });
    this.#isComplete = true;
  }

  /** True when exactly one declaration in the whole file binds the name, so that nothing can shadow it. */
  isBoundOnce(name: string): boolean {
    return this.#bindings.get(name) === 1;
  }

  /** The property that a member access names, by itself or by a constant; `undefined` when it is computed. */
  memberOf(node: SyntaxNode): string | undefined {
    const property = nodeAt(node, 'property');
    return (
      memberName(node) ?? (property?.type === 'Identifier' ? this.#constantText(String(property.name)) : undefined)
    );
  }

  #constantText(name: string): string | undefined {
    const declarator = this.constants.find((one) => nodeAt(one, 'id')?.name === name);
    return declarator === undefined || !this.isBoundOnce(name) ? undefined : literalText(nodeAt(declarator, 'init'));
  }

  importOf(name: string): ImportedName | undefined {
    return this.#imports.get(name);
  }

  /** False for a name, or a member of one, that is known to stand for nothing that {@link OUTSIDE} lists, nor for an import. */
  mayLeadOutside(node: SyntaxNode): boolean {
    let root: SyntaxNode | undefined = node;
    while (root?.type === 'MemberExpression') root = nodeAt(root, 'object');
    if (root?.type !== 'Identifier') return true;
    const name = String(root.name);
    return this.#paths.has(name) || OUTSIDE.has(name);
  }

  /** The dotted path that an expression names; `undefined` when it names nothing that is known from outside the file. */
  pathOf(node: SyntaxNode | undefined): string | undefined {
    if (node === undefined) return undefined;
    if (TYPE_WRAPPERS.has(node.type) || node.type === 'ChainExpression') return this.pathOf(nodeAt(node, 'expression'));
    switch (node.type) {
      case 'Identifier':
        return this.#pathOfName(String(node.name));
      case 'MetaProperty':
        return `${textAt(nodeAt(node, 'meta') ?? node, 'name')}.${textAt(nodeAt(node, 'property') ?? node, 'name')}`;
      case 'MemberExpression':
        return this.#known.has(node) ? this.#known.get(node) : this.#keep(node, this.#pathOfMember(node));
      case 'AwaitExpression':
        return this.pathOf(nodeAt(node, 'argument'));
      case 'SequenceExpression':
        return this.pathOf(nodesAt(node, 'expressions').at(-1));
      case 'ImportExpression':
        return modulePath(literalText(nodeAt(node, 'source')));
      case 'CallExpression':
        return this.#known.has(node) ? this.#known.get(node) : this.#keep(node, this.#pathOfCall(node));
      default:
        return undefined;
    }
  }

  /** Parts of long chains are asked about one by one: what the inner ones name is not found again for each outer one. */
  #keep(node: SyntaxNode, path: string | undefined): string | undefined {
    if (this.#isComplete) this.#known.set(node, path);
    return path;
  }

  #pathOfName(name: string): string | undefined {
    const path = this.#paths.get(name);
    if (path !== undefined) return path;
    if (this.#own.has(name)) return undefined;
    return name === 'globalThis' || name === 'global' || name === 'self' ? 'globalThis' : name;
  }

  #pathOfMember(node: SyntaxNode): string | undefined {
    const object = this.pathOf(nodeAt(node, 'object'));
    const property = memberName(node);
    return object === undefined || property === undefined ? undefined : extendPath(object, property);
  }

  #pathOfCall(node: SyntaxNode): string | undefined {
    const callee = this.pathOf(nodeAt(node, 'callee'));
    if (callee === 'require' || callee === 'process.getBuiltinModule') {
      return modulePath(literalText(nodesAt(node, 'arguments')[0]));
    }
    return callee === 'node:module.createRequire' ? 'require' : undefined;
  }

  #declare(node: SyntaxNode, ancestors: readonly SyntaxNode[]): void {
    switch (node.type) {
      case 'ImportDeclaration':
        this.#declareImports(node);
        break;
      case 'VariableDeclarator':
        if (ancestors.at(-1)?.kind === 'const') this.constants.push(node);
        this.#declareVariable(node, isTopLevel(ancestors));
        break;
      case 'FunctionDeclaration':
      case 'FunctionExpression':
      case 'ArrowFunctionExpression':
        this.#declareOwn(nodeAt(node, 'id'), node.type === 'FunctionDeclaration' && isTopLevel(ancestors));
        for (const parameter of nodesAt(node, 'params')) this.#declareOwn(parameter, false);
        break;
      case 'ClassDeclaration':
      case 'ClassExpression':
      case 'TSEnumDeclaration':
        this.#declareOwn(nodeAt(node, 'id'), isTopLevel(ancestors));
        break;
      case 'CatchClause':
        this.#declareOwn(nodeAt(node, 'param'), false);
        break;
      default:
    }
  }

  #declareImports(node: SyntaxNode): void {
    const source = literalText(nodeAt(node, 'source'));
    const from = modulePath(source);
    for (const specifier of nodesAt(node, 'specifiers')) {
      const local = textAt(nodeAt(specifier, 'local') ?? specifier, 'name');
      if (local === undefined) continue;
      this.#count(local);
      const imported = specifier.type === 'ImportSpecifier' ? nodeAt(specifier, 'imported') : undefined;
      const name = imported === undefined ? 'default' : (textAt(imported, 'name') ?? textAt(imported, 'value'));
      const isNamespace = specifier.type === 'ImportNamespaceSpecifier';
      if (source === undefined || from === undefined || name === undefined) continue;
      this.#paths.set(local, isNamespace ? from : extendPath(from, name));
      this.#imports.set(local, { specifier: source, name: isNamespace ? '*' : name });
    }
  }

  #declareVariable(node: SyntaxNode, topLevel: boolean): void {
    const id = nodeAt(node, 'id');
    const from = this.pathOf(nodeAt(node, 'init'));
    if (id === undefined || from === undefined) {
      this.#declareOwn(id, topLevel);
      return;
    }
    for (const { name, from: property } of boundNames(id)) {
      this.#count(name);
      if (id.type === 'Identifier') this.#paths.set(name, from);
      else if (property !== undefined) this.#paths.set(name, extendPath(from, property));
      else if (topLevel) this.#own.add(name);
    }
  }

  #declareOwn(pattern: SyntaxNode | undefined, topLevel: boolean): void {
    for (const { name } of pattern === undefined ? [] : boundNames(pattern)) {
      this.#count(name);
      if (topLevel) this.#own.add(name);
    }
  }

  #count(name: string): void {
    this.#bindings.set(name, (this.#bindings.get(name) ?? 0) + 1);
  }
}

/**
 * Globals through which code can ask for something that is not in its text. Every path that is looked for (inputs, modules, places of files,
 * what initialisers ask) begins with one of them, or with an import.
 */
const OUTSIDE: ReadonlySet<string> = new Set([
  'Date',
  'EventSource',
  'Function',
  'Math',
  'Temporal',
  'WebSocket',
  'XMLHttpRequest',
  '__dirname',
  '__filename',
  'crypto',
  'eval',
  'fetch',
  'global',
  'globalThis',
  'localStorage',
  'module',
  'navigator',
  'performance',
  'process',
  'require',
  'self',
  'sessionStorage',
]);

/** The text of a string literal or of a template without expressions. */
export function literalText(node: SyntaxNode | undefined): string | undefined {
  if (node === undefined) return undefined;
  if (TYPE_WRAPPERS.has(node.type)) return literalText(nodeAt(node, 'expression'));
  if (node.type === 'Literal') return textAt(node, 'value');
  if (node.type !== 'TemplateLiteral' || nodesAt(node, 'expressions').length > 0) return undefined;
  const value = nodesAt(node, 'quasis')[0]?.value as { readonly cooked: string | null } | undefined;
  return value?.cooked ?? undefined;
}

/** The property that a member access names; `undefined` when it is computed. */
export function memberName(node: SyntaxNode): string | undefined {
  const property = nodeAt(node, 'property');
  if (property === undefined) return undefined;
  return node.computed === true ? literalText(property) : textAt(property, 'name');
}

function isTopLevel(ancestors: readonly SyntaxNode[]): boolean {
  return ancestors.every((node) => TOP_LEVEL.has(node.type));
}

const TOP_LEVEL: ReadonlySet<string> = new Set([
  'Program',
  'VariableDeclaration',
  'ExportNamedDeclaration',
  'ExportDefaultDeclaration',
]);

function modulePath(specifier: string | undefined): string | undefined {
  if (specifier === undefined) return undefined;
  if (!isBuiltin(specifier)) return specifier;
  const name = specifier.replace(/^node:/, '');
  if (name === 'process') return name;
  return name === 'fs/promises' ? 'node:fs.promises' : `node:${name}`;
}

function extendPath(object: string, property: string): string {
  if (object === 'globalThis') return property;
  return property === 'default' ? object : `${object}.${property}`;
}

/** The static arguments of a call or `new`; a spread hides which argument is which. */
export function argumentsOf(node: SyntaxNode): readonly SyntaxNode[] {
  const list = nodesAt(node, 'arguments').filter(isNode);
  return list.some((argument) => argument.type === 'SpreadElement') ? [] : list;
}
