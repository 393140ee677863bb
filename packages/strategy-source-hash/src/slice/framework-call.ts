import { isFrameworkModule } from '../installed-packages.ts';
import { nodeAt, type SyntaxNode } from '../syntax-tree.ts';
import type { Meanings } from './name-resolution.ts';

/** Calls of memo's own functions define something, and change nothing. */
export function isFrameworkCall(node: SyntaxNode | undefined, meanings: Meanings): boolean {
  const called = node?.type === 'CallExpression' ? nodeAt(node, 'callee') : node;
  const meaning = called === undefined ? undefined : meanings.of.get(called);
  if (meaning === undefined || !('ref' in meaning) || meaning.ref.to !== 'import') return false;
  return isFrameworkModule(meaning.ref.from);
}
