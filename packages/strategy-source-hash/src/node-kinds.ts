import type { SyntaxNode } from './syntax-tree.ts';

const kinds = new Map<string, string>();

/** Lets nodes of one kind share its text, of which the parser gives each its own: what is one text is compared at a glance. */
export function shareKind(node: SyntaxNode): string {
  const { type } = node;
  const kind = kinds.get(type) ?? learn(type);
  // Texts that are equal cannot be told apart, so it is put there in any case.
  (node as { type: string }).type = kind;
  return kind;
}

/** Names of properties are the texts of which the engine has only one each. */
function learn(kind: string): string {
  const [text = kind] = Object.keys({ [kind]: true });
  kinds.set(text, text);
  return text;
}
