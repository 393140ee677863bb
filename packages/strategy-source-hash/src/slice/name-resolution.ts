import { isBuiltin } from 'node:module';
import { isDecorated } from '../decorated-class.ts';
import { isValueUse } from '../expression-position.ts';
import { memberName } from '../names.ts';
import { LEAVES } from '../syntax-children.ts';
import { isNode, nodeAt, nodesAt, type SyntaxNode, textAt } from '../syntax-tree.ts';
import { boundNames } from '../traversal.ts';
import { isTypeOnly, TYPE_PROPERTIES, unwrapped, withoutTypes } from '../type-syntax.ts';
import { keysOf, type LoadedModules } from './loaded-modules.ts';
import { Receivers } from './receivers.ts';
import { declaredNames, type LocalMeaning, lexicalNames, Scope, varNames } from './scope.ts';
import type { Ref } from './unit.ts';

/** What a name in the code stands for. */
export type Meaning = LocalMeaning | { readonly ref: Ref } | { readonly global: string };

/** Kinds of nodes that may have a {@link Meaning}. */
export const MAY_STAND_FOR: ReadonlySet<string> = new Set([
  'Identifier',
  'JSXIdentifier',
  'MemberExpression',
  'ImportExpression',
  'CallExpression',
  'TSExternalModuleReference',
]);

/** The names that all code of a file can use. */
export interface ModuleNames {
  readonly imports: ReadonlyMap<string, Ref>;
  /** Top-level bindings; empty for a file that counts as a whole, where they are locals. */
  readonly own: ReadonlySet<string>;
  /** Those of them that hold objects whose members may count by themselves. */
  readonly withMembers: ReadonlySet<string>;
}

/** The meanings of all names in a file. */
export interface Meanings {
  readonly of: ReadonlyMap<SyntaxNode, Meaning>;
  /** The members that are read of what a reference stands for, where that is all that is done with it. */
  readonly picked: ReadonlyMap<SyntaxNode, readonly string[]>;
  /** Top-level bindings that something assigns after their declaration. */
  readonly assigned: ReadonlySet<string>;
  readonly receivers: Receivers;
}

/** Resolves the names of a program by its scopes; `loaded` says what expressions stand for that load modules. */
export function resolveNames(program: SyntaxNode, names: ModuleNames, loaded: LoadedModules): Meanings {
  const resolution = new NameResolution(names, new Receivers(program));
  resolution.program(program);
  for (const [node, ref] of loaded) resolution.of.set(node, { ref });
  return resolution;
}

class NameResolution implements Meanings {
  readonly of: Map<SyntaxNode, Meaning> = new Map();
  readonly picked: Map<SyntaxNode, readonly string[]> = new Map();
  readonly assigned: Set<string> = new Set();
  readonly receivers: Receivers;
  readonly #names: ModuleNames;
  /** What names stand for that no scope inside the file declares: one meaning each. */
  readonly #outside = new Map<string, Meaning>();
  /** Types count inside classes with decorators, whose metadata can show them. */
  #keepsTypes = false;

  constructor(names: ModuleNames, receivers: Receivers) {
    this.#names = names;
    this.receivers = receivers;
  }

