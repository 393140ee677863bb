import { shareKind } from './node-kinds.ts';
import { type ChildVisitor, LEAVES, visitChildren } from './syntax-children.ts';
import { isNode, nodeAt, nodesAt, type SyntaxNode } from './syntax-tree.ts';
import { isTypeOnly, TYPE_WRAPPERS } from './type-syntax.ts';

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

/** All nodes below one that exist at run time, in source order, and how deep each is. */
class Listing implements ChildVisitor<number> {
  readonly nodes: SyntaxNode[] = [];
  readonly depths: number[] = [];

  constructor(program: SyntaxNode) {
    this.visitChild(program, program, 0);
  }

  visitChild(node: SyntaxNode, _parent: SyntaxNode, depth: number): void {
    const kind = shareKind(node);
    if (isTypeOnly(node, kind)) return;
    this.nodes.push(node);
    this.depths.push(depth);
    if (!LEAVES.has(kind)) visitChildren(node, this, depth + 1);
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
