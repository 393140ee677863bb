import { childrenOf } from '../syntax-children.ts';
import { nodeAt, nodesAt, type SyntaxNode } from '../syntax-tree.ts';
import { boundNames, isFunction } from '../traversal.ts';
import { unwrapped } from '../type-syntax.ts';
import { type Bound, type Flow, isLocal, isPut, newFlow, type Origin } from './flow.ts';
import { branchesOf, namesPrototype } from './global-names.ts';
import { HandedValues, namesAmong, type OtherNames } from './handed-values.ts';
import { Mentions } from './mentions.ts';
import type { Meanings } from './name-resolution.ts';
import { givesNewList, isCollection, isMethodOfNewList, isNewValue, keepingIn } from './new-values.ts';
import type { Receiver } from './receivers.ts';
import type { Local } from './scope.ts';

/** An {@link Origin} outside of the unit. */
export type Outer = Exclude<Origin, Local>;

/**
 * Where the values of variables may come from, blind to the order of statements: from everything that the expressions mention
 * that are assigned to them.
 */
export class Flows {
  readonly #meanings: Meanings;
  readonly #mentions: Mentions;
  readonly #flows = new Map<Local, Flow>();
  /** Variables whose values run code with what they are given. */
  readonly #takers = new Set<Local>();
  /** Variables that may hold what {@link namesShared} is true for. */
  readonly #shared = new Set<Local>();
  /** What {@link originsOf} has found since something was bound last. */
  readonly #originsOf = new Map<SyntaxNode, ReadonlySet<Outer>>();
  readonly #namesOf = new Map<SyntaxNode, ReadonlySet<Outer>>();
  readonly #calledIn = new Map<SyntaxNode, ReadonlySet<Outer>>();
  /** True where anything is put into a variable. */
  #hasPut = false;

  /** Variable → its other names, since something was bound last. */
  #names: OtherNames | undefined;

  readonly #pathOf = (node: SyntaxNode | undefined): string | undefined => this.#mentions.globalPath(node);

  constructor(meanings: Meanings) {
    this.#meanings = meanings;
    this.#mentions = new Mentions(meanings);
  }

  /** True for a variable with a function, or an object that has setters. */
  takesValues(node: SyntaxNode): boolean {
    const local = this.#localAt(node);
    return local !== undefined && this.#takers.has(local);
  }

  /** True for what names a reference, without asking it for something. */
  isReference(node: SyntaxNode): boolean {
    const meaning = this.#meanings.of.get(node);
    return (meaning !== undefined && 'ref' in meaning) || typeof this.#receiverAt(node) === 'object';
  }

