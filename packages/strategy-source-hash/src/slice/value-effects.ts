import { nodeAt, type SyntaxNode } from '../syntax-tree.ts';
import { isFunction } from '../traversal.ts';
import { unwrapped } from '../type-syntax.ts';
import { calleesOf } from './call-forms.ts';
import { MADE, makersOf } from './call-results.ts';
import { CalledReceivers } from './called-receivers.ts';
import type { EffectRecord } from './effect-record.ts';
import type { Flows } from './flows.ts';
import { namesPrototype } from './global-names.ts';
import { isModuleVariable } from './known-calls.ts';
import { isMemberOfThis, replacesMember } from './members-of-this.ts';
import type { Meanings } from './name-resolution.ts';
import { isPlainValue } from './new-values.ts';
import type { How, Pass } from './unit.ts';

/** What expressions give is changed, or handed on: written down for all that it may come from. */
export class ValueEffects {
  readonly #record: EffectRecord;
  readonly #meanings: Meanings;
  readonly #flows: Flows;
  readonly #receivers: CalledReceivers;
  readonly #later: (() => void)[] = [];

  constructor(record: EffectRecord, meanings: Meanings, flows: Flows) {
    this.#record = record;
    this.#meanings = meanings;
    this.#flows = flows;
    this.#receivers = new CalledReceivers(meanings, flows);
  }

  /** Where values come from may be said below where they are changed: so that is asked last. */
  finish(): void {
    for (const look of this.#later) look();
  }

  atLast(look: () => void): void {
    if (this.#record.counts) this.#later.push(look);
  }

  /** A method may be called on a value. */
  call(callee: SyntaxNode | undefined): void {
    this.#receivers.call(callee);
  }

  /** A value becomes part of another one, by a setter where that has one. */
  fill(target: SyntaxNode, value: SyntaxNode | undefined): void {
    this.#flows.bindPart(target, value);
    if (value === undefined || isFunction(value)) return;
    this.pass(value, target, 'method');
    if (this.#flows.takesValues(target)) this.pass(value, undefined, 'method');
  }

  /** A binding, or a property of a value, gets another content. */
  write(written: SyntaxNode | undefined): void {
    const target = unwrapped(written);
    if (target === undefined) return;
    const path = this.#flows.globalPath(target);
    if (path !== undefined && isModuleVariable(path.split('.')[0] ?? '')) return;
    if (path !== undefined) return this.#record.changeGlobals();
    const meaning = this.#meanings.of.get(target);
    if (meaning !== undefined && 'ref' in meaning) this.#record.write(meaning.ref, 'assign');
    else if (meaning === undefined && target.type === 'MemberExpression') {
      if (replacesMember(target, this.#flows)) this.#record.replaceMember();
      this.change(nodeAt(target, 'object'), 'assign');
    }
  }

  /** What an expression gives is changed. */
  change(node: SyntaxNode | undefined, how: How): void {
    this.atLast(() => this.#changeNow(node, how));
  }

  #changeNow(node: SyntaxNode | undefined, how: How): void {
    const value = unwrapped(node);
    if (how === 'assign' && namesPrototype(value, (one) => this.#flows.globalPath(one))) this.#record.changeGlobals();
    const isDeep = value !== undefined && !this.#flows.isReference(value);
    for (const origin of [...this.#flows.originsOf(value, true), ...this.#receivers.behind(value)]) {
      if (origin === 'global') this.#changeGlobals(how, node);
      else if (typeof origin === 'string') this.#record.changeGiven(origin, how, isMemberOfThis(value));
      else this.#record.write(origin, how, { isDeep });
    }
  }

  /** Only what is itself a name for something global: what global functions give is new. */
  #changeGlobals(how: How, node: SyntaxNode | undefined): void {
    const isName = node === undefined || node.type === 'Identifier' || this.#flows.globalPath(node) !== undefined;
    if (how === 'assign' && isName) this.#record.changeGlobals();
  }

  /** The same for a function of the unit that is handed out by its name. */
  handOut(callee: SyntaxNode | undefined, args: readonly SyntaxNode[]): void {
    const receiver = callee?.type === 'MemberExpression' ? nodeAt(callee, 'object') : undefined;
    for (const given of [receiver, ...args]) if (given !== undefined) this.pass(given, undefined, 'method');
  }

  /** Whoever is given the global object may change it. */
  share(args: readonly SyntaxNode[]): void {
    this.atLast(() => {
      if (args.some((argument) => this.#flows.namesShared(argument))) this.#record.changeGlobals();
    });
  }

  pass(argument: SyntaxNode, callee: SyntaxNode | undefined, how: Pass['how']): void {
    if (!isPlainValue(argument)) this.atLast(() => this.#passNow(argument, callee, how));
  }

  #passNow(argument: SyntaxNode, callee: SyntaxNode | undefined, how: Pass['how']): void {
    if (this.#flows.keepsOnly(callee)) return;
    const callees = calleesOf(callee, this.#flows);
    let isMade = false;
    for (const origin of [...this.#flows.originsOf(argument), ...this.#receivers.behind(argument)]) {
      if (typeof origin === 'object') isMade = this.#record.pass(origin, callees, { how }) || isMade;
      else if (origin !== 'global' && how === 'statement') this.#record.changeGiven(origin, how);
    }
    if (!isMade || this.#flows.isReference(argument) || this.#flows.globalPath(callee) !== undefined) return;
    for (const ref of makersOf(argument, this.#meanings, this.#flows))
      this.#record.pass(ref, callees, { how, ...MADE });
  }
}
