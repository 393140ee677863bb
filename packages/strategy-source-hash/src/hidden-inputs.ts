import { isKnownFile, isPassedOn, isValueUse } from './expression-position.ts';
import type { Finding } from './finding.ts';
import type { FileScope } from './module-references.ts';
import { argumentsOf, literalText, memberName } from './names.ts';
import { nodeAt, nodesAt, type SyntaxNode, textAt } from './syntax-tree.ts';
import { boundNames, isFunction } from './traversal.ts';
import { unwrapped } from './type-syntax.ts';

const ENVIRONMENTS: ReadonlySet<string> = new Set(['process.env', 'import.meta.env']);

const FILE_SYSTEMS: ReadonlySet<string> = new Set(['node:fs', 'node:fs.promises']);
const FILE_READS =
  /^node:fs\.(promises\.)?(readFile|createReadStream|open|openAsBlob|readdir|opendir|readlink|glob|stat|lstat|exists|access|realpath|cp|copyFile|watch|watchFile)(Sync)?$/;

const CODE_FROM_TEXT = /^(eval|node:vm\.(runIn\w+|compileFunction|Script|SourceTextModule)|module\._compile)$/;

/** What a node takes from outside the source: the environment, files with computed paths, code made from text. */
export function hiddenInputsAt(
  node: SyntaxNode,
  ancestors: readonly SyntaxNode[],
  scope: FileScope,
): readonly Finding[] {
  const parent = ancestors.at(-1);
  switch (node.type) {
    case 'WithStatement':
      return [codeFromText(node, 'with')];
    case 'VariableDeclarator':
      return destructured(node, nodeAt(node, 'id'), scope.names.pathOf(nodeAt(node, 'init')));
    case 'AssignmentPattern':
      return destructured(node, nodeAt(node, 'left'), scope.names.pathOf(nodeAt(node, 'right')));
    case 'Identifier':
      if (!isValueUse(node, parent) || (parent?.type === 'VariableDeclarator' && parent.id === node)) return NOTHING;
      return inputsOfPath(node, parent, scope);
    case 'MemberExpression':
      return [...inputsOfPath(node, parent, scope), ...computedMember(node, scope), ...functionMaker(node, scope)];
    case 'MetaProperty':
      return inputsOfPath(node, parent, scope);
    default:
      return NOTHING;
  }
}

const NOTHING: readonly Finding[] = [];

/** `namespace[key]` may be any export: so all of them count, and it is said why. */
function computedMember(node: SyntaxNode, { names }: FileScope): readonly Finding[] {
  const object = nodeAt(node, 'object');
  if (object?.type !== 'Identifier' || memberName(node) !== undefined) return NOTHING;
  const imported = names.importOf(String(object.name));
  if (imported?.name !== '*') return NOTHING;
  const message = `a computed name picks from all exports of ${JSON.stringify(imported.specifier)}: all of them are part of the version`;
  return [{ kind: 'computed-member', message, offset: node.start }];
}

function inputsOfPath(node: SyntaxNode, parent: SyntaxNode | undefined, scope: FileScope): readonly Finding[] {
  const path = scope.names.pathOf(node);
  const object = node.type === 'MemberExpression' ? scope.names.pathOf(nodeAt(node, 'object')) : undefined;
  if (object !== undefined && ENVIRONMENTS.has(object)) return [environment(node, scope.names.memberOf(node))];
  if (object === 'process' && memberName(node) === undefined) return [environment(node, undefined)];
  if (path === undefined) return NOTHING;
  if (CODE_FROM_TEXT.test(path)) return [codeFromText(node, path)];
  if (path === 'Function' && parent?.callee === node) return [codeFromText(node, 'Function()')];
  if (isPassedOn(node, parent) || isTakenApart(node, parent)) return NOTHING;
  if (ENVIRONMENTS.has(path) && parent?.operator === 'in' && parent.right === node)
    return [environment(node, literalText(nodeAt(parent, 'left')))];
  if (ENVIRONMENTS.has(path) || path === 'process') return [environment(node, undefined)];
  const readsFiles = FILE_READS.test(path) || FILE_SYSTEMS.has(path);
  return readsFiles && !isReadOfKnownFile(node, parent, scope) ? [fileRead(node, path)] : NOTHING;
}

