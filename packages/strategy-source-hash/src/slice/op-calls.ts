import { literalText } from '../names.ts';
import { childrenOf } from '../syntax-children.ts';
import { nodeAt, nodesAt, type SyntaxNode, textAt } from '../syntax-tree.ts';
import { isFunction } from '../traversal.ts';
import { isTypeOnly, unwrapped } from '../type-syntax.ts';
import type { Meanings } from './name-resolution.ts';
import type { Local } from './scope.ts';

/** A call that defines an op or resource as its module is loaded. */
export interface OpCall {
  readonly call: SyntaxNode;
  /** What of its arguments decides what the op computes. */
  readonly parts: readonly SyntaxNode[];
}

/** What of an op's specification changes no value that it computes, or counts elsewhere in the version of a step. */
const INERT: ReadonlySet<string> = new Set([
  'config',
  'description',
  'effect',
  'env',
  'io',
  'maxAge',
  'memo',
  'namespace',
  'pool',
  'retry',
  'salt',
  'secret',
  'tags',
  'timeout',
  'uses',
  'version',
]);

/** The ops and resources that a piece of top-level code defines in place, as far as they can be told from the code around them. */
export function opCallsIn(piece: SyntaxNode, meanings: Meanings): readonly OpCall[] {
  const found: OpCall[] = [];
  collect(piece, meanings, found);
  return found.filter(({ parts }) => parts.every((part) => !usesVariablesAround(part, piece, meanings)));
}

function collect(node: SyntaxNode, meanings: Meanings, found: OpCall[]): void {
  if (isFunction(node) || isTypeOnly(node)) return;
  if (node.type === 'CallExpression' && isDefinition(nodeAt(node, 'callee'), meanings)) {
    const parts = partsOf(nodesAt(node, 'arguments'));
    if (parts.length > 0) found.push({ call: node, parts });
  }
  for (const child of childrenOf(node)) collect(child, meanings, found);
}

function isDefinition(callee: SyntaxNode | undefined, meanings: Meanings): boolean {
  const meaning = callee === undefined ? undefined : meanings.of.get(callee);
  if (meaning === undefined || !('ref' in meaning) || meaning.ref.to !== 'import') return false;
  return meaning.ref.from === '@memo/core' && (meaning.ref.name === 'op' || meaning.ref.name === 'resource');
}

function partsOf([name, given]: readonly SyntaxNode[]): readonly SyntaxNode[] {
  const spec = unwrapped(given);
  if (name === undefined || spec === undefined || name.type === 'SpreadElement') return [];
  if (spec.type !== 'ObjectExpression') return [spec];
  const properties = nodesAt(spec, 'properties');
  const isPlain = properties.every((property) => property.type === 'Property' && property.computed !== true);
  return isPlain ? properties.filter((property) => !INERT.has(keyOf(property))) : [spec];
}

function keyOf(property: SyntaxNode): string {
  const key = nodeAt(property, 'key');
  return key === undefined ? '' : (textAt(key, 'name') ?? literalText(key) ?? '');
}

/** True when a part uses a variable that is declared outside of it, such as that of a loop. */
function usesVariablesAround(part: SyntaxNode, piece: SyntaxNode, meanings: Meanings): boolean {
  const inside = localsIn(part, meanings);
  if (inside.size === 0) return false;
  const outside = localsIn(piece, meanings, part);
  return [...inside].some((local) => outside.has(local));
}

function localsIn(node: SyntaxNode, meanings: Meanings, except?: SyntaxNode): Set<Local> {
  const found = new Set<Local>();
  const pending: SyntaxNode[] = [node];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (next === except) continue;
    const meaning = meanings.of.get(next);
    if (meaning !== undefined && 'local' in meaning) found.add(meaning.local);
    pending.push(...childrenOf(next));
  }
  return found;
}
