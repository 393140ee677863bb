import { LEAVES } from './syntax-children.ts';
import type { SyntaxNode } from './syntax-tree.ts';
import { mayBeTypeOnly } from './type-syntax.ts';

/** What is asked of every node, and said by its kind. */
export interface NodeKind {
  readonly type: string;
  readonly isLeaf: boolean;
  readonly mayBeTypeOnly: boolean;
  readonly isCallOrClass: boolean;
}

const kinds = new Map<string, NodeKind>();

/**
 * The kind of a node. Lets nodes of one kind share its text, of which the parser gives each its own: what is one text is compared at a glance.
 */
export function shareKind(node: SyntaxNode): NodeKind {
  const { type } = node;
  const kind = kinds.get(type) ?? learn(type);
  // Texts that are equal cannot be told apart, so it is put there in any case.
  (node as { type: string }).type = kind.type;
  return kind;
}

/** Names of properties are the texts of which the engine has only one each. */
function learn(text: string): NodeKind {
  const [type = text] = Object.keys({ [text]: true });
  const isCallOrClass = /^(?:Call|New|Class)(?:Expression|Declaration)$/.test(type);
  const kind = { type, isLeaf: LEAVES.has(type), mayBeTypeOnly: mayBeTypeOnly(type), isCallOrClass };
  kinds.set(type, kind);
  return kind;
}