/** `const { MODEL, KEY: key } = process.env` lists its names, and so does `{ env: { MODEL } } = process`; a rest or a deeper pattern takes everything. */
function destructured(node: SyntaxNode, pattern: SyntaxNode | undefined, from: string | undefined): readonly Finding[] {
  if (pattern?.type !== 'ObjectPattern' || from === undefined) return NOTHING;
  if (ENVIRONMENTS.has(from)) return boundNames(pattern).map((name) => environment(node, name.from));
  const nested = from === 'process' ? patternOfEnvironment(pattern) : undefined;
  if (nested !== undefined) return destructured(node, nested, 'process.env');
  if (boundNames(pattern).every((name) => name.from !== undefined)) return NOTHING;
  if (from === 'process') return [environment(node, undefined)];
  return FILE_SYSTEMS.has(from) ? [fileRead(node, from)] : NOTHING;
}

/** The pattern of `{ env: { … } }`, where nothing else is taken but by its name. */
function patternOfEnvironment(pattern: SyntaxNode): SyntaxNode | undefined {
  const properties = nodesAt(pattern, 'properties');
  const nested = properties.find((one) => one.computed !== true && nodeAt(one, 'value')?.type === 'ObjectPattern');
  const isPlain = (one: SyntaxNode): boolean => one === nested || (one.type === 'Property' && one.computed !== true);
  const key = nested === undefined ? undefined : nodeAt(nested, 'key');
  if (nested === undefined || key === undefined || (textAt(key, 'name') ?? literalText(key)) !== 'env')
    return undefined;
  return properties.every(isPlain) ? nodeAt(nested, 'value') : undefined;
}

/** `(async () => {}).constructor` makes functions from text, as `Function` does. */
function functionMaker(node: SyntaxNode, { names }: FileScope): readonly Finding[] {
  if (memberName(node) !== 'constructor') return NOTHING;
  const object = unwrapped(nodeAt(node, 'object'));
  const isPrototype =
    object?.type === 'CallExpression' && names.pathOf(nodeAt(object, 'callee'))?.endsWith('.getPrototypeOf') === true;
  const made = isPrototype ? unwrapped(argumentsOf(object)[0]) : object;
  return made !== undefined && isFunction(made) ? [codeFromText(node, 'the constructor of a function')] : NOTHING;
}

/** True for what a default of a pattern takes names from. */
function isTakenApart(node: SyntaxNode, parent: SyntaxNode | undefined): boolean {
  return (
    parent?.type === 'AssignmentPattern' && parent.right === node && nodeAt(parent, 'left')?.type === 'ObjectPattern'
  );
}

function isReadOfKnownFile(node: SyntaxNode, parent: SyntaxNode | undefined, scope: FileScope): boolean {
  if (parent?.type !== 'CallExpression' || parent.callee !== node) return false;
  return isKnownFile(argumentsOf(parent)[0], scope.names, scope.knownFiles);
}

function fileRead(node: SyntaxNode, path: string): Finding {
  const message = `${path.replace('node:', '')} reads files that are not part of the version`;
  return { kind: 'file-read', message, offset: node.start };
}

function environment(node: SyntaxNode, name: string | undefined): Finding {
  const message =
    name === undefined
      ? 'reads environment variables whose names are computed'
      : `reads the environment variable ${name}, whose value is no part of the version unless the op declares it`;
  return { kind: `env:${name ?? '*'}`, message, offset: node.start };
}

function codeFromText(node: SyntaxNode, what: string): Finding {
  return { kind: 'eval', message: `${what} runs code that is not in the source`, offset: node.start };
}
