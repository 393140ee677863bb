import { literalText, memberName } from '../names.ts';
import { type ChildVisitor, LEAVES, visitChildren } from '../syntax-children.ts';
import { nodeAt, nodesAt, type SyntaxNode, textAt } from '../syntax-tree.ts';
import { isFunction } from '../traversal.ts';
import { isTypeOnly, TYPE_WRAPPERS, unwrapped } from '../type-syntax.ts';
import { keyText } from '../written-nodes.ts';
import type { Origin } from './flow.ts';
import { MAY_STAND_FOR, type Meanings } from './name-resolution.ts';

/** What stands in an expression, and the values of the members of `this` that it names. */
interface Mentioned {
  readonly origins: Set<Origin>;
  readonly members: Set<SyntaxNode>;
}

/** Which variables, references and globals expressions of a unit mention. */
export class Mentions implements ChildVisitor<Mentioned> {
  readonly #meanings: Meanings;
  readonly #inside = new Map<SyntaxNode, Mentioned>();
  readonly #found = new Map<SyntaxNode, ReadonlySet<Origin>>();

  constructor(meanings: Meanings) {
    this.#meanings = meanings;
  }

  /** All variables and references that an expression mentions, functions in it included. */
  of(node: SyntaxNode | undefined): ReadonlySet<Origin> {
    if (node === undefined) return NOTHING;
    const known = this.#found.get(node);
    if (known !== undefined) return known;
    const itself = this.#mentionedIn(node);
    const found = itself.members.size === 0 ? itself.origins : this.#throughMembers(itself);
    this.#found.set(node, found);
    return found;
  }

  /** The same, and what is mentioned by the members of `this` that are named: these may name each other, and themselves. */
  #throughMembers({ origins, members }: Mentioned): ReadonlySet<Origin> {
    const found = new Set(origins);
    const named = new Set(members);
    for (const member of named) addAll(this.#mentionedIn(member), { origins: found, members: named });
    return found;
  }

  #mentionedIn(node: SyntaxNode): Mentioned {
    const known = this.#inside.get(node);
    if (known !== undefined) return known;
    const found: Mentioned = { origins: new Set(), members: new Set() };
    this.visitChild(node, node, found);
    this.#inside.set(node, found);
    return found;
  }

  /** True for `this` in a method of an object literal or class: a new value, which is known by other names elsewhere. */
  isNewReceiver(node: SyntaxNode): boolean {
    return node.type === 'ThisExpression' && this.#meanings.receivers.ownerAt(node) !== undefined;
  }

  /** The dotted path of a global that an expression names: `process.env`, `Object.assign`. */
  globalPath(node: SyntaxNode | undefined): string | undefined {
    if (node === undefined) return undefined;
    if (TYPE_WRAPPERS.has(node.type) || node.type === 'ChainExpression')
      return this.globalPath(nodeAt(node, 'expression'));
    if (node.type === 'MetaProperty') return `${textAt(nodeAt(node, 'meta') ?? node, 'name')}`;
    if (node.type === 'Identifier') {
      const meaning = this.#meanings.of.get(node);
      const global = meaning !== undefined && 'global' in meaning ? meaning.global : undefined;
      return global === undefined || NO_OBJECTS.has(global) ? undefined : global;
    }
    if (node.type !== 'MemberExpression') return undefined;
    const object = this.globalPath(nodeAt(node, 'object'));
    return object === undefined
      ? undefined
      : extended(object, memberName(node) ?? literalText(nodeAt(node, 'property')));
  }

  /** Calls are asked about one by one, too: those of a chain share what they have in common. */
  visitChild(node: SyntaxNode, parent: SyntaxNode, found: Mentioned): void {
    const { type } = node;
    if (type === 'CallExpression' && node !== parent) {
      addAll(this.#mentionedIn(node), found);
      return;
    }
    if (type === 'ThisExpression') this.#receiver(node, parent, found);
    if (LEAVES.has(type) || isTypeOnly(node, type)) return;
    const meaning = MAY_STAND_FOR.has(type) ? this.#meanings.of.get(node) : undefined;
    if (meaning !== undefined) {
      if ('local' in meaning) found.origins.add(meaning.local);
      else if ('ref' in meaning) found.origins.add(meaning.ref);
      if (!('global' in meaning)) return;
    }
    if (GLOBAL_NODES.has(type) && this.globalPath(node) !== undefined) {
      found.origins.add('global');
      return;
    }
    visitChildren(node, this, found);
  }

  /** What `this` is; of an object or class whose method it stands in, what its member is given that is asked for, or all where that cannot be told. */
  #receiver(node: SyntaxNode, parent: SyntaxNode, found: Mentioned): void {
    const { receivers } = this.#meanings;
    const receiver = receivers.of(node);
    if (receiver !== undefined) found.origins.add(receiver);
    const owner = receivers.ownerAt(node);
    if (owner === undefined) return;
    const name =
      parent.type === 'MemberExpression' && nodeAt(parent, 'object') === node ? memberName(parent) : undefined;
    const members = owner.type === 'ClassBody' ? membersOfClass(owner, name) : membersOfObject(owner, name);
    for (const member of members ?? [owner]) found.members.add(member);
    // Others may put something there, and may call the method on other values.
    if (owner.type === 'ObjectExpression') found.origins.add(kindOf(members));
  }
}

