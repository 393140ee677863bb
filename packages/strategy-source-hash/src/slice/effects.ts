import { isFramework } from '../installed-packages.ts';
import { memberName } from '../names.ts';
import { isNode, nodeAt, nodesAt, type SyntaxNode } from '../syntax-tree.ts';
import { isFunction } from '../traversal.ts';
import { isTypeOnly, TYPE_PROPERTIES, TYPE_WRAPPERS } from '../type-syntax.ts';
import { Flows } from './flows.ts';
import { isArgumentWriter, isHarmlessGlobal, isModuleVariable, isQuery } from './known-calls.ts';
import type { Meanings } from './name-resolution.ts';
import type { How, Pass, Ref, Write } from './unit.ts';

/** What evaluating a unit, or calling its functions, may change. */
export interface Effects {
  readonly executes: boolean;
  readonly reads: readonly number[];
  readonly writes: readonly Write[];
  readonly passes: readonly Pass[];
  readonly writesParams: boolean;
  readonly writesGlobals: boolean;
  /** Functions whose results make up the value, by the indices of their references. */
  readonly makers: readonly number[];
  /** References that are named outside of the functions of ops, by their indices. */
  readonly live: ReadonlySet<number>;
}

/** Where a node stands: `now` while the unit is evaluated; `drops` where its value is not used. */
interface Position {
  readonly now: boolean;
  readonly drops: boolean;
  /** True for what an op is defined by: its functions run when memo runs the op. */
  readonly definesOp?: boolean;
}

/** Collects the effects of some nodes. `indexOf` numbers references. */
export function effectsOf(nodes: readonly SyntaxNode[], meanings: Meanings, indexOf: (ref: Ref) => number): Effects {
  const collector = new EffectCollector(meanings, indexOf);
  // Twice: where values come from may be said below where they are changed.
  for (const node of nodes) collector.visit(node, { now: true, drops: false });
  collector.report();
  for (const node of nodes) collector.visit(node, { now: true, drops: false });
  return collector;
}

class EffectCollector implements Effects {
  executes = false;
  writesParams = false;
  writesGlobals = false;
  readonly #flows: Flows;
  readonly live: Set<number> = new Set();
  readonly #meanings: Meanings;
  readonly #indexOf: (ref: Ref) => number;
  readonly #reads = new Set<number>();
  readonly #makers = new Set<number>();
  readonly #writes = new Map<string, Write>();
  readonly #passes = new Map<string, Pass>();
  #reports = false;
  #isInOp = false;

  constructor(meanings: Meanings, indexOf: (ref: Ref) => number) {
    this.#meanings = meanings;
    this.#indexOf = indexOf;
    this.#flows = new Flows(meanings);
  }

