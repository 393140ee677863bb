import { literalText, memberName } from '../names.ts';
import { type ChildVisitor, childrenOf, LEAVES, visitChildren } from '../syntax-children.ts';
import { nodeAt, type SyntaxNode, textAt } from '../syntax-tree.ts';
import { boundNames, isFunction } from '../traversal.ts';
import { isTypeOnly, TYPE_WRAPPERS } from '../type-syntax.ts';
import type { Meanings } from './name-resolution.ts';
import type { Local } from './scope.ts';
import type { Ref } from './unit.ts';

/** Where a value may come from: a variable, a reference, the caller of a function, or something global. */
export type Origin = Local | Ref | 'param' | 'global';

/** An {@link Origin} outside of the unit. */
type Outer = Ref | 'param' | 'global';

interface Flow {
  /** What the variable may be another name for. */
  readonly self: Set<Origin>;
  /** What its parts may be. */
  readonly inside: Set<Origin>;
}

/**
 * Where the values of variables may come from, blind to the order of statements: from everything that the expressions mention
 * that are assigned to them.
 */
export class Flows implements ChildVisitor<Set<Origin>> {
  readonly #meanings: Meanings;
  readonly #flows = new Map<Local, Flow>();
  readonly #mentioned = new Map<SyntaxNode, ReadonlySet<Origin>>();
  /** What {@link originsOf} has found since something was bound last. */
  readonly #originsOf = new Map<SyntaxNode, ReadonlySet<Outer>>();
  readonly #namesOf = new Map<SyntaxNode, ReadonlySet<Outer>>();

  constructor(meanings: Meanings) {
    this.#meanings = meanings;
  }

  /** Lets the names of a pattern hold what an expression gives. */
  bind(pattern: SyntaxNode | undefined, value: SyntaxNode | undefined): void {
    if (pattern === undefined || value === undefined) return;
    const isFresh = pattern.type === 'Identifier' && isFreshValue(value);
    const origins = this.mentions(value);
    for (const local of this.#localsOf(pattern)) {
      const flow = this.#flowOf(local);
      for (const origin of origins) {
        if (!isFresh) flow.self.add(origin);
        flow.inside.add(origin);
      }
    }
  }

  /** Lets the parameters of a function hold what comes from `origins`. */
  bindParameters(params: readonly SyntaxNode[], origins: ReadonlySet<Origin> | readonly Origin[]): void {
    for (const param of params) {
      for (const local of this.#localsOf(param)) {
        const flow = this.#flowOf(local);
        for (const origin of origins) {
          flow.self.add(origin);
          flow.inside.add(origin);
        }
      }
    }
  }

  /** Lets a part of what an expression names hold what `value` gives. */
  bindPart(target: SyntaxNode, value: SyntaxNode | undefined): void {
    if (value === undefined) return;
    for (const origin of this.mentions(target)) {
      if (typeof origin !== 'object' || 'to' in origin) continue;
      for (const part of this.mentions(value)) this.#flowOf(origin).inside.add(part);
    }
  }

  /** Everything that a value may come from, or with `itself` everything that it may be another name for. */
  originsOf(node: SyntaxNode | undefined, itself = false): ReadonlySet<Outer> {
    if (node === undefined) return NOTHING;
    const isName = itself && node.type === 'Identifier';
    const known = isName ? this.#namesOf : this.#originsOf;
    const origins = known.get(node) ?? this.#follow(this.mentions(node), isName);
    known.set(node, origins);
    return origins;
  }

