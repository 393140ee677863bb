import { isNode, type SyntaxNode } from './syntax-tree.ts';
import { TYPE_PROPERTIES } from './type-syntax.ts';

const AT_RUN_TIME = Symbol('children at run time');
const ALL = Symbol('children');

/** A node with what was found out about its children: dozens of looks at a tree need them. Kept of nodes that have some. */
interface ListedNode extends SyntaxNode {
  [AT_RUN_TIME]?: readonly SyntaxNode[];
  /** Set where it differs. */
  [ALL]?: readonly SyntaxNode[];
}

/** The nodes directly below a node, in the order of its properties. */
export function childrenOf(node: SyntaxNode): readonly SyntaxNode[] {
  const atRunTime = runtimeChildrenOf(node);
  return (node as ListedNode)[ALL] ?? atRunTime;
}

/** The same without those in properties that hold types. */
export function runtimeChildrenOf(node: SyntaxNode): readonly SyntaxNode[] {
  return (node as ListedNode)[AT_RUN_TIME] ?? listChildren(node);
}

function listChildren(node: ListedNode): readonly SyntaxNode[] {
  let all: SyntaxNode[] = NO_NODES;
  let types: SyntaxNode[] = NO_NODES;
  // The tree comes from JSON, so that there are no inherited properties; `for in` makes no list of names for each node.
  for (const name in node) {
    const value = node[name];
    if (typeof value !== 'object' || value === null) continue;
    const before = all.length;
    if (Array.isArray(value)) for (const element of value) all = withNode(all, element);
    else all = withNode(all, value);
    if (all.length > before && TYPE_PROPERTIES.has(name)) types = [...types, ...all.slice(before)];
  }
  if (all.length === 0) return all;
  if (types.length > 0) node[ALL] = all;
  const atRunTime = types.length === 0 ? all : all.filter((child) => !types.includes(child));
  node[AT_RUN_TIME] = atRunTime;
  return atRunTime;
}

/** Most nodes have no children: they share one list of none. */
const NO_NODES: SyntaxNode[] = [];

function withNode(nodes: SyntaxNode[], value: unknown): SyntaxNode[] {
  if (!isNode(value)) return nodes;
  const child = shared(value);
  if (nodes === NO_NODES) return [child];
  nodes.push(child);
  return nodes;
}

const kinds = new Map<string, string>();

/** Lets nodes of one kind share its text, of which the parser gives each its own: what is one text is compared at a glance. */
function shared(node: SyntaxNode): SyntaxNode {
  const known = kinds.get(node.type) ?? learn(node.type);
  if (known !== node.type) (node as { type: string }).type = known;
  return node;
}

/** Names of properties are the texts of which the engine has only one each. */
function learn(kind: string): string {
  const [text = kind] = Object.keys({ [kind]: true });
  kinds.set(text, text);
  return text;
}
