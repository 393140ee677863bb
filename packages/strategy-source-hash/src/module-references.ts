import {
  isInMainGuard,
  isKnownFile,
  isPassedOn,
  isSelfUrl,
  isValueUse,
  LOCATIONS,
  literalUrl,
} from './expression-position.ts';
import type { Finding } from './finding.ts';
import { argumentsOf, literalText, type Names } from './names.ts';
import { nodeAt, nodesAt, type SyntaxNode } from './syntax-tree.ts';
import { isFunction } from './traversal.ts';
import { hasOnlyTypeSpecifiers } from './type-syntax.ts';

/** One mention of another module or file. */
export interface ModuleReference {
  /**
   * `locate` gives only the place of a file: it may then be read, run or passed on. `run` starts a file as a program of its
   * own: a worker, a process.
   */
  readonly kind: 'import' | 'require' | 'locate' | 'run';
  readonly specifier: string;
  /** True when the module may be loaded after the file that mentions it. */
  readonly lazy: boolean;
  /** True when it may be loaded only after the module that mentions it is initialised: while an op runs, for example. */
  readonly late?: boolean;
  /** Set when every name that is imported is marked as a type, or used as nothing else: compilers may drop the import. */
  readonly elidable?: 'marked' | 'unused';
  /** True for an import that names nothing: it is there for what loading the module does. */
  readonly isBare?: boolean;
  readonly offset: number;
}

/** What is known of the file around a node. */
export interface FileScope {
  readonly names: Names;
  /** Constants that hold the place of a file next to this one. */
  readonly knownFiles: ReadonlySet<string>;
}

/** The static imports and re-exports of a file. `usedNames` are the names that the file uses as values. */
export function staticReferences(body: readonly SyntaxNode[], usedNames: ReadonlySet<string>): ModuleReference[] {
  return body.flatMap((statement) => {
    const specifier = literalText(nodeAt(statement, 'source'));
    if (specifier === undefined || isTypeDeclaration(statement)) return [];
    const elidable = hasOnlyTypeSpecifiers(statement)
      ? { elidable: 'marked' as const }
      : isUnusedImport(statement, usedNames)
        ? { elidable: 'unused' as const }
        : {};
    const isBare = statement.type === 'ImportDeclaration' && nodesAt(statement, 'specifiers').length === 0;
    return [
      {
        kind: 'import' as const,
        specifier,
        lazy: false,
        offset: statement.start,
        ...elidable,
        ...(isBare && { isBare }),
      },
    ];
  });
}

function isTypeDeclaration(statement: SyntaxNode): boolean {
  return statement.importKind === 'type' || statement.exportKind === 'type';
}

function isUnusedImport(statement: SyntaxNode, usedNames: ReadonlySet<string>): boolean {
  const specifiers = nodesAt(statement, 'specifiers');
  if (statement.type !== 'ImportDeclaration' || specifiers.length === 0) return false;
  return specifiers.every((specifier) => !usedNames.has(String(nodeAt(specifier, 'local')?.name)));
}

/** The reference that a call or expression makes, or the finding that it has no literal target. */
export function referenceAt(
  node: SyntaxNode,
  ancestors: readonly SyntaxNode[],
  scope: FileScope,
): ModuleReference | Finding | undefined {
  const found = mentionAt(node, ancestors, scope);
  if (found === undefined || !('specifier' in found)) return found;
  // A `require()` outside functions is done when the module is; an `import()` may go on, a file may be read at any time.
  return { ...found, late: found.kind !== 'require' || ancestors.some(mayRunLater) };
}

function mayRunLater(node: SyntaxNode): boolean {
  return isFunction(node) || node.type === 'PropertyDefinition' || node.type === 'AccessorProperty';
}

function mentionAt(
  node: SyntaxNode,
  ancestors: readonly SyntaxNode[],
  scope: FileScope,
): ModuleReference | Finding | undefined {
  switch (node.type) {
    case 'ImportExpression':
      return refer({ node, kind: 'import', target: nodeAt(node, 'source'), what: 'import()' });
    case 'TSExternalModuleReference':
      return refer({ node, kind: 'require', target: nodeAt(node, 'expression'), what: 'import =' });
    case 'CallExpression':
      return referenceOfCall(node, scope);
    case 'NewExpression':
      return referenceOfNew(node, ancestors, scope);
    case 'Identifier':
    case 'MetaProperty':
    case 'MemberExpression':
      return referenceOfMention(node, ancestors, scope);
    default:
      return undefined;
  }
}

interface Mention {
  readonly node: SyntaxNode;
  readonly kind: ModuleReference['kind'];
  readonly target: SyntaxNode | undefined;
  readonly what: string;
}