  program(program: SyntaxNode): void {
    const body = nodesAt(program, 'body');
    const scope = new Scope();
    const top = [...lexicalNames(body), ...varNames(body)];
    scope.declare(top.filter((name) => !this.#names.own.has(name)));
    for (const statement of body) this.#visit(statement, program, scope);
  }

  #visit(node: SyntaxNode, parent: SyntaxNode, scope: Scope): void {
    const { type } = node;
    if (type === 'Identifier') return this.#name(node, parent, scope);
    if (LEAVES.has(type)) return;
    if (!this.#keepsTypes && isTypeOnly(node, type)) return;
    switch (type) {
      case 'FunctionDeclaration':
      case 'FunctionExpression':
      case 'ArrowFunctionExpression':
        return this.#function(node, scope);
      case 'JSXIdentifier':
        if (isComponent(node, parent)) this.of.set(node, this.#meaning(String(node.name), scope));
        return;
      case 'MemberExpression':
        return this.#member(node, scope);
      case 'ClassDeclaration':
      case 'ClassExpression':
        return this.#class(node, scope);
      case 'AssignmentExpression':
      case 'ForInStatement':
      case 'ForOfStatement':
        this.#assign(nodeAt(node, 'left'), scope);
        return this.#block(node, scope);
      case 'UpdateExpression':
        this.#assign(nodeAt(node, 'argument'), scope);
        return this.#children(node, scope);
      case 'VariableDeclarator':
        this.#children(node, scope);
        return this.#taken(node);
      case 'ForStatement':
      case 'BlockStatement':
      case 'StaticBlock':
      case 'TSModuleBlock':
      case 'SwitchStatement':
      case 'CatchClause':
        return this.#block(node, scope);
      default:
        return this.#children(node, scope);
    }
  }

  #name(node: SyntaxNode, parent: SyntaxNode | undefined, scope: Scope): void {
    if (isValueUse(node, parent)) this.of.set(node, this.#meaning(String(node.name), scope));
    this.#children(node, scope);
  }

  /** Goes through the children by itself, as listings do. */
  #children(node: SyntaxNode, scope: Scope): void {
    const keepsTypes = this.#keepsTypes;
    for (const name in node) {
      const value = node[name];
      if (typeof value !== 'object' || value === null || (!keepsTypes && TYPE_PROPERTIES.has(name))) continue;
      if (Array.isArray(value)) {
        for (let at = 0; at < value.length; at += 1) {
          const element: unknown = value[at];
          if (isNode(element)) this.#visit(element, node, scope);
        }
      } else if (isNode(value)) this.#visit(value, node, scope);
    }
  }

  #block(node: SyntaxNode, outer: Scope): void {
    const names = namesOfBlock(node);
    if (names.length === 0) return this.#children(node, outer);
    const scope = new Scope(outer);
    scope.declare(names, node.type === 'TSModuleBlock');
    this.#children(node, scope);
  }

  #function(node: SyntaxNode, outer: Scope): void {
    const id = nodeAt(node, 'id');
    const self = node.type === 'FunctionExpression' && id !== undefined ? new Scope(outer) : outer;
    if (id !== undefined && node.type === 'FunctionExpression') self.declare([String(id.name)]);
    if (id !== undefined) this.#visit(id, node, self);
    const parameters = new Scope(self);
    const params = nodesAt(node, 'params');
    for (const param of params) {
      parameters.declare(
        boundNames(param).map(({ name }) => name),
        param.type === 'TSParameterProperty',
      );
    }
    for (const param of params) this.#visit(param, node, parameters);
    const body = nodeAt(node, 'body');
    if (body === undefined) return;
    if (body.type !== 'BlockStatement') return this.#visit(body, node, parameters);
    const inner = new Scope(parameters);
    inner.declareVars(varNames([body]), parameters);
    inner.declareVars(lexicalNames(nodesAt(body, 'body')), parameters);
    this.#children(body, inner);
  }