  /** True for a method of a list that is made where it is called. */
  isOfNewList(callee: SyntaxNode | undefined): boolean {
    return isMethodOfNewList(callee, this.#pathOf);
  }

  /** Lets the names of a pattern hold what an expression gives; with `isPart` something that this holds. */
  bind(pattern: SyntaxNode | undefined, value: SyntaxNode | undefined, isPart = false): void {
    if (pattern === undefined || value === undefined) return;
    const locals = this.#localsOf(pattern);
    if (locals.length === 0) return;
    const isShared = branchesOf(value).some((branch) => this.namesShared(branch));
    const takes = takesValues(value);
    const bound: Bound = { value, as: pattern.type === 'Identifier' && !isPart ? 'whole' : 'part' };
    for (const local of locals) {
      if (isShared) this.#shared.add(local);
      if (takes) this.#takers.add(local);
      this.#addTo(local, bound);
    }
  }

  /** The same for a declaration or default. */
  bindIn(node: SyntaxNode): void {
    const value = nodeAt(node, 'init') ?? nodeAt(node, 'moduleReference') ?? nodeAt(node, 'right');
    this.bind(nodeAt(node, 'id') ?? nodeAt(node, 'left'), value);
  }

  /** Lets the parameters of a function hold what an expression mentions, or what its callers give. */
  bindParameters(params: readonly SyntaxNode[], value: SyntaxNode | 'param' | undefined): void {
    if (value === undefined) return;
    for (const param of params) {
      for (const local of this.#localsOf(param)) this.#addTo(local, { value, as: 'parameter' });
    }
  }

  /** True for the global object, and for what values of the language have in common: whoever is given that may change it for all. */
  namesShared(node: SyntaxNode): boolean {
    const local = this.#localAt(node);
    if (local !== undefined) return this.#shared.has(local);
    const path = this.#mentions.globalPath(node);
    return (path !== undefined && SHARED.test(path)) || namesPrototype(node, this.#pathOf);
  }

  /** True for an expression that is a name for something global, or for what values of the language have in common. */
  namesGlobal(node: SyntaxNode | undefined): boolean {
    if (node !== undefined && this.#isGlobal(node)) return true;
    const local = node?.type === 'Identifier' ? this.#localAt(node) : undefined;
    const named = new Set<Origin>(local === undefined ? [] : [local]);
    for (const origin of named) {
      for (const one of (isLocal(origin) ? this.#namesInto(origin)?.self : undefined) ?? []) named.add(one);
    }
    return named.has('global');
  }

  /** Lets a part of what an expression names hold what `value` gives. */
  bindPart(target: SyntaxNode, value: SyntaxNode | undefined, as: 'inside' | 'handed' = 'inside'): void {
    if (value === undefined) return;
    const isDeep = unwrapped(target)?.type !== 'Identifier';
    for (const origin of this.#mentions.of(target)) {
      if (!isLocal(origin)) continue;
      this.#hasPut = true;
      this.#addTo(origin, { value, as, isDeep });
    }
  }

  /** True for a method that puts what it is given into a collection of the language, which a variable holds and nothing else. */
  keepsOnly(callee: SyntaxNode | undefined): boolean {
    const holder = keepingIn(callee);
    const bound = holder === undefined ? [] : this.boundTo(holder);
    return (
      bound.length > 0 &&
      bound.every(({ value, as }) => as === 'handed' || (as === 'whole' && isCollection(value, this.#pathOf)))
    );
  }

  /** Everything that a value may come from, or with `itself` everything that it may be another name for. */
  originsOf(node: SyntaxNode | undefined, itself = false): ReadonlySet<Outer> {
    if (node === undefined) return NOTHING;
    if (itself && this.#mentions.isNewReceiver(node)) return NOTHING;
    const isName = itself && node.type === 'Identifier';
    const known = isName ? this.#namesOf : this.#originsOf;
    const origins = known.get(node) ?? this.#follow(this.#mentions.of(node), isName);
    known.set(node, origins);
    return origins;
  }

  /** What a variable holds that methods of an object literal or class may get at by `this`, beside what stands in these themselves. */
  heldBeside(node: SyntaxNode, owner: SyntaxNode | undefined): ReadonlySet<Outer> {
    const bound = this.boundTo(node);
    const found = new Set<Outer>();
    if (bound.every((one) => this.#bringsNoMethod(one))) return found;
    for (const { value } of bound) {
      const made = value === 'param' ? undefined : unwrapped(value);
      if (made === undefined || made === owner) continue;
      for (const held of made.type === 'NewExpression' ? nodesAt(made, 'arguments') : [made]) {
        for (const origin of this.originsOf(held)) found.add(origin);
      }
    }
    return found;
  }

  /** Everything that a variable was bound to. */
  boundTo(node: SyntaxNode): readonly Bound[] {
    const local = this.#localAt(node);
    return (local === undefined ? undefined : this.#flows.get(local)?.bound) ?? [];
  }

  /** True for lists and values of the language's own classes, and for what is put into these but for functions. */
  #bringsNoMethod(bound: Bound): boolean {
    const { value, as } = bound;
    if (value === 'param') return false;
    if (isPut(bound)) return !isFunction(value) && !this.takesValues(value);
    const made = unwrapped(value);
    const isOfLanguage = made?.type === 'NewExpression' && this.globalPath(nodeAt(made, 'callee')) !== undefined;
    return as === 'whole' && (isOfLanguage || givesNewList(value, this.#pathOf));
  }

  /** What an expression that is called may come from: nothing that was handed to what it names. */
  calledIn(callee: SyntaxNode | undefined): ReadonlySet<Outer> {
    if (callee === undefined || !this.#hasPut) return this.originsOf(callee);
    const origins = this.#calledIn.get(callee) ?? this.#follow(this.#mentions.of(callee), false, false);
    this.#calledIn.set(callee, origins);
    return origins;
  }

  #follow(mentioned: ReadonlySet<Origin>, isName: boolean, withHanded = true): ReadonlySet<Outer> {
    const found = new Set<Outer>();
    const named = new Set<Origin>(isName ? mentioned : []);
    const held = new Set<Origin>(isName ? [] : mentioned);
    for (const origin of named) {
      const flow = this.#see(origin, found);
      for (const one of flow?.self ?? []) named.add(one);
      for (const one of flow?.from ?? []) held.add(one);
    }
    let handed: HandedValues | undefined;
    for (const origin of held) {
      const flow = this.#see(origin, found);
      if (flow === undefined) continue;
      for (const one of flow.inside) held.add(one);
      if (!withHanded || !this.#hasPut) continue;
      handed ??= new HandedValues(this.#otherNames(), this.#mentions);
      handed.into(origin as Local, flow, held);
    }
    return found;
  }

  #otherNames(): OtherNames {
    this.#names ??= namesAmong(this.#flows.keys(), (local) => this.#flowOf(local));
    return this.#names;
  }

  #see(origin: Origin, found: Set<Outer>): Flow | undefined {
    if (isLocal(origin)) return this.#flowOf(origin);
    found.add(origin);
    return undefined;
  }

  /** The dotted path of a global that an expression names: `process.env`, `Object.assign`. */
  globalPath(node: SyntaxNode | undefined): string | undefined {
    return this.#mentions.globalPath(node);
  }

  #isGlobal(node: SyntaxNode): boolean {
    return this.#mentions.globalPath(node) !== undefined || namesPrototype(node, this.#pathOf);
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

  #receiverAt(node: SyntaxNode): Receiver | undefined {
    return node.type === 'ThisExpression' ? this.#meanings.receivers.of(node) : undefined;
  }

  #localAt(node: SyntaxNode): Local | undefined {
    const meaning = this.#meanings.of.get(node);
    return meaning !== undefined && 'local' in meaning ? meaning.local : undefined;
  }

  #forget(): void {
    if (this.#originsOf.size > 0) this.#originsOf.clear();
    if (this.#namesOf.size > 0) this.#namesOf.clear();
    if (this.#calledIn.size > 0) this.#calledIn.clear();
  }

  #addTo(local: Local, bound: Bound): void {
    this.#forget();
    this.#names = undefined;
    const flow = this.#flows.get(local) ?? newFlow();
    this.#flows.set(local, flow);
    flow.bound.push(bound);
    if (isPut(bound)) flow.put.push(bound);
  }

  /** What a variable holds, as far as it was bound. */
  #flowOf(local: Local): Flow | undefined {
    const flow = this.#namesInto(local);
    if (flow === undefined) return undefined;
    for (; flow.held < flow.bound.length; flow.held += 1) this.#holdInto(flow, flow.bound[flow.held] as Bound);
    return flow;
  }

  /** The same, only what the variable may be another name for: what stands in all other expressions need not be known for that. */
  #namesInto(local: Local): Flow | undefined {
    const flow = this.#flows.get(local);
    if (flow === undefined) return undefined;
    for (; flow.named < flow.bound.length; flow.named += 1) this.#nameInto(flow, flow.bound[flow.named] as Bound);
    return flow;
  }

  #nameInto({ self }: Flow, { value, as }: Bound): void {
    if (value === 'param') self.add(value);
    else if (as === 'parameter') addAll(this.#mentions.of(value), self);
    else if (as === 'whole') {
      const isGlobal = this.#mayBeGlobal(value);
      if (isGlobal || unwrapped(value)?.type === 'Identifier') addAll(this.#mentions.of(value), self);
      if (isGlobal) self.add('global');
    }
  }

  #holdInto({ from, inside }: Flow, { value, as }: Bound): void {
    if (value === 'param') {
      inside.add(value);
      return;
    }
    if (as === 'handed') return;
    const mentioned = this.#mentions.of(value);
    addAll(mentioned, inside);
    const isGlobal = as === 'whole' && this.#mayBeGlobal(value);
    if (isGlobal) inside.add('global');
    const isPart =
      as === 'part' ||
      (as === 'whole' && !isGlobal && unwrapped(value)?.type !== 'Identifier' && !isNewValue(value, this.#pathOf));
    if (isPart) addAll(mentioned, from);
  }

  #mayBeGlobal(value: SyntaxNode): boolean {
    return branchesOf(value).some((branch) => this.#isGlobal(branch));
  }
}

function addAll(origins: ReadonlySet<Origin>, to: Set<Origin>): void {
  for (const origin of origins) to.add(origin);
}

const SHARED = /^(?:globalThis|global|self|window)$|\.prototype$/;

const NOTHING: ReadonlySet<never> = new Set();

function takesValues(node: SyntaxNode): boolean {
  return isFunction(node) || nodesAt(node, 'properties').some(({ kind }) => kind === 'set');
}
