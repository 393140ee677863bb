import { givenToDecorators } from '../decorated-class.ts';
import { type ChildVisitor, LEAVES, visitChildren } from '../syntax-children.ts';
import { nodeAt, nodesAt, type SyntaxNode } from '../syntax-tree.ts';
import { isFunction } from '../traversal.ts';
import { isTypeOnly, unwrapped } from '../type-syntax.ts';
import { targetsOf } from './assigned-targets.ts';
import { bindCallBack, bindHanded, givenBy, howOfCall } from './call-forms.ts';
import { EffectRecord, type Effects } from './effect-record.ts';
import { Flows } from './flows.ts';
import { isFrameworkCall } from './framework-call.ts';
import { branchesOf } from './global-names.ts';
import { changedBy, isArgumentWriter, isHarmlessGlobal, takesFunction } from './known-calls.ts';
import { MAY_STAND_FOR, type Meanings } from './name-resolution.ts';
import { DECLARES_ITSELF, keepingIn } from './new-values.ts';
import { dropping, LATER, NOW, type Position, plain, using } from './position.ts';
import type { How, Ref } from './unit.ts';
import { ValueEffects } from './value-effects.ts';

/** Collects the effects of some nodes. `indexOf` numbers references. */
export function effectsOf(nodes: readonly SyntaxNode[], meanings: Meanings, indexOf: (ref: Ref) => number): Effects {
  const collector = new EffectCollector(meanings, indexOf);
  for (const node of nodes) collector.visitChild(node, node, NOW);
  collector.finish();
  return collector.record;
}

class EffectCollector implements ChildVisitor<Position> {
  readonly record: EffectRecord;
  readonly #flows: Flows;
  readonly #meanings: Meanings;
  readonly #values: ValueEffects;

  constructor(meanings: Meanings, indexOf: (ref: Ref) => number) {
    this.record = new EffectRecord(indexOf);
    this.#meanings = meanings;
    this.#flows = new Flows(meanings);
    this.#values = new ValueEffects(this.record, meanings, this.#flows);
  }

  finish(): void {
    this.#values.finish();
  }

  /** Everything is visited here: the engine compiles each step between two visits anew for all that it leads to. */
  visitChild(node: SyntaxNode, parent: SyntaxNode, at: Position): void {
    // Nodes have many shapes, so that each look at a kind takes as long as a call: one is enough.
    const { type } = node;
    if (MAY_STAND_FOR.has(type)) this.record.mention(this.#meanings.of.get(node), at.now);
    if (type === 'Identifier') return visitChildren(node, this, using(at));
    if (LEAVES.has(type)) return this.record.leaf(type);
    if (isTypeOnly(node, type)) return;
    if (DECLARES_ITSELF.has(type)) this.#flows.bind(nodeAt(node, 'id'), node);
    switch (type) {
      case 'FunctionDeclaration':
      case 'FunctionExpression':
      case 'ArrowFunctionExpression':
        return this.#function(node, at);
      case 'ExpressionStatement':
        return this.#child(node, 'expression', dropping(at));
      case 'AwaitExpression':
      case 'YieldExpression':
        if (type === 'AwaitExpression') this.record.wait(at.now);
        this.record.run(at.now);
        return this.#child(node, 'argument', at);
      case 'UnaryExpression':
        if (node.operator === 'delete') this.#values.write(nodeAt(node, 'argument'));
        return this.#child(node, 'argument', node.operator === 'void' ? dropping(at) : at);
      case 'ChainExpression':
      case 'LogicalExpression':
      case 'ConditionalExpression':
      case 'SequenceExpression':
        return visitChildren(node, this, at);
      case 'TryStatement':
        this.#flows.bind(nodeAt(nodeAt(node, 'handler') ?? node, 'param'), nodeAt(node, 'block'));
        break;
      case 'VariableDeclaration':
        if (node.kind === 'await using') this.record.wait(at.now);
        break;
      case 'VariableDeclarator':
      case 'TSImportEqualsDeclaration':
      case 'AssignmentPattern':
        this.#flows.bindIn(node);
        break;
      case 'AssignmentExpression':
        this.record.run(at.now);
        this.#assign(nodeAt(node, 'left'), nodeAt(node, 'right'));
        break;
      case 'UpdateExpression':
        this.record.run(at.now);
        this.#values.write(nodeAt(node, 'argument'));
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
        this.record.run(at.now);
        if (type === 'Decorator') this.#decorate(nodeAt(node, 'expression'), parent, at);
        break;
      case 'PropertyDefinition':
      case 'AccessorProperty':
        return this.#field(node, at);
      case 'ReturnStatement':
        this.#giveBack(nodeAt(node, 'argument'));
        break;
      case 'TSEnumMember':
        return this.#child(node, 'initializer', at);
      default:
    }
    visitChildren(node, this, using(at));
  }

  #child(node: SyntaxNode, property: string, at: Position): void {
    const child = nodeAt(node, property);
    if (child !== undefined) this.visitChild(child, node, at);
  }

