import type { ModuleReference } from '../module-references.ts';
import { literalText, memberName } from '../names.ts';
import { childrenOf } from '../syntax-children.ts';
import { nodeAt, nodesAt, type SyntaxNode, textAt } from '../syntax-tree.ts';
import { isFunction } from '../traversal.ts';
import { isTypeOnly } from '../type-syntax.ts';
import { loadingIn, membersOfHeldModules } from './held-modules.ts';
import type { Ref } from './unit.ts';

/** Expressions that load a module → what they stand for. */
export type LoadedModules = ReadonlyMap<SyntaxNode, Ref>;

const LOADING: ReadonlySet<string> = new Set(['ImportExpression', 'CallExpression', 'TSExternalModuleReference']);

const LOADS: ReadonlySet<ModuleReference['kind']> = new Set(['import', 'require']);

/**
 * The modules that code loads by itself, with the exports that it uses where these can be told: those of `(await import('./x.ts')).a`,
 * `const { a } = require('./x.cjs')`, `import('./x.ts').then(({ a }) => …)` and `const m = await import('./x.ts')` with `m.a`. All others are used as a whole.
 */
export function loadedModules(program: SyntaxNode, references: readonly ModuleReference[]): LoadedModules {
  const byPlace = new Map(references.flatMap((one) => (one.lazy && LOADS.has(one.kind) ? [[one.offset, one]] : [])));
  const loading: SyntaxNode[] = [];
  const held = byPlace.size === 0 ? [] : membersOfHeldModules(program);
  const members = new Map([...held].map(([node, used]) => [node, withThen(node, used)]));
  const pending: SyntaxNode[] = byPlace.size === 0 ? [] : [program];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    if (isTypeOnly(node)) continue;
    if (LOADING.has(node.type) && byPlace.has(node.start)) loading.push(node);
    const used = useIn(node);
    if (used?.members !== undefined) members.set(used.loading, used.members);
    pending.push(...childrenOf(node));
  }
  return new Map(
    loading.flatMap((node) => {
      const reference = byPlace.get(node.start);
      const target = nodeAt(node, 'source') ?? nodeAt(node, 'expression') ?? nodesAt(node, 'arguments')[0];
      if (reference === undefined || literalText(target) !== reference.specifier) return [];
      const used = members.get(node);
      return [[node, { to: 'module', how: reference.kind, from: reference.specifier, ...(used && { members: used }) }]];
    }),
  );
}

interface Use {
  readonly loading: SyntaxNode;
  readonly members: readonly string[] | undefined;
}

function useIn(node: SyntaxNode): Use | undefined {
  switch (node.type) {
    case 'MemberExpression': {
      const name = memberName(node);
      return use(nodeAt(node, 'object'), name === undefined ? undefined : [name]);
    }
    case 'VariableDeclarator':
      return use(nodeAt(node, 'init'), keysOf(nodeAt(node, 'id')));
    case 'CallExpression':
      return useInThen(node);
    default:
      return undefined;
  }
}

function use(of: SyntaxNode | undefined, members: readonly string[] | undefined): Use | undefined {
  const loading = loadingIn(of);
  return loading === undefined ? undefined : { loading, members: withThen(loading, members) };
}

/** Whoever waits for a module calls its export `then`, if it has one. */
function withThen<M extends readonly string[] | undefined>({ type }: SyntaxNode, members: M): M | readonly string[] {
  return type === 'ImportExpression' && members !== undefined ? [...members, 'then'] : members;
}

/** `import('./x.ts').then(({ a }) => …)`: the promise itself is what the method is called on. */
function useInThen(call: SyntaxNode): Use | undefined {
  const callee = nodeAt(call, 'callee');
  const [next] = nodesAt(call, 'arguments');
  const promise = callee === undefined ? undefined : nodeAt(callee, 'object');
  if (callee?.type !== 'MemberExpression' || memberName(callee) !== 'then' || next === undefined) return undefined;
  if (promise?.type !== 'ImportExpression' || next.type === 'FunctionExpression' || !isFunction(next)) return undefined;
  return { loading: promise, members: withThen(promise, keysOf(nodesAt(next, 'params')[0])) };
}

/** The keys that an object pattern takes; `undefined` for anything that may take more. */
export function keysOf(pattern: SyntaxNode | undefined): readonly string[] | undefined {
  if (pattern?.type !== 'ObjectPattern') return undefined;
  const keys = nodesAt(pattern, 'properties').map((property) => {
    const key = nodeAt(property, 'key');
    if (property.type !== 'Property' || property.computed === true || key === undefined) return undefined;
    return textAt(key, 'name') ?? textAt(key, 'value');
  });
  return keys.every((key) => key !== undefined) ? keys : undefined;
}
