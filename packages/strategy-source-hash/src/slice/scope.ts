import { childrenOf } from '../syntax-children.ts';
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

/** The names that are declared in one stretch of code. */
export class Scope {
  readonly #locals = new Map<string, Local>();
  readonly #outer: Scope | undefined;

  constructor(outer?: Scope) {
    this.#outer = outer;
  }

  declare(names: Iterable<string>, isProperty = false): void {
    for (const name of names) {
      if (!this.#locals.has(name)) this.#locals.set(name, { name, isAssigned: false, isProperty });
    }
  }

  /** Lets a `var` be the parameter of the same name, which it is. */
  declareVars(names: Iterable<string>, parameters: Scope): void {
    for (const name of names) {
      const parameter = parameters.#locals.get(name);
      if (parameter === undefined) this.declare([name]);
      else this.#locals.set(name, parameter);
    }
  }

  find(name: string): Local | undefined {
    return this.#locals.get(name) ?? this.#outer?.find(name);
  }
}

/** The names of `let`, `const`, `class`, `function`, enums and namespaces directly in a list of statements. */
export function* lexicalNames(statements: readonly SyntaxNode[]): Generator<string> {
  for (const statement of statements) {
    const declaration = nodeAt(statement, 'declaration') ?? statement;
    switch (declaration.type) {
      case 'VariableDeclaration':
        if (declaration.kind !== 'var') yield* declaredNames(declaration);
        break;
      case 'FunctionDeclaration':
      case 'ClassDeclaration':
      case 'TSEnumDeclaration':
      case 'TSModuleDeclaration':
      case 'TSImportEqualsDeclaration': {
        const name = textAt(nodeAt(declaration, 'id') ?? declaration, 'name');
        if (name !== undefined) yield name;
        break;
      }
      default:
    }
  }
}

/** The names of all `var` in a statement, however deep, functions left out. */
export function* varNames(node: SyntaxNode): Generator<string> {
  if (node.type === 'VariableDeclaration' && node.kind === 'var') yield* declaredNames(node);
  if (isFunction(node) || node.type === 'StaticBlock' || node.type === 'TSModuleDeclaration') return;
  for (const child of childrenOf(node)) if (isStatementLike(child)) yield* varNames(child);
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

export function* declaredNames(declaration: SyntaxNode): Generator<string> {
  for (const declarator of nodesAt(declaration, 'declarations')) {
    const id = nodeAt(declarator, 'id');
    if (id !== undefined) for (const { name } of boundNames(id)) yield name;
  }
}