  /** A function that is made here runs later, with what its callers give it. */
  #function(node: SyntaxNode, at: Position): void {
    this.record.has('makes function');
    this.#flows.bindParameters(nodesAt(node, 'params'), 'param');
    if (node.expression === true) this.#giveBack(nodeAt(node, 'body'));
    if (at.definesOp === true) this.record.without(() => visitChildren(node, this, LATER));
    else visitChildren(node, this, LATER);
    for (const param of nodesAt(node, 'params')) {
      for (const decorator of nodesAt(param, 'decorators')) this.visitChild(decorator, node, at);
    }
  }

  /** What a function gives may be a name for something global. */
  #giveBack(node: SyntaxNode | undefined): void {
    this.#values.atLast(() => {
      if (branchesOf(node).some((branch) => this.#flows.namesGlobal(branch))) this.record.giveGlobal();
    });
  }

  #field(node: SyntaxNode, at: Position): void {
    for (const decorator of nodesAt(node, 'decorators')) this.visitChild(decorator, node, at);
    if (node.computed === true) this.#child(node, 'key', at);
    this.#child(node, 'value', at.now && node.static === true ? NOW : LATER);
  }

  #loop(node: SyntaxNode, at: Position): void {
    this.record.run(at.now);
    if (node.await === true) this.record.wait(at.now);
    const left = nodeAt(node, 'left');
    const [declarator] = left?.type === 'VariableDeclaration' ? nodesAt(left, 'declarations') : [];
    if (declarator === undefined) this.#assign(left, nodeAt(node, 'right'), true);
    else this.#flows.bind(nodeAt(declarator, 'id'), nodeAt(node, 'right'), true);
  }

  #assign(pattern: SyntaxNode | undefined, value: SyntaxNode | undefined, isPart = false): void {
    for (const target of targetsOf(pattern, isPart)) {
      const { node } = target;
      this.#flows.bind(node.type === 'Identifier' ? node : undefined, value, target.isPart);
      if (node.type === 'MemberExpression') this.#values.fill(nodeAt(node, 'object') ?? node, value);
      this.#values.write(node);
    }
  }

  #decorate(by: SyntaxNode | undefined, decorated: SyntaxNode, at: Position): void {
    if (by?.type !== 'CallExpression') this.#callee(by, 'statement', at);
    for (const value of givenToDecorators(decorated)) this.#values.pass(value, by, 'statement');
  }

  #call(node: SyntaxNode, at: Position): void {
    const callee = unwrapped(nodeAt(node, 'callee') ?? nodeAt(node, 'tag'));
    const args = [...nodesAt(node, 'arguments'), ...nodesAt(nodeAt(node, 'quasi') ?? node, 'expressions')];
    const isFramework = isFrameworkCall(callee, this.#meanings);
    if (callee !== undefined && isFunction(callee)) return this.#callInPlace(callee, args, at);
    const path = this.#flows.globalPath(callee);
    const how = howOfCall(node, callee, at);
    if (!isFramework) {
      if (path === undefined) {
        this.record.run(at.now);
        if (node.type !== 'NewExpression') this.#callee(callee, how, at);
        this.#values.call(callee);
        // What is called for nothing but the effect counts as changing what it is given.
        const mayKeep = how === 'method' || keepingIn(callee) !== undefined;
        if (mayKeep && callee?.type === 'MemberExpression') bindHanded(nodeAt(callee, 'object'), args, this.#flows);
        this.#values.share(args);
      } else this.#callGlobal(path, args, at);
      for (const argument of args) {
        if (!isFunction(argument)) this.#values.pass(argument, callee, how);
        else for (const given of givenBy(argument)) this.#values.pass(given, callee, 'later');
      }
      if (args.some((argument) => this.#flows.takesValues(argument))) this.#values.handOut(callee, args);
    }
    for (const argument of args) if (isFunction(argument)) bindCallBack(argument, node, this.#flows);
    if (callee !== undefined) this.visitChild(callee, node, plain(at));
    const given = isFramework ? { ...plain(at), definesOp: true } : plain(at);
    for (const argument of args) this.visitChild(argument, node, given);
  }

  /** `(function () { … })()` runs where it stands. */
  #callInPlace(callee: SyntaxNode, args: readonly SyntaxNode[], at: Position): void {
    this.record.run(at.now);
    for (const argument of args) {
      this.#flows.bindParameters(nodesAt(callee, 'params'), argument);
      this.visitChild(argument, callee, plain(at));
    }
    visitChildren(callee, this, plain(at));
  }

  #callGlobal(path: string, args: readonly SyntaxNode[], at: Position): void {
    if (isArgumentWriter(path)) {
      this.record.run(at.now);
      for (const changed of changedBy(path, args)) {
        this.#values.change(changed, 'assign');
        bindHanded(changed, args, this.#flows);
        if (this.#flows.globalPath(changed) !== undefined) this.record.changeGlobals();
      }
      return;
    }
    if (isHarmlessGlobal(path.split('.')[0] ?? '')) return this.record.run(at.now && takesFunction(path, args.length));
    this.record.run(at.now);
    if (at.drops) this.record.changeGlobals();
  }

  /** The function that is called, or the value whose method it is, may change. */
  #callee(callee: SyntaxNode | undefined, how: How, at: Position): void {
    const isName = callee !== undefined && this.#meanings.of.has(callee);
    const receiver = isName || callee?.type !== 'MemberExpression' ? callee : nodeAt(callee, 'object');
    if (isFrameworkCall(receiver, this.#meanings) || this.#flows.isOfNewList(callee)) return;
    const meaning = receiver === undefined ? undefined : this.#meanings.of.get(receiver);
    if (meaning !== undefined && 'ref' in meaning) this.record.write(meaning.ref, how, { isCall: true });
    else this.#values.change(receiver, how);
    if (!at.now) return;
    this.#values.atLast(() => {
      for (const origin of this.#flows.calledIn(callee)) this.record.makes(origin);
    });
  }
}
