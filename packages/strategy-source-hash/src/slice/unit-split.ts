import { literalText } from '../names.ts';
import { nodeAt, nodesAt, type SyntaxNode, textAt } from '../syntax-tree.ts';
import { boundNames } from '../traversal.ts';
import { isTypeOnly } from '../type-syntax.ts';
import { lexicalNames, varNames } from './scope.ts';
import type { Export, Ref } from './unit.ts';

/** A stretch of a file that becomes a unit. */
export interface Piece {
  readonly node: SyntaxNode;
  readonly binds: readonly string[];
  /** `const`, `let`, `var`, `using`, `function` …; empty for statements that declare nothing. */
  readonly kind: string;
}

/** What the top level of a file declares, imports and exports. */
export interface Outline {
  readonly pieces: readonly Piece[];
  readonly imports: ReadonlyMap<string, Ref>;
  readonly own: ReadonlySet<string>;
  readonly exports: readonly Export[];
  readonly stars: readonly string[];
  /** True for a file that counts as one unit. */
  readonly isWhole: boolean;
}

/** The name of a default export that has none. */
export const DEFAULT = '*default*';

/** Takes a file apart, unless `isWhole` says that it counts as one unit, or its parts cannot be told apart. */
export function outlineOf(program: SyntaxNode, isWhole: boolean): Outline {
  const outline = new OutlineBuilder();
  for (const statement of nodesAt(program, 'body')) if (!isTypeOnly(statement)) outline.add(statement);
  if (!isWhole && isModule(program) && !outline.hasClashes()) return outline;
  const { imports } = outline;
  const pieces = [{ node: program, binds: [], kind: 'module' }];
  return { pieces, imports, own: new Set(), exports: [], stars: [], isWhole: true };
}

/** True for an ES module that a runtime loads. */
function isModule(program: SyntaxNode): boolean {
  const body = nodesAt(program, 'body');
  if (body.some(({ type }) => /^TS(?:ImportEquals|ExportAssignment|NamespaceExport)/.test(type))) return false;
  return body.some(({ type }) => /^(?:Import|Export)/.test(type));
}

class OutlineBuilder implements Outline {
  readonly pieces: Piece[] = [];
  readonly imports: Map<string, Ref> = new Map();
  readonly own: Set<string> = new Set();
  readonly exports: Export[] = [];
  readonly stars: string[] = [];
  readonly isWhole: boolean = false;
  /** Imported names, each as often as it is imported. */
  readonly #imported: string[] = [];

  /** True when a name is imported, declared or exported twice, other than TypeScript merges declarations. */
  hasClashes(): boolean {
    const declared = new Map<string, string>();
    const isClash = ({ kind, binds }: Piece): boolean =>
      binds.some((name) => {
        const before = declared.get(name);
        declared.set(name, kind);
        return before !== undefined && !isMerged(before, kind);
      });
    return (
      hasDuplicates(this.exports.map(({ name }) => name)) ||
      hasDuplicates(this.#imported) ||
      this.#imported.some((name) => this.own.has(name)) ||
      this.pieces.some(isClash)
    );
  }

  add(statement: SyntaxNode): void {
    switch (statement.type) {
      case 'ImportDeclaration':
        return this.#import(statement);
      case 'ExportAllDeclaration':
        return this.#exportAll(statement);
      case 'ExportNamedDeclaration':
        return this.#exportNamed(statement);
      case 'ExportDefaultDeclaration':
        return this.#exportDefault(statement);
      default:
        this.#declare(statement);
    }
  }

  #import(statement: SyntaxNode): void {
    const from = literalText(nodeAt(statement, 'source')) ?? '';
    for (const specifier of nodesAt(statement, 'specifiers')) {
      if (isTypeOnly(specifier)) continue;
      const local = textAt(nodeAt(specifier, 'local') ?? specifier, 'name');
      if (local === undefined) continue;
      this.imports.set(local, { to: 'import', from, name: importedName(specifier) });
      this.#imported.push(local);
    }
  }

  #exportAll(statement: SyntaxNode): void {
    const from = literalText(nodeAt(statement, 'source')) ?? '';
    const exported = nodeAt(statement, 'exported');
    if (exported === undefined) this.stars.push(from);
    else this.exports.push({ name: nameText(exported), local: '*', from });
  }

  #exportNamed(statement: SyntaxNode): void {
    const declaration = nodeAt(statement, 'declaration');
    if (declaration !== undefined) {
      for (const name of this.#declare(declaration)) this.exports.push({ name, local: name });
      return;
    }
    const from = literalText(nodeAt(statement, 'source'));
    for (const specifier of nodesAt(statement, 'specifiers').filter((one) => !isTypeOnly(one))) {
      const names = { name: nameText(nodeAt(specifier, 'exported')), local: nameText(nodeAt(specifier, 'local')) };
      this.exports.push(from === undefined ? names : { ...names, from });
    }
  }

  #exportDefault(statement: SyntaxNode): void {
    const node = nodeAt(statement, 'declaration');
    if (node === undefined) return;
    if (node.type === 'Identifier' && this.#isJustMade(String(node.name))) {
      this.exports.push({ name: 'default', local: String(node.name) });
      return;
    }
    const name = node.type.endsWith('Declaration') ? textAt(nodeAt(node, 'id') ?? node, 'name') : undefined;
    this.#piece({ node, binds: [name ?? DEFAULT], kind: 'default' });
    this.exports.push({ name: 'default', local: name ?? DEFAULT });
  }

  /** True for a constant after which nothing has run: `export default x` exports it as `export { x as default }` would. */
  #isJustMade(name: string): boolean {
    const last = this.pieces.findLast(({ kind }) => kind !== 'FunctionDeclaration');
    return last?.kind === 'const' && last.binds.length === 1 && last.binds[0] === name;
  }

  #declare(node: SyntaxNode): readonly string[] {
    if (node.type === 'VariableDeclaration') {
      const kind = String(node.kind);
      return nodesAt(node, 'declarations').flatMap((declarator) => {
        const id = nodeAt(declarator, 'id');
        const binds = id === undefined ? [] : boundNames(id).map(({ name }) => name);
        this.#piece({ node: declarator, binds, kind });
        return binds;
      });
    }
    if (node.type === 'EmptyStatement' || typeof node.directive === 'string') return [];
    const binds = [...lexicalNames([node]), ...varNames([node])];
    this.#piece({ node, binds, kind: node.type.endsWith('Declaration') ? node.type : '' });
    return binds;
  }

  #piece(piece: Piece): void {
    this.pieces.push(piece);
    for (const name of piece.binds) this.own.add(name);
  }
}

const MERGING = new Set(['TSModuleDeclaration', 'TSEnumDeclaration']);

function isMerged(first: string, second: string): boolean {
  return first === second ? first === 'var' || MERGING.has(first) : MERGING.has(first) || MERGING.has(second);
}

function hasDuplicates(names: readonly string[]): boolean {
  return new Set(names).size < names.length;
}

function importedName(specifier: SyntaxNode): string {
  if (specifier.type === 'ImportNamespaceSpecifier') return '*';
  return specifier.type === 'ImportSpecifier' ? nameText(nodeAt(specifier, 'imported')) : 'default';
}

function nameText(node: SyntaxNode | undefined): string {
  return node === undefined ? '' : (textAt(node, 'name') ?? textAt(node, 'value') ?? '');
}
