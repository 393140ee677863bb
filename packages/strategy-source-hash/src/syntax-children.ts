import { isNode, type SyntaxNode } from './syntax-tree.ts';
import { TYPE_PROPERTIES } from './type-syntax.ts';

const ALL = Symbol('children');
const AT_RUN_TIME = Symbol('children at run time');

/** A node with what was found out about its children: dozens of looks at a tree need them. */
interface ListedNode extends SyntaxNode {
  [ALL]?: readonly SyntaxNode[];
  [AT_RUN_TIME]?: readonly SyntaxNode[];
}

/** The nodes directly below a node, in the order of its properties. */
export function childrenOf(node: SyntaxNode): readonly SyntaxNode[] {
  return (node as ListedNode)[ALL] ?? listChildren(node).all;
}

/** The same without those in properties that hold types. */
export function runtimeChildrenOf(node: SyntaxNode): readonly SyntaxNode[] {
  return (node as ListedNode)[AT_RUN_TIME] ?? listChildren(node).atRunTime;
}

interface Children {
  readonly all: readonly SyntaxNode[];
  readonly atRunTime: readonly SyntaxNode[];
}

function listChildren(node: ListedNode): Children {
  const all: SyntaxNode[] = [];
  const types: SyntaxNode[] = [];
  // The tree comes from JSON, so that there are no inherited properties; `for in` makes no list of names for each node.
  for (const name in node) {
    const value = node[name];
    if (typeof value !== 'object' || value === null) continue;
    const before = all.length;
    if (isNode(value)) all.push(shared(value));
    else if (Array.isArray(value)) for (const element of value) if (isNode(element)) all.push(shared(element));
    if (all.length > before && TYPE_PROPERTIES.has(name)) types.push(...all.slice(before));
  }
  const atRunTime = types.length === 0 ? all : all.filter((child) => !types.includes(child));
  node[ALL] = all;
  node[AT_RUN_TIME] = atRunTime;
  return { all, atRunTime };
}

const kinds = new Map<string, string>();

/** Lets nodes of one kind share its text, of which the parser gives each its own: what is one text is compared at a glance. */
function shared(node: SyntaxNode): SyntaxNode {
  const known = kinds.get(node.type);
  if (known === undefined) kinds.set(node.type, node.type);
  else (node as { type: string }).type = known;
  return node;
}