  get reads(): readonly number[] {
    return [...this.#reads];
  }

  get writes(): readonly Write[] {
    return [...this.#writes.values()];
  }

  get passes(): readonly Pass[] {
    return [...this.#passes.values()];
  }

  get makers(): readonly number[] {
    return [...this.#makers];
  }

  /** From here on what is found counts. */
  report(): void {
    this.#reports = true;
  }

  #counts(): boolean {
    return this.#reports && !this.#isInOp;
  }

  visit(node: SyntaxNode, at: Position): void {
    if (isTypeOnly(node)) return;
    const meaning = this.#meanings.of.get(node);
    if (meaning !== undefined && 'ref' in meaning && this.#counts()) {
      if (at.now) this.#reads.add(this.#indexOf(meaning.ref));
      this.live.add(this.#indexOf(meaning.ref));
    }
    if (isFunction(node)) return this.#function(node, at);
    switch (node.type) {
      case 'ExpressionStatement':
        return this.#child(node, 'expression', { ...at, drops: true });
      case 'AwaitExpression':
      case 'YieldExpression':
        this.#run(at);
        return this.#child(node, 'argument', at);
      case 'UnaryExpression':
        if (node.operator === 'delete') this.#write(nodeAt(node, 'argument'));
        return this.#child(node, 'argument', { ...at, drops: at.drops || node.operator === 'void' });
      case 'ChainExpression':
      case 'LogicalExpression':
      case 'ConditionalExpression':
      case 'SequenceExpression':
        return this.#children(node, at);
      case 'VariableDeclarator':
        this.#flows.bind(nodeAt(node, 'id'), nodeAt(node, 'init'));
        break;
      case 'AssignmentPattern':
        this.#flows.bind(nodeAt(node, 'left'), nodeAt(node, 'right'));
        break;
      case 'AssignmentExpression':
        this.#run(at);
        this.#assign(nodeAt(node, 'left'), nodeAt(node, 'right'));
        break;
      case 'UpdateExpression':
        this.#run(at);
        this.#write(nodeAt(node, 'argument'));
        break;
      case 'ForInStatement':
      case 'ForOfStatement':
        this.#loop(node, at);
        break;
      case 'CallExpression':
      case 'NewExpression':
      case 'TaggedTemplateExpression':
        return this.#call(node, at);
      case 'ImportExpression':
      case 'Decorator':
        this.#run(at);
        if (node.type === 'Decorator') this.#decorate(node, at);
        break;
      case 'PropertyDefinition':
      case 'AccessorProperty':
        return this.#field(node, at);
      case 'TSEnumMember':
        return this.#child(node, 'initializer', at);
      default:
    }
    this.#children(node, { ...at, drops: false });
  }

  #children(node: SyntaxNode, at: Position): void {
    for (const name in node) {
      const value = node[name];
      if (typeof value !== 'object' || value === null || TYPE_PROPERTIES.has(name) || name === 'parent') continue;
      if (isNode(value)) this.visit(value, at);
      else if (Array.isArray(value)) for (const element of value) if (isNode(element)) this.visit(element, at);
    }
  }

  #child(node: SyntaxNode, property: string, at: Position): void {
    const child = nodeAt(node, property);
    if (child !== undefined) this.visit(child, at);
  }

  #run({ now }: Position): void {
    if (now) this.executes = true;
  }

  /** A function that is made here runs later, with what its callers give it. */
  #function(node: SyntaxNode, at: Position): void {
    this.#flows.bindParameters(nodesAt(node, 'params'), ['param']);
    const isInOp = this.#isInOp;
    this.#isInOp ||= at.definesOp === true;
    this.#children(node, { now: false, drops: false });
    this.#isInOp = isInOp;
    for (const param of nodesAt(node, 'params')) {
      for (const decorator of nodesAt(param, 'decorators')) this.visit(decorator, at);
    }
  }