function refer({ node, kind, target, what }: Mention): ModuleReference | Finding {
  const specifier = literalText(target);
  if (specifier !== undefined) return { kind, specifier, lazy: true, offset: node.start };
  const message = `${what} of a module whose name is computed: the code that it loads is not part of the version`;
  return { kind: 'dynamic-import', message, offset: node.start };
}

function referenceOfCall(node: SyntaxNode, scope: FileScope): ModuleReference | Finding | undefined {
  const path = scope.names.pathOf(nodeAt(node, 'callee'));
  const [target] = argumentsOf(node);
  switch (path) {
    case 'require':
    case 'module.require':
      return refer({ node, kind: 'require', target, what: 'require()' });
    case 'require.resolve':
    case 'import.meta.resolve':
      return refer({ node, kind: 'locate', target, what: `${path}()` });
    case 'node:module.createRequire':
      if (isSelfUrl(target, scope.names)) return undefined;
      return refer({ node, kind: 'require', target: undefined, what: 'createRequire() for another place' });
    case 'import.meta.glob':
    case 'import.meta.globEager':
    case 'require.context':
      return refer({ node, kind: 'import', target: undefined, what: `${path}()` });
    case 'node:child_process.fork':
      return referenceOfProgram(node, 'fork()', scope);
    case 'process.dlopen': {
      const message = 'loads native code whose libraries are not part of the version';
      return { kind: 'native-addon', message, offset: node.start };
    }
    default:
      return undefined;
  }
}

function referenceOfNew(
  node: SyntaxNode,
  ancestors: readonly SyntaxNode[],
  scope: FileScope,
): ModuleReference | Finding | undefined {
  const url = literalUrl(node, scope.names);
  if (url !== undefined) {
    const kind = isProgramOf(ancestors, node, scope.names) ? 'run' : 'locate';
    return { kind, specifier: url, lazy: true, offset: node.start };
  }
  return isWorker(node, scope.names) ? referenceOfProgram(node, 'new Worker()', scope) : undefined;
}

function isWorker(node: SyntaxNode, names: Names): boolean {
  if (node.type !== 'NewExpression') return false;
  const path = names.pathOf(nodeAt(node, 'callee'));
  return path === 'Worker' || path === 'node:worker_threads.Worker';
}

/** True for a worker or a process that runs the file itself: nobody else learns where the file is. */
function isProgramOf(ancestors: readonly SyntaxNode[], url: SyntaxNode, names: Names): boolean {
  const call = ancestors.at(-1);
  if (call === undefined || argumentsOf(call)[0] !== url) return false;
  const isPath = call.type === 'CallExpression' && names.pathOf(nodeAt(call, 'callee')) === 'node:url.fileURLToPath';
  if (isPath) return isProgramOf(ancestors.slice(0, -1), call, names);
  return isWorker(call, names) || names.pathOf(nodeAt(call, 'callee')) === 'node:child_process.fork';
}

/** A program file that runs beside this one: the URL of a known file is followed where it stands. */
function referenceOfProgram(node: SyntaxNode, what: string, scope: FileScope): ModuleReference | Finding | undefined {
  if (isKnownFile(argumentsOf(node)[0], scope.names, scope.knownFiles)) return undefined;
  return refer({ node, kind: 'import', target: undefined, what });
}

/** Uses of `require` as a value, and of the file's own place outside the forms above. */
function referenceOfMention(
  node: SyntaxNode,
  ancestors: readonly SyntaxNode[],
  scope: FileScope,
): ModuleReference | Finding | undefined {
  const parent = ancestors.at(-1);
  if (node.type === 'Identifier' && !isValueUse(node, parent)) return undefined;
  const path = scope.names.pathOf(node);
  if (path === 'require' && node.type === 'Identifier' && !isPassedOn(node, parent) && parent?.callee !== node) {
    return refer({ node, kind: 'require', target: undefined, what: 'require, passed on as a value,' });
  }
  if (path === undefined || !LOCATIONS.has(path) || isFollowedPlace(node, ancestors, scope)) return undefined;
  const message = `${path} says where the file is: what is found from there is not part of the version`;
  return { kind: 'location', message, offset: node.start };
}

function isFollowedPlace(node: SyntaxNode, ancestors: readonly SyntaxNode[], scope: FileScope): boolean {
  const parent = ancestors.at(-1);
  if (parent?.type === 'VariableDeclarator' && parent.id === node) return true;
  if (isInMainGuard(node, ancestors, scope.names)) return true;
  return ancestors.slice(-2).some((around) => {
    if (literalUrl(around, scope.names) !== undefined) return true;
    return (
      around.type === 'CallExpression' && scope.names.pathOf(nodeAt(around, 'callee')) === 'node:module.createRequire'
    );
  });
}