  #follow(mentioned: ReadonlySet<Origin>, isName: boolean): ReadonlySet<Outer> {
    const found = new Set<Outer>();
    const seen = new Set<Origin>();
    const pending = [...mentioned];
    for (let origin = pending.pop(); origin !== undefined; origin = pending.pop()) {
      if (typeof origin === 'string' || 'to' in origin) found.add(origin);
      else if (!seen.has(origin)) {
        seen.add(origin);
        const flow = this.#flows.get(origin);
        if (flow !== undefined) pending.push(...(isName ? flow.self : flow.inside));
      }
    }
    return found;
  }

  /** All variables and references that an expression mentions, functions in it included. */
  mentions(node: SyntaxNode | undefined): ReadonlySet<Origin> {
    if (node === undefined) return NOTHING;
    const known = this.#mentioned.get(node);
    if (known !== undefined) return known;
    const found = new Set<Origin>();
    this.#collect(node, found);
    this.#mentioned.set(node, found);
    return found;
  }

  /** The dotted path of a global that an expression names: `process.env`, `Object.assign`. */
  globalPath(node: SyntaxNode | undefined): string | undefined {
    if (node === undefined) return undefined;
    if (TYPE_WRAPPERS.has(node.type) || node.type === 'ChainExpression')
      return this.globalPath(nodeAt(node, 'expression'));
    if (node.type === 'MetaProperty') return `${textAt(nodeAt(node, 'meta') ?? node, 'name')}`;
    if (node.type === 'Identifier') {
      const meaning = this.#meanings.of.get(node);
      return meaning !== undefined && 'global' in meaning ? meaning.global : undefined;
    }
    if (node.type !== 'MemberExpression') return undefined;
    const object = this.globalPath(nodeAt(node, 'object'));
    return object === undefined
      ? undefined
      : extended(object, memberName(node) ?? literalText(nodeAt(node, 'property')));
  }

  #collect(node: SyntaxNode, found: Set<Origin>): void {
    if (LEAVES.has(node.type) || isTypeOnly(node)) return;
    const meaning = this.#meanings.of.get(node);
    if (meaning !== undefined) {
      if ('local' in meaning) found.add(meaning.local);
      else if ('ref' in meaning) found.add(meaning.ref);
      if (!('global' in meaning)) return;
    }
    if (GLOBAL_NODES.has(node.type) && this.globalPath(node) !== undefined) {
      found.add('global');
      return;
    }
    visitChildren(node, this, found);
  }

  /** Calls are asked about one by one, too: those of a chain share what they have in common. */
  visitChild(node: SyntaxNode, _parent: SyntaxNode, found: Set<Origin>): void {
    if (node.type !== 'CallExpression') return this.#collect(node, found);
    for (const origin of this.mentions(node)) found.add(origin);
  }

  #localsOf(pattern: SyntaxNode): readonly Local[] {
    if (pattern.type === 'Identifier') {
      const local = this.#localAt(pattern);
      if (local !== undefined && childrenOf(pattern).length === 0) return [local];
    }
    const names = new Set(boundNames(pattern).map(({ name }) => name));
    const locals: Local[] = [];
    const pending: SyntaxNode[] = [pattern];
    for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
      const local = this.#localAt(node);
      if (local !== undefined && names.has(local.name)) locals.push(local);
      pending.push(...childrenOf(node));
    }
    return locals;
  }

  #localAt(node: SyntaxNode): Local | undefined {
    const meaning = this.#meanings.of.get(node);
    return meaning !== undefined && 'local' in meaning ? meaning.local : undefined;
  }

  #forget(): void {
    if (this.#originsOf.size > 0) this.#originsOf.clear();
    if (this.#namesOf.size > 0) this.#namesOf.clear();
  }

  /** What a variable holds, to be added to. */
  #flowOf(local: Local): Flow {
    this.#forget();
    const known = this.#flows.get(local);
    if (known !== undefined) return known;
    const flow = { self: new Set<Origin>(), inside: new Set<Origin>() };
    this.#flows.set(local, flow);
    return flow;
  }
}

const NOTHING: ReadonlySet<never> = new Set();

const GLOBAL_NODES: ReadonlySet<string> = new Set([
  'Identifier',
  'MemberExpression',
  'MetaProperty',
  'ChainExpression',
  ...TYPE_WRAPPERS,
]);

/** True for an expression that makes a new value each time: changing it changes nothing else, changing its parts may. */
function isFreshValue(node: SyntaxNode): boolean {
  if (TYPE_WRAPPERS.has(node.type)) return isFreshValue(nodeAt(node, 'expression') ?? node);
  if (node.type === 'NewExpression' || isFunction(node)) return true;
  return node.type === 'ObjectExpression' || node.type === 'ArrayExpression' || node.type === 'TemplateLiteral';
}

/** Values that nobody can change. */
export function isPlainValue({ type }: SyntaxNode): boolean {
  return type === 'Literal' || type === 'TemplateLiteral' || type === 'BinaryExpression' || type === 'UnaryExpression';
}

function extended(object: string, property: string | undefined): string {
  if (property === undefined) return `${object}.*`;
  return /^(?:globalThis|global|self|window)$/.test(object) ? property : `${object}.${property}`;
}