  #field(node: SyntaxNode, at: Position): void {
    for (const decorator of nodesAt(node, 'decorators')) this.visit(decorator, at);
    if (node.computed === true) this.#child(node, 'key', at);
    this.#child(node, 'value', { now: at.now && node.static === true, drops: false });
  }

  #loop(node: SyntaxNode, at: Position): void {
    this.#run(at);
    const left = nodeAt(node, 'left');
    const pattern =
      left?.type === 'VariableDeclaration' ? nodeAt(nodesAt(left, 'declarations')[0] ?? left, 'id') : left;
    if (left?.type === 'VariableDeclaration') this.#flows.bind(pattern, nodeAt(node, 'right'));
    else this.#assign(pattern, nodeAt(node, 'right'));
  }

  #assign(target: SyntaxNode | undefined, value: SyntaxNode | undefined): void {
    if (target === undefined) return;
    if (TYPE_WRAPPERS.has(target.type)) return this.#assign(nodeAt(target, 'expression'), value);
    switch (target.type) {
      case 'ObjectPattern':
        for (const property of nodesAt(target, 'properties')) {
          this.#assign(nodeAt(property, 'value') ?? nodeAt(property, 'argument'), value);
        }
        break;
      case 'ArrayPattern':
        for (const element of nodesAt(target, 'elements')) this.#assign(element, value);
        break;
      case 'AssignmentPattern':
        this.#assign(nodeAt(target, 'left'), value);
        break;
      case 'RestElement':
        this.#assign(nodeAt(target, 'argument'), value);
        break;
      default:
        this.#flows.bind(target.type === 'Identifier' ? target : undefined, value);
        if (target.type === 'MemberExpression') this.#flows.bindPart(nodeAt(target, 'object') ?? target, value);
        this.#write(target);
    }
  }

  /** A binding, or a property of a value, gets another content. */
  #write(target: SyntaxNode | undefined): void {
    if (target === undefined) return;
    if (TYPE_WRAPPERS.has(target.type) || target.type === 'ChainExpression') {
      return this.#write(nodeAt(target, 'expression'));
    }
    const path = this.#flows.globalPath(target);
    if (path !== undefined) {
      if (!isModuleVariable(path.split('.')[0] ?? '')) this.#changeGlobals();
      return;
    }
    const meaning = this.#meanings.of.get(target);
    if (meaning !== undefined) {
      if ('ref' in meaning) this.#record(meaning.ref, 'assign');
      return;
    }
    if (target.type === 'MemberExpression') this.#change(nodeAt(target, 'object'), 'assign');
  }

  /** What an expression gives is changed. */
  #change(node: SyntaxNode | undefined, how: How): void {
    for (const origin of this.#flows.originsOf(unwrapped(node), true)) {
      if (origin === 'param') this.#changeParams(how);
      else if (origin === 'global') this.#changeGlobals(how, node);
      else this.#record(origin, how);
    }
  }

  #changeParams(how: How): void {
    if (this.#counts() && how !== 'query') this.writesParams = true;
  }

  /** Only what is itself a name for something global: what global functions give is new. */
  #changeGlobals(how: How = 'assign', node?: SyntaxNode): void {
    if (!this.#counts() || how !== 'assign') return;
    if (node === undefined || node.type === 'Identifier' || this.#flows.globalPath(node) !== undefined)
      this.writesGlobals = true;
  }

  #record(ref: Ref, how: How, isCall = false): void {
    if (!this.#counts()) return;
    const write = { ref: this.#indexOf(ref), how, isCall };
    this.#writes.set(JSON.stringify(write), write);
  }

  #decorate(node: SyntaxNode, at: Position): void {
    const expression = nodeAt(node, 'expression');
    if (expression?.type !== 'CallExpression') this.#callee(expression, 'statement', at);
  }

  #call(node: SyntaxNode, at: Position): void {
    const callee = unwrapped(nodeAt(node, 'callee') ?? nodeAt(node, 'tag'));
    const args = [...nodesAt(node, 'arguments'), ...nodesAt(nodeAt(node, 'quasi') ?? node, 'expressions')];
    const isFramework = this.#isFrameworkCall(callee);
    const inner = { now: at.now, drops: false };
    if (callee !== undefined && isFunction(callee)) return this.#callInPlace(callee, args, at);
    const path = this.#flows.globalPath(callee);
    const how = this.#howOf(node, callee, at);
    if (!isFramework) {
      if (path === undefined) {
        this.#run(at);
        if (node.type !== 'NewExpression') this.#callee(callee, how, at);
      } else this.#callGlobal(path, args, at);
      for (const argument of args) if (!isFunction(argument)) this.#pass(argument, callee, how);
    }
    for (const argument of args) if (isFunction(argument)) this.#callBack(argument, node);
    if (callee !== undefined && path === undefined) this.visit(callee, inner);
    for (const argument of args) this.visit(argument, { ...inner, definesOp: isFramework });
  }

  #howOf(node: SyntaxNode, callee: SyntaxNode | undefined, { drops }: Position): How {
    if (callee?.type === 'MemberExpression' && isQuery(memberName(callee))) return 'query';
    return drops && node.type !== 'TaggedTemplateExpression' ? 'statement' : 'method';
  }

  /** `(function () { … })()` runs where it stands. */
  #callInPlace(callee: SyntaxNode, args: readonly SyntaxNode[], at: Position): void {
    this.#run(at);
    const params = nodesAt(callee, 'params');
    for (const argument of args) {
      this.#flows.bindParameters(params, this.#flows.mentions(argument));
      this.visit(argument, { now: at.now, drops: false });
    }
    this.#children(callee, { now: at.now, drops: false });
  }

  /** A function that is handed to a call may get anything that the call can get at. */
  #callBack(argument: SyntaxNode, call: SyntaxNode): void {
    const others = nodesAt(call, 'arguments').filter((other) => other !== argument);
    for (const source of [nodeAt(call, 'callee'), ...others]) {
      this.#flows.bindParameters(nodesAt(argument, 'params'), this.#flows.mentions(source));
    }
  }

  #callGlobal(path: string, args: readonly SyntaxNode[], at: Position): void {
    if (isArgumentWriter(path)) {
      this.#run(at);
      this.#change(args[0], 'assign');
      if (args[0] !== undefined && this.#flows.globalPath(args[0]) !== undefined) this.#changeGlobals();
      return;
    }
    if (isHarmlessGlobal(path.split('.')[0] ?? '')) return;
    this.#run(at);
    if (at.drops) this.#changeGlobals();
  }

  /** The function that is called, or the value whose method it is, may change. */
  #callee(callee: SyntaxNode | undefined, how: How, at: Position): void {
    const isName = callee !== undefined && this.#meanings.of.has(callee);
    const receiver = isName || callee?.type !== 'MemberExpression' ? callee : nodeAt(callee, 'object');
    if (this.#isFrameworkCall(receiver)) return;
    const meaning = receiver === undefined ? undefined : this.#meanings.of.get(receiver);
    if (meaning !== undefined && 'ref' in meaning) this.#record(meaning.ref, how, true);
    else this.#change(receiver, how);
    if (!this.#counts() || !at.now) return;
    for (const origin of this.#flows.originsOf(callee)) {
      if (typeof origin === 'object') this.#makers.add(this.#indexOf(origin));
    }
  }

  #pass(argument: SyntaxNode, callee: SyntaxNode | undefined, how: How): void {
    if (!this.#counts()) return;
    const callees = [...this.#flows.originsOf(callee)].filter((origin) => typeof origin === 'object');
    for (const origin of this.#flows.originsOf(argument)) {
      if (origin === 'param' && how === 'statement') this.writesParams = true;
      if (typeof origin !== 'object') continue;
      const ref = this.#indexOf(origin);
      for (const to of callees.length === 0 ? [undefined] : callees) {
        const pass = { ref, callee: to === undefined ? undefined : this.#indexOf(to), how };
        this.#passes.set(`${pass.ref} ${pass.callee ?? ''} ${how}`, pass);
      }
    }
  }

  /** Calls of memo's own functions define something, and change nothing. */
  #isFrameworkCall(node: SyntaxNode | undefined): boolean {
    const called = node?.type === 'CallExpression' ? nodeAt(node, 'callee') : node;
    const meaning = called === undefined ? undefined : this.#meanings.of.get(called);
    if (meaning === undefined || !('ref' in meaning) || meaning.ref.to !== 'import') return false;
    return isFramework(meaning.ref.from.split('/').slice(0, 2).join('/'));
  }
}

function unwrapped(node: SyntaxNode | undefined): SyntaxNode | undefined {
  if (node === undefined) return undefined;
  const isWrapper = TYPE_WRAPPERS.has(node.type) || node.type === 'ChainExpression';
  return isWrapper ? unwrapped(nodeAt(node, 'expression')) : node;
}