  #class(node: SyntaxNode, outer: Scope): void {
    const id = nodeAt(node, 'id');
    const scope = new Scope(outer);
    if (node.type === 'ClassExpression' && id !== undefined) scope.declare([String(id.name)]);
    const keptTypes = this.#keepsTypes;
    this.#keepsTypes ||= isDecorated(node);
    this.#children(node, scope);
    this.#keepsTypes = keptTypes;
  }

  /** `namespace.name` and `json.key` are references of their own; all others are names with something done to them. */
  #member(node: SyntaxNode, scope: Scope): void {
    const object = withoutTypes(nodeAt(node, 'object'));
    const property = memberName(node);
    const meaning = object?.type === 'Identifier' ? this.#meaning(String(object.name), scope) : undefined;
    const ref = meaning !== undefined && 'ref' in meaning ? meaning.ref : undefined;
    if (ref?.to === 'import' && property !== undefined && ref.name === '*') {
      this.of.set(node, { ref: { ...ref, name: property } });
    } else if (ref?.to === 'import' && property !== undefined && isJson(ref.from) && ref.name === 'default') {
      this.of.set(node, { ref: { ...ref, members: [property] } });
    } else {
      this.#children(node, scope);
      if (property !== undefined) this.#pick(object, [property]);
    }
  }

  /** `const { name } = namespace` names those members only. */
  #taken(declarator: SyntaxNode): void {
    const members = keysOf(nodeAt(declarator, 'id'));
    const init = unwrapped(nodeAt(declarator, 'init'));
    const meaning = init !== undefined && members?.length ? this.of.get(init) : undefined;
    if (init === undefined || meaning === undefined || !('ref' in meaning)) return;
    if (meaning.ref.to !== 'import') return this.#pick(init, members ?? []);
    const { from, name } = meaning.ref;
    if (init.type !== 'Identifier' || (name !== '*' && !(name === 'default' && isJson(from))))
      return this.#pick(init, members ?? []);
    this.of.set(init, { ref: { to: 'import', from, name, members: members ?? [] } });
  }

  #pick(node: SyntaxNode | undefined, members: readonly string[]): void {
    const meaning = node === undefined ? undefined : this.of.get(node);
    const ref = meaning !== undefined && 'ref' in meaning ? meaning.ref : undefined;
    if (node === undefined || ref === undefined) return;
    const isApart =
      ref.to === 'import' ? !isBuiltin(ref.from) : ref.to === 'own' && this.#names.withMembers.has(ref.name);
    if (isApart) this.picked.set(node, members);
  }

  #assign(target: SyntaxNode | undefined, scope: Scope): void {
    if (target === undefined || target.type === 'VariableDeclaration') return;
    for (const { name } of boundNames(target)) {
      const found = scope.find(name);
      if (found !== undefined) found.local.isAssigned = true;
      else if (this.#names.own.has(name)) this.assigned.add(name);
    }
  }

  #meaning(name: string, scope: Scope): Meaning {
    const local = scope.find(name);
    if (local !== undefined) return local;
    const known = this.#outside.get(name) ?? this.#meaningOutside(name);
    this.#outside.set(name, known);
    return known;
  }

  #meaningOutside(name: string): Meaning {
    const imported = this.#names.imports.get(name);
    if (imported !== undefined) return { ref: imported };
    return this.#names.own.has(name) ? { ref: { to: 'own', name } } : { global: name };
  }
}

export function isJson(specifier: string): boolean {
  return /\.json(?:\?.*)?$/.test(specifier);
}

function isComponent(node: SyntaxNode, parent: SyntaxNode | undefined): boolean {
  if (parent?.type === 'JSXMemberExpression') return parent.object === node;
  if (parent?.type !== 'JSXOpeningElement' || parent.name !== node) return false;
  return !/^[a-z]/.test(textAt(node, 'name') ?? '');
}

function namesOfBlock(node: SyntaxNode): readonly string[] {
  switch (node.type) {
    case 'ForStatement':
    case 'ForInStatement':
    case 'ForOfStatement': {
      const head = nodeAt(node, node.type === 'ForStatement' ? 'init' : 'left');
      return head?.type === 'VariableDeclaration' && head.kind !== 'var' ? declaredNames(head) : [];
    }
    case 'SwitchStatement':
      return nodesAt(node, 'cases').flatMap((branch) => lexicalNames(nodesAt(branch, 'consequent')));
    case 'CatchClause': {
      const param = nodeAt(node, 'param');
      return param === undefined ? [] : boundNames(param).map(({ name }) => name);
    }
    case 'StaticBlock':
    case 'TSModuleBlock': {
      const body = nodesAt(node, 'body');
      return [...varNames(body), ...lexicalNames(body)];
    }
    case 'BlockStatement':
      return lexicalNames(nodesAt(node, 'body'));
    default:
      return [];
  }
}
