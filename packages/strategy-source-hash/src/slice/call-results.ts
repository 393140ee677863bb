import { childrenOf } from '../syntax-children.ts';
import { nodeAt, type SyntaxNode } from '../syntax-tree.ts';
import { isFunction } from '../traversal.ts';
import { isTypeOnly, unwrapped } from '../type-syntax.ts';
import type { Bound } from './flow.ts';
import { MAY_STAND_FOR, type Meanings } from './name-resolution.ts';
import type { Ref } from './unit.ts';

/** Of what is handed on: it is something that the reference gives. */
export const MADE = { isDeep: true } as const;

/** Says what a name was bound to, if it is a variable of the unit. */
interface Variables {
  readonly boundTo: (name: SyntaxNode) => readonly Bound[];
}

/** The references that are called to give an expression, or something that it holds, also by the variables in it: not what functions in it would call. */
export function makersOf(node: SyntaxNode, meanings: Meanings, variables: Variables): ReadonlySet<Ref> {
  const makers = new Set<Ref>();
  const pending = new Set([node]);
  for (const one of pending) {
    const { type } = one;
    if (isFunction(one) || isTypeOnly(one, type)) continue;
    if (type === 'Identifier') {
      for (const { value } of variables.boundTo(one)) if (value !== 'param') pending.add(value);
      continue;
    }
    const maker = CALLS.has(type) ? refIn(nodeAt(one, 'callee') ?? nodeAt(one, 'tag'), meanings) : undefined;
    if (maker !== undefined) makers.add(maker);
    for (const child of childrenOf(one)) pending.add(child);
  }
  return makers;
}

const CALLS: ReadonlySet<string> = new Set(['CallExpression', 'TaggedTemplateExpression']);

/** The reference that is called, or whose method is. */
function refIn(callee: SyntaxNode | undefined, meanings: Meanings): Ref | undefined {
  let node = unwrapped(callee);
  while (node !== undefined) {
    const meaning = MAY_STAND_FOR.has(node.type) ? meanings.of.get(node) : undefined;
    if (meaning !== undefined) return 'ref' in meaning ? meaning.ref : undefined;
    node = node.type === 'MemberExpression' ? unwrapped(nodeAt(node, 'object')) : undefined;
  }
  return undefined;
}
