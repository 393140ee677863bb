import { shareKind } from './node-kinds.ts';
import { isNode, nodeAt, nodesAt, type SyntaxNode } from './syntax-tree.ts';
import { isTypeOnly, TYPE_PROPERTIES, TYPE_WRAPPERS } from './type-syntax.ts';

/** Called for each node before its children, with the nodes around it, outermost first. */
export type Visitor = (node: SyntaxNode, ancestors: readonly SyntaxNode[]) => void;

/** Visits everything of a program that exists at run time, in source order. */
export function walk(program: SyntaxNode, visit: Visitor): void {
  const { nodes, depths } = listingOf(program);
  const ancestors: SyntaxNode[] = [];
  for (let at = 0; at < nodes.length; at += 1) {
    const depth = depths[at] ?? 0;
    while (ancestors.length > depth) ancestors.pop();
    const node = nodes[at] as SyntaxNode;
    visit(node, ancestors);
    ancestors.push(node);
  }
}

/** Everything of a program that exists at run time, in source order. */
export function nodesOf(program: SyntaxNode): readonly SyntaxNode[] {
  return listingOf(program).nodes;
}

/** The calls of a program that exist at run time, `new` included, and its classes, in source order. */
export function callsAndClassesOf(program: SyntaxNode): readonly SyntaxNode[] {
  return listingOf(program).callsAndClasses;
}

/** All nodes below one that exist at run time, in source order, and how deep each is. */
class Listing {
  readonly nodes: SyntaxNode[] = [];
  readonly depths: number[] = [];
  readonly callsAndClasses: SyntaxNode[] = [];

  constructor(program: SyntaxNode) {
    this.#add(program, 0);
  }

  /** Goes through the children by itself: handing a visitor around takes half as long again. */
  #add(node: SyntaxNode, depth: number): void {
    const kind = shareKind(node);
    if (kind.mayBeTypeOnly && isTypeOnly(node, kind.type)) return;
    this.nodes.push(node);
    this.depths.push(depth);
    if (kind.isCallOrClass) this.callsAndClasses.push(node);
    if (kind.isLeaf) return;
    for (const name in node) {
      const value = node[name];
      if (typeof value !== 'object' || value === null || TYPE_PROPERTIES.has(name)) continue;
      if (Array.isArray(value)) {
        for (let at = 0; at < value.length; at += 1) {
          const element: unknown = value[at];
          if (isNode(element)) this.#add(element, depth + 1);
        }
      } else if (isNode(value)) this.#add(value, depth + 1);
    }
  }
}

/**
 * Programs are walked through several times, one after the other. In a map with weak keys each tree would outlive what is made of it: the
 * engine takes their values for needed until it collects everything.
 */
let lastProgram: { readonly program: SyntaxNode; readonly listing: Listing } | undefined;

function listingOf(program: SyntaxNode): Listing {
  if (lastProgram?.program === program) return lastProgram.listing;
  const listing = new Listing(program);
  if (program.type === 'Program') lastProgram = { program, listing };
  return listing;
}

/** Frees the tree of the program that was walked through last. */
export function endWalks(): void {
  lastProgram = undefined;
}

/** A name that a pattern binds. */
export interface BoundName {
  readonly name: string;
  /** The property that it is taken from, where that is one level deep. */
  readonly from?: string;
}

/** The names that a pattern binds or assigns, with the property that each is taken from where it is one level deep. */
export function boundNames(pattern: SyntaxNode): readonly BoundName[] {
  if (TYPE_WRAPPERS.has(pattern.type)) return boundIn(nodeAt(pattern, 'expression'));
  switch (pattern.type) {
    case 'Identifier':
      return [{ name: String(pattern.name) }];
    case 'ObjectPattern':
      return nodesAt(pattern, 'properties').flatMap(boundByProperty);
    case 'ArrayPattern':
      return nodesAt(pattern, 'elements').flatMap(withoutOrigin);
    case 'AssignmentPattern':
      return boundIn(nodeAt(pattern, 'left'));
    case 'RestElement':
      return boundIn(nodeAt(pattern, 'argument'));
    case 'TSParameterProperty':
      return boundIn(nodeAt(pattern, 'parameter'));
    default:
      return [];
  }
}

function boundIn(pattern: SyntaxNode | undefined): readonly BoundName[] {
  return pattern === undefined ? [] : boundNames(pattern);
}

function boundByProperty(property: SyntaxNode): readonly BoundName[] {
  const value = property.value;
  if (!isNode(value)) return withoutOrigin(property);
  const target = value.type === 'AssignmentPattern' && isNode(value.left) ? value.left : value;
  const from = property.computed === true ? undefined : staticKey(property.key);
  if (target.type === 'Identifier' && from !== undefined) return [{ name: String(target.name), from }];
  return withoutOrigin(value);
}

function withoutOrigin(pattern: SyntaxNode): readonly BoundName[] {
  return boundNames(pattern).map(({ name }) => ({ name }));
}

function staticKey(key: unknown): string | undefined {
  if (!isNode(key)) return undefined;
  if (key.type === 'Identifier') return String(key.name);
  return key.type === 'Literal' && typeof key.value === 'string' ? key.value : undefined;
}

const FUNCTIONS: ReadonlySet<string> = new Set([
  'FunctionDeclaration',
  'FunctionExpression',
  'ArrowFunctionExpression',
]);

export function isFunction(node: SyntaxNode): boolean {
  return FUNCTIONS.has(node.type);
}
