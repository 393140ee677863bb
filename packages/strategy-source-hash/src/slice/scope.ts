import { type ChildVisitor, visitChildren } from '../syntax-children.ts';
import { nodeAt, nodesAt, type SyntaxNode, textAt } from '../syntax-tree.ts';
import { boundNames, isFunction } from '../traversal.ts';

/** A variable of a unit: no other code can name it. */
export interface Local {
  readonly name: string;
  /** True when something assigns it after its declaration. */
  isAssigned: boolean;
  /** True for the names of a namespace and of parameter properties, which are those of properties. */
  readonly isProperty: boolean;
}

/** What a name stands for that is declared in a stretch of code. */
export interface LocalMeaning {
  readonly local: Local;
}

/** The names that are declared in one stretch of code. */
export class Scope {
  /** Most stretches declare nothing. */
  #locals: Map<string, LocalMeaning> | undefined;
  readonly #outer: Scope | undefined;

  constructor(outer?: Scope) {
    this.#outer = outer;
  }

  declare(names: readonly string[], isProperty = false): void {
    for (const name of names) {
      if (this.#locals?.has(name) !== true) this.#set(name, { local: { name, isAssigned: false, isProperty } });
    }
  }

  /** Lets a `var` be the parameter of the same name, which it is. */
  declareVars(names: readonly string[], parameters: Scope): void {
    for (const name of names) {
      const parameter = parameters.#locals?.get(name);
      if (parameter === undefined) this.declare([name]);
      else this.#set(name, parameter);
    }
  }

  find(name: string): LocalMeaning | undefined {
    let found = this.#locals?.get(name);
    for (let scope = this.#outer; found === undefined && scope !== undefined; scope = scope.#outer) {
      found = scope.#locals?.get(name);
    }
    return found;
  }

  #set(name: string, meaning: LocalMeaning): void {
    this.#locals ??= new Map();
    this.#locals.set(name, meaning);
  }
}

/** The names of `let`, `const`, `class`, `function`, enums and namespaces directly in a list of statements. */
export function lexicalNames(statements: readonly SyntaxNode[]): readonly string[] {
  const names: string[] = [];
  for (const statement of statements) {
    const declaration = nodeAt(statement, 'declaration') ?? statement;
    switch (declaration.type) {
      case 'VariableDeclaration':
        if (declaration.kind !== 'var') addDeclared(declaration, names);
        break;
      case 'FunctionDeclaration':
      case 'ClassDeclaration':
      case 'TSEnumDeclaration':
      case 'TSModuleDeclaration':
      case 'TSImportEqualsDeclaration': {
        const name = outerName(nodeAt(declaration, 'id'));
        if (name !== undefined) names.push(name);
        break;
      }
      default:
    }
  }
  return names;
}

/** `A` of `namespace A.B`. */
function outerName(id: SyntaxNode | undefined): string | undefined {
  if (id === undefined) return undefined;
  return id.type === 'TSQualifiedName' ? outerName(nodeAt(id, 'left')) : textAt(id, 'name');
}

/** The names of all `var` in some statements, however deep, functions left out. */
export function varNames(statements: readonly SyntaxNode[]): readonly string[] {
  const names: string[] = [];
  for (const statement of statements) collectVars(statement, names);
  return names;
}

const VARS: ChildVisitor<string[]> = {
  visitChild(child, _parent, names) {
    if (isStatementLike(child)) collectVars(child, names);
  },
};

function collectVars(node: SyntaxNode, names: string[]): void {
  const { type } = node;
  if (type === 'VariableDeclaration' && node.kind === 'var') addDeclared(node, names);
  // A variable that is declared in an expression is that of a function.
  if (type === 'VariableDeclaration' || type === 'ExpressionStatement' || type === 'ReturnStatement') return;
  if (isFunction(node) || type === 'StaticBlock' || type === 'TSModuleDeclaration') return;
  visitChildren(node, VARS, names);
}

/** Expressions hold no `var`, other than in functions. */
function isStatementLike({ type }: SyntaxNode): boolean {
  const known = statementLike.get(type);
  if (known !== undefined) return known;
  const isLike = /Statement$|^VariableDeclaration$|^SwitchCase$|^CatchClause$|^ExportNamedDeclaration$/.test(type);
  statementLike.set(type, isLike);
  return isLike;
}

/** By kind of node: there are few, and each is asked about often. */
const statementLike = new Map<string, boolean>();

export function declaredNames(declaration: SyntaxNode): readonly string[] {
  const names: string[] = [];
  addDeclared(declaration, names);
  return names;
}

function addDeclared(declaration: SyntaxNode, names: string[]): void {
  for (const declarator of nodesAt(declaration, 'declarations')) {
    const id = nodeAt(declarator, 'id');
    if (id?.type === 'Identifier') names.push(String(id.name));
    else if (id !== undefined) for (const { name } of boundNames(id)) names.push(name);
  }
}
