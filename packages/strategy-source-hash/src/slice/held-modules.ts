import { isValueUse } from '../expression-position.ts';
import { memberName } from '../names.ts';
import { isNode, nodeAt, nodesAt, type SyntaxNode, textAt } from '../syntax-tree.ts';
import { isTypeOnly, TYPE_WRAPPERS } from '../type-syntax.ts';

/** `import()` that is waited for, or a call, which may be that of `require`. */
export function loadingIn(node: SyntaxNode | undefined): SyntaxNode | undefined {
  if (node === undefined) return undefined;
  if (TYPE_WRAPPERS.has(node.type)) return loadingIn(nodeAt(node, 'expression'));
  if (node.type === 'CallExpression') return node;
  const awaited = node.type === 'AwaitExpression' ? nodeAt(node, 'argument') : undefined;
  return awaited?.type === 'ImportExpression' ? awaited : undefined;
}

/**
 * The members that a program uses of modules which its constants hold: `const m = await import('./x.ts')` of which there are
 * only uses like `m.a`. A name counts wherever it is used in the file, so that scopes do not matter: too much is listed for a
 * name that several constants have, never too little.
 */
export function membersOfHeldModules(program: SyntaxNode): ReadonlyMap<SyntaxNode, readonly string[]> {
  const uses = new UsesOfNames();
  const pending: [node: SyntaxNode, parent: SyntaxNode | undefined][] = [[program, undefined]];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const [node, parent] = next;
    if (isTypeOnly(node)) continue;
    uses.note(node, parent);
    for (const name in node) {
      const value = node[name];
      if (isNode(value)) pending.push([value, node]);
      else if (Array.isArray(value)) for (const one of value) if (isNode(one)) pending.push([one, node]);
    }
  }
  return uses.members();
}

class UsesOfNames {
  readonly #held: { readonly name: string; readonly loading: SyntaxNode }[] = [];
  readonly #members = new Map<string, Set<string>>();
  /** Names with a use that may be of anything: passed on, read by a computed name, declared by something else. */
  readonly #open = new Set<string>();
  /** Identifiers whose use is known; they come after what they stand in. */
  readonly #known = new Set<SyntaxNode>();

  note(node: SyntaxNode, parent: SyntaxNode | undefined): void {
    if (node.type === 'VariableDeclaration') return this.#noteConstants(node, parent);
    if (node.type === 'MemberExpression') return this.#noteMember(node);
    const isName = node.type === 'Identifier' ? isValueUse(node, parent) : node.type === 'JSXIdentifier';
    if (isName && !this.#known.has(node)) this.#open.add(textAt(node, 'name') ?? '');
  }

  members(): ReadonlyMap<SyntaxNode, readonly string[]> {
    const told = this.#open.has('eval') ? [] : this.#held.filter(({ name }) => !this.#open.has(name));
    return new Map(told.map(({ name, loading }) => [loading, [...(this.#members.get(name) ?? [])]]));
  }

  #noteConstants(node: SyntaxNode, parent: SyntaxNode | undefined): void {
    if (node.kind !== 'const' || parent?.type === 'ExportNamedDeclaration') return;
    for (const declarator of nodesAt(node, 'declarations')) {
      const id = nodeAt(declarator, 'id');
      const loading = loadingIn(nodeAt(declarator, 'init'));
      if (id?.type !== 'Identifier' || loading === undefined) continue;
      this.#held.push({ name: textAt(id, 'name') ?? '', loading });
      this.#known.add(id);
    }
  }

  #noteMember(node: SyntaxNode): void {
    const object = nodeAt(node, 'object');
    const member = memberName(node);
    if (object?.type !== 'Identifier' || member === undefined) return;
    const name = textAt(object, 'name') ?? '';
    this.#members.set(name, (this.#members.get(name) ?? new Set()).add(member));
    this.#known.add(object);
  }
}
