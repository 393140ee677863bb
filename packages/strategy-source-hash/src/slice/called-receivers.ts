import { nodeAt, type SyntaxNode } from '../syntax-tree.ts';
import { unwrapped } from '../type-syntax.ts';
import type { Flows, Outer } from './flows.ts';
import type { Meanings } from './name-resolution.ts';

/**
 * The variables of a unit whose methods it calls: whoever put these methods there, they may be functions of the unit that have the value of the
 * variable as `this`, and what they do with parts of it they do with what was put into that value.
 */
export class CalledReceivers {
  readonly #meanings: Meanings;
  readonly #flows: Flows;
  readonly #called: SyntaxNode[] = [];

  constructor(meanings: Meanings, flows: Flows) {
    this.#meanings = meanings;
    this.#flows = flows;
  }

  call(callee: SyntaxNode | undefined): void {
    const object = callee?.type === 'MemberExpression' ? unwrapped(nodeAt(callee, 'object')) : undefined;
    const meaning = object === undefined ? undefined : this.#meanings.of.get(object);
    if (object !== undefined && meaning !== undefined && 'local' in meaning) this.#called.push(object);
  }

  /** What an expression may name that is reached by `this`, beside what stands where that is made; asked when all calls are known. */
  behind(node: SyntaxNode | undefined): ReadonlySet<Outer> {
    const found = new Set<Outer>();
    const base = baseOf(node);
    if (this.#called.length === 0 || base === node || base?.type !== 'ThisExpression') return found;
    const { receivers } = this.#meanings;
    const owner = receivers.ownerAt(base);
    if (owner === undefined && receivers.of(base) !== 'param') return found;
    for (const called of this.#called) {
      // The methods of a class are asked for from outside.
      if (owner?.type === 'ClassBody' && contains(owner, called)) continue;
      for (const origin of this.#flows.heldBeside(called, owner)) found.add(origin);
    }
    return found;
  }
}

/** What an expression names a part of, or calls a method of. */
function baseOf(node: SyntaxNode | undefined): SyntaxNode | undefined {
  let base = node;
  for (let next = base; next !== undefined; next = partOf(next)) base = next;
  return base;
}

function partOf(node: SyntaxNode): SyntaxNode | undefined {
  return (
    nodeAt(node, 'object') ??
    nodeAt(node, 'callee') ??
    (node.type === 'ThisExpression' ? undefined : nodeAt(node, 'expression'))
  );
}

function contains(outer: SyntaxNode, inner: SyntaxNode): boolean {
  return outer.start <= inner.start && inner.end <= outer.end;
}
