import { isNode, type SyntaxNode } from './syntax-tree.ts';
import { TYPE_PROPERTIES } from './type-syntax.ts';

/** What is done with each child of a node. */
export interface ChildVisitor<C> {
  visitChild(child: SyntaxNode, parent: SyntaxNode, context: C): void;
}

/** Kinds of nodes that hold no others: whoever visits many nodes is spared a look at each of their properties. */
export const LEAVES: ReadonlySet<string> = new Set([
  'Literal',
  'TemplateElement',
  'ThisExpression',
  'Super',
  'PrivateIdentifier',
  'JSXText',
]);

/**
 * Visits the nodes directly below a node, in the order of its properties, but for those in properties that hold types. No list is made of
 * them: there are millions of nodes.
 */
export function visitChildren<C>(node: SyntaxNode, visitor: ChildVisitor<C>, context: C): void {
  // The tree comes from JSON, so that there are no inherited properties.
  for (const name in node) {
    const value = node[name];
    if (typeof value !== 'object' || value === null || TYPE_PROPERTIES.has(name)) continue;
    if (!Array.isArray(value)) {
      if (isNode(value)) visitor.visitChild(value, node, context);
      continue;
    }
    // An iterator would be most of the code that the engine optimises here.
    for (let at = 0; at < value.length; at += 1) {
      const element: unknown = value[at];
      if (isNode(element)) visitor.visitChild(element, node, context);
    }
  }
}

/** All nodes directly below a node, in the order of its properties. */
export function childrenOf(node: SyntaxNode): readonly SyntaxNode[] {
  const children: SyntaxNode[] = [];
  for (const name in node) {
    const value = node[name];
    if (typeof value !== 'object' || value === null) continue;
    if (!Array.isArray(value)) {
      if (isNode(value)) children.push(value);
      continue;
    }
    for (let at = 0; at < value.length; at += 1) {
      const element: unknown = value[at];
      if (isNode(element)) children.push(element);
    }
  }
  return children;
}

/** The nodes directly below a node that {@link visitChildren} visits, as a list. */
export function valuesIn(node: SyntaxNode): readonly SyntaxNode[] {
  const values: SyntaxNode[] = [];
  visitChildren(node, LISTING, values);
  return values;
}

const LISTING: ChildVisitor<SyntaxNode[]> = { visitChild: (child, _parent, values) => values.push(child) };
