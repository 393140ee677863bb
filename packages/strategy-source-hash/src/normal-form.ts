import { FormWriter } from './form-writer.ts';
import { HashedText } from './hashed-text.ts';
import type { NamedFormOptions } from './name-forms.ts';
import type { ParsedSource, SyntaxNode } from './syntax-tree.ts';

/**
 * The text that stands for a program: equal for two texts that differ in comments, layout, quotes, redundant parentheses,
 * number spelling or types only. Every primitive property that is not on a list of ignored ones is in it, so syntax that
 * this code has never heard of changes the text rather than being missed.
 */
export function normalForm(source: ParsedSource): string {
  const text = new HashedText();
  writeNormalForm(source, text);
  return text.text();
}

/** Writes the {@link normalForm} of a program. */
export function writeNormalForm({ program }: ParsedSource, out: HashedText): void {
  const plain = new FormWriter(out, false);
  plain.node(program);
  if (!plain.sawDecorator) return;
  // With `emitDecoratorMetadata` the types of decorated code exist at run time: keep all types of such a file.
  out.clear();
  new FormWriter(out, true).node(program);
}

/** The same for one node, types left out. */
export function normalFormOf(node: SyntaxNode): string {
  const text = new HashedText();
  new FormWriter(text, false).node(node);
  return text.text();
}

/** Writes the normal form of some nodes in which names are given by `names`. */
export function writeNamedForm(
  nodes: readonly SyntaxNode[],
  out: HashedText,
  { names, keepTypes }: NamedFormOptions,
): void {
  const form = new FormWriter(out, keepTypes, names);
  for (const node of nodes) form.node(node);
}