function kindOf(members: readonly SyntaxNode[] | undefined): 'param' | 'container' | 'method' {
  const made = members?.map((value) => unwrapped(value) ?? value);
  if (made === undefined || !made.every((value) => isFunction(value) || isContainer(value))) return 'param';
  return made.every(isFunction) ? 'method' : 'container';
}

/** What is filled rather than replaced. */
function isContainer(made: SyntaxNode): boolean {
  const isEmpty = nodesAt(made, 'elements').length === 0 && nodesAt(made, 'properties').length === 0;
  return CONTAINERS.has(made.type) && isEmpty;
}

/** The values that a class gives a member; others may be inherited, and are those of who calls its methods. */
function membersOfClass(body: SyntaxNode, name: string | undefined): readonly SyntaxNode[] {
  return name === undefined ? [] : valuesOf(nodesAt(body, 'body'), name);
}

/** The values that an object literal gives a member; `undefined` where it may have it from elsewhere. */
function membersOfObject(object: SyntaxNode, name: string | undefined): readonly SyntaxNode[] | undefined {
  const properties = nodesAt(object, 'properties');
  const isPlain = properties.every((one) => one.type === 'Property' && !isOpen(one));
  const values = name === undefined || !isPlain ? [] : valuesOf(properties, name);
  return values.length === 0 ? undefined : values;
}

function isOpen(property: SyntaxNode): boolean {
  const name = keyOf(property);
  return name === undefined || name === '__proto__';
}

function valuesOf(members: readonly SyntaxNode[], name: string): SyntaxNode[] {
  return members.flatMap((one) => (keyOf(one) === name ? (nodeAt(one, 'value') ?? []) : []));
}

function keyOf(member: SyntaxNode): string | undefined {
  const key = nodeAt(member, 'key');
  if (member.computed === true) return literalText(key);
  return keyText(key) ?? (key === undefined ? undefined : textAt(key, 'name'));
}

/** Globals that hold nothing which could be changed. */
const NO_OBJECTS: ReadonlySet<string> = new Set(['undefined', 'NaN', 'Infinity']);

const NOTHING: ReadonlySet<never> = new Set();

const CONTAINERS: ReadonlySet<string> = new Set(['ArrayExpression', 'ObjectExpression', 'NewExpression']);

const GLOBAL_NODES: ReadonlySet<string> = new Set([
  'Identifier',
  'MemberExpression',
  'MetaProperty',
  'ChainExpression',
  ...TYPE_WRAPPERS,
]);

function addAll({ origins, members }: Mentioned, to: Mentioned): void {
  for (const origin of origins) to.origins.add(origin);
  for (const member of members) to.members.add(member);
}

function extended(object: string, property: string | undefined): string {
  if (property === undefined) return `${object}.*`;
  return /^(?:globalThis|global|self|window)$/.test(object) ? property : `${object}.${property}`;
}
