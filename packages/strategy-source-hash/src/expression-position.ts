import { argumentsOf, literalText, type Names } from './names.ts';
import { isNode, nodeAt, type SyntaxNode } from './syntax-tree.ts';
import { TYPE_WRAPPERS } from './type-syntax.ts';

/** Paths that say where the running file is. */
export const LOCATIONS: ReadonlySet<string> = new Set([
  '__dirname',
  '__filename',
  'import.meta.url',
  'import.meta.dirname',
  'import.meta.filename',
  'module.filename',
  'module.path',
  'module.paths',
  'require.main',
]);

const SELF_URLS: ReadonlySet<string> = new Set(['import.meta.url', '__filename']);

/** True where an identifier stands for a value, false where it is a property name, a label or part of a declaration. */
export function isValueUse(node: SyntaxNode, parent: SyntaxNode | undefined): boolean {
  switch (parent?.type) {
    case 'MemberExpression':
      return parent.property !== node || parent.computed === true;
    case 'Property':
    case 'MethodDefinition':
    case 'PropertyDefinition':
    case 'AccessorProperty':
      return parent.key !== node || parent.computed === true;
    case 'MetaProperty':
    case 'LabeledStatement':
    case 'BreakStatement':
    case 'ContinueStatement':
    case 'ImportSpecifier':
    case 'ImportDefaultSpecifier':
    case 'ImportNamespaceSpecifier':
    case 'ImportAttribute':
      return false;
    case 'TSEnumMember':
      return parent.initializer === node;
    case 'ExportSpecifier':
      return parent.local === node;
    default:
      return true;
  }
}

/** True when the path is read further (`x.y`, `x()`) or merely given another name, which {@link Names} follows. */
export function isPassedOn(node: SyntaxNode, parent: SyntaxNode | undefined): boolean {
  if (parent === undefined) return false;
  if (parent.type === 'MemberExpression') return parent.object === node;
  if (parent.type === 'VariableDeclarator') return parent.init === node;
  if (parent.type === 'ChainExpression' || parent.type === 'SequenceExpression') return true;
  return TYPE_WRAPPERS.has(parent.type) || (parent.type === 'UnaryExpression' && parent.operator === 'typeof');
}

/** The relative reference of `new URL('./data.txt', import.meta.url)`; `undefined` for anything else. */
export function literalUrl(node: SyntaxNode, names: Names): string | undefined {
  if (node.type !== 'NewExpression' || names.pathOf(nodeAt(node, 'callee'))?.replace(/^node:url\./, '') !== 'URL') {
    return undefined;
  }
  const [target, base] = argumentsOf(node);
  const reference = literalText(target);
  // `new URL('.', import.meta.url)` only asks for the directory, to find anything from there.
  return reference !== undefined && isSelfUrl(base, names) && !/^[./]*$/.test(reference) ? reference : undefined;
}

/** `import.meta.url`, `__filename` or `pathToFileURL(__filename)`. */
export function isSelfUrl(node: SyntaxNode | undefined, names: Names): boolean {
  if (node?.type === 'CallExpression' && names.pathOf(nodeAt(node, 'callee'))?.endsWith('pathToFileURL')) {
    return isSelfUrl(argumentsOf(node)[0], names);
  }
  return SELF_URLS.has(names.pathOf(node) ?? '');
}

/** True for an expression that is, or names, a file next to this one that the closure follows. */
export function isKnownFile(node: SyntaxNode | undefined, names: Names, knownFiles: ReadonlySet<string>): boolean {
  if (node === undefined) return false;
  if (node.type === 'Identifier') return knownFiles.has(String(node.name));
  if (node.type === 'CallExpression' && names.pathOf(nodeAt(node, 'callee'))?.endsWith('fileURLToPath')) {
    return isKnownFile(argumentsOf(node)[0], names, knownFiles);
  }
  return literalUrl(node, names) !== undefined;
}

/** True for `import.meta.url === pathToFileURL(process.argv[1]).href` and its like: "am I the program?". */
export function isMainGuard(test: SyntaxNode, names: Names): boolean {
  let place = false;
  let program = false;
  const pending: SyntaxNode[] = [test];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    const path = names.pathOf(node) ?? '';
    place ||= LOCATIONS.has(path) || path === 'import.meta.main';
    program ||= path === 'process.argv' || path === 'require.main' || path === 'import.meta.main';
    for (const value of Object.values(node)) {
      if (isNode(value)) pending.push(value);
      else if (Array.isArray(value)) pending.push(...value.filter(isNode));
    }
  }
  return place && program;
}

/** True when the node is inside the test of a main guard. */
export function isInMainGuard(node: SyntaxNode, ancestors: readonly SyntaxNode[], names: Names): boolean {
  return ancestors.some((ancestor, index) => {
    if (ancestor.type !== 'IfStatement') return false;
    const test = nodeAt(ancestor, 'test');
    return test !== undefined && (ancestors[index + 1] ?? node) === test && isMainGuard(test, names);
  });
}

/** Names of constants that hold a literal URL and that nothing shadows. */
export function knownFileNames(declarators: readonly SyntaxNode[], names: Names): ReadonlySet<string> {
  const known = new Set<string>();
  for (const declarator of declarators) {
    const id = nodeAt(declarator, 'id');
    if (id?.type !== 'Identifier' || !names.isBoundOnce(String(id.name))) continue;
    if (isKnownFile(nodeAt(declarator, 'init'), names, known)) known.add(String(id.name));
  }
  return known;
}
