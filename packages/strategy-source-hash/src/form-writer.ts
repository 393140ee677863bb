import { isDecorated } from './decorated-class.ts';
import { namedNode } from './function-names.ts';
import type { HashedText } from './hashed-text.ts';
import { jsxText } from './jsx-text.ts';
import type { NameForms } from './name-forms.ts';
import { type KindRules, NodeRules, type PropertyRule, propertyRule } from './node-rules.ts';
import { ScopedNames } from './scoped-names.ts';
import { isNode, nodeAt, nodesAt, type SyntaxNode, textAt } from './syntax-tree.ts';
import { isThisParameter, isTypeOnly } from './type-syntax.ts';
import {
  attributeText,
  computedText,
  cookedText,
  isInvisibleChild,
  keyText,
  rawText,
  returnedExpression,
  textOfTemplate,
  withoutBraces,
} from './written-nodes.ts';
import {
  ARROW_DONE,
  ATTRIBUTE_DONE,
  ENUM_MEMBER_DONE,
  KEYED_DONE,
  LABEL_DONE,
  MEMBER_DONE,
  NOTHING_DONE,
  TAGGED_TEMPLATE_DONE,
  VARIABLES_DONE,
} from './written-properties.ts';

/**
 * Writes `(Type.property value …)`: strings are length-prefixed, lists and nodes are bracketed, so two trees with one text
 * are the same tree. `false`, `null` and absent properties are the same thing in this tree and are left out.
 */
export class FormWriter {
  sawDecorator = false;
  readonly #out: HashedText;
  readonly #keepTypes: boolean;
  readonly #names: NameForms | undefined;
  /** Those of the node that is being written. */
  #rules: NodeRules;
  readonly #scoped: ScopedNames | undefined;

  constructor(out: HashedText, keepTypes: boolean, names?: NameForms) {
    this.#out = out;
    this.#keepTypes = keepTypes;
    this.#names = names;
    this.#scoped = names === undefined || names.areVisible ? undefined : new ScopedNames();
    this.#rules = keepTypes && names === undefined ? TYPED_RULES : RULES;
  }

  /** `kind` is that of the node: nodes have many shapes, so that each look at it takes as long as a call. */
  node(node: SyntaxNode, kind: string = node.type): void {
    if (!this.#keepTypes || this.#names === undefined) return this.#write(node, kind);
    const around = this.#rules;
    if (/^Class[DE]/.test(kind) && isDecorated(node)) this.#rules = TYPED_RULES;
    else if (kind === 'BlockStatement') this.#rules = RULES;
    this.#write(node, kind);
    this.#rules = around;
  }

  #write(node: SyntaxNode, kind: string): void {
    const rules = this.#rules.of(kind);
    const inner = rules.isWrapper ? nodeAt(node, 'expression') : undefined;
    if (inner !== undefined) {
      this.node(inner);
      return;
    }
    const out = this.#out;
    if (rules.mayBeName && this.#names !== undefined) {
      const name = this.#names.of(node);
      if (name !== undefined) {
        out.write(name);
        return this.#beside(node);
      }
    }
    if (rules.isDecorator) this.sawDecorator = true;
    out.writePhrase(rules.opening);
    if (rules.mayBeNamed && this.#names !== undefined) this.#functionName(node);
    if (!rules.isSpecial || !this.#special(node, rules)) this.#properties(node, NOTHING_DONE, rules);
    out.write(')');
  }

  /** A parameter has decorators, and a type that metadata can show. */
  #beside(node: SyntaxNode): void {
    if (this.#rules !== TYPED_RULES || node.type !== 'Identifier') return;
    this.#value('decorators', node.decorators);
    this.#value('typeAnnotation', node.typeAnnotation);
  }

  /** Functions and classes keep their names, which programs can ask for. */
  #functionName(node: SyntaxNode): void {
    const named = namedNode(node);
    const name = named === undefined ? undefined : textAt(named, 'name');
    if (name !== undefined) this.#string('named', name);
  }

  #special(node: SyntaxNode, rules: KindRules): boolean {
    switch (rules.kind) {
      case 'VariableDeclaration':
        if (node.kind !== 'const' || this.#names === undefined || this.#names.isReassigned(node)) return false;
        this.#string('kind', 'let');
        this.#properties(node, VARIABLES_DONE);
        return true;
      case 'Literal':
        this.#literal(node);
        return true;
      case 'JSXText':
        this.#string('text', jsxText(textAt(node, 'raw') ?? '') ?? '');
        return true;
      case 'TemplateElement':
        this.#string('cooked', cookedText(node));
        return true;
      case 'TaggedTemplateExpression':
        this.#taggedTemplate(node);
        return true;
      case 'ExpressionStatement':
        if (typeof node.directive !== 'string') return false;
        this.#string('directive', node.directive);
        return true;
      case 'ArrowFunctionExpression':
        this.#arrow(node);
        return true;
      case 'AssignmentExpression':
      case 'AssignmentPattern':
        this.#parenthesizedTarget(node);
        return false;
      case 'TSEnumMember':
        this.#key(nodeAt(node, 'id'), node.computed === true);
        this.#properties(node, ENUM_MEMBER_DONE);
        return true;
      case 'MemberExpression':
        return this.#member(node);
      case 'TemplateLiteral':
        return this.#plainTemplate(node);
      case 'JSXAttribute':
        this.#attribute(node);
        return true;
      case 'LabeledStatement':
      case 'BreakStatement':
      case 'ContinueStatement':
      case 'ClassBody':
      case 'PrivateIdentifier':
        return this.#scopedName(node);
      default:
        if (!rules.isKeyed) return false;
        this.#keyed(node);
        return true;
    }
  }

  #properties(node: SyntaxNode, done: ReadonlySet<string>, rules: KindRules = this.#rules.of(node.type)): void {
    let at = -1;
    for (const name in node) {
      at += 1;
      const value = node[name];
      if (value === null || value === undefined || value === false) continue;
      const likely = rules.properties[at];
      const rule = likely?.name === name ? likely : this.#rules.property(name, at, node.type);
      if (rule.isIgnored || (done !== NOTHING_DONE && done.has(name))) continue;
      this.#property(rule, rules.isBraceless && isNode(value) ? withoutBraces(value) : value);
    }
  }

  #property(rule: PropertyRule, value: unknown): void {
    const out = this.#out;
    if (typeof value === 'string') {
      out.writePhrase(rule.text);
      out.writeMeasured(value);
    } else if (Array.isArray(value)) this.#list(rule, value);
    else {
      out.writePhrase(rule.part);
      if (isNode(value)) this.node(value, value.type);
      else if (typeof value === 'object' && value !== null) this.#record(value);
      else out.write(`${typeof value}${String(value)};`);
    }
  }

  #value(name: string, value: unknown): void {
    if (value === null || value === undefined || value === false) return;
    this.#property(propertyRule(name), value);
  }

  #record(value: object): void {
    this.#out.write('{');
    for (const [name, part] of Object.entries(value)) this.#value(name, part);
    this.#out.write('}');
  }

  #list({ name, list: opening }: PropertyRule, list: readonly unknown[]): void {
    const out = this.#out;
    const before = out.length;
    out.writePhrase(opening);
    const start = out.length;
    for (let at = 0; at < list.length; at += 1) {
      const element = list[at];
      if (isNode(element)) this.#element(name, element);
      else if (element === null) out.write('_');
      else this.#value('', element);
    }
    // An empty list is as good as none: JavaScript and TypeScript trees differ in which they write.
    if (out.length === start) out.cutTo(before);
    else out.write(']');
  }

  #element(list: string, element: SyntaxNode): void {
    const { type } = element;
    if (!this.#dropped(list, element, type)) this.node(element, type);
  }

  #dropped(list: string, element: SyntaxNode, kind: string): boolean {
    if (kind === 'EmptyStatement') return true;
    if (list === 'children') return isInvisibleChild(element);
    if (this.#rules === TYPED_RULES) return false;
    return (list === 'params' && isThisParameter(element)) || isTypeOnly(element, kind);
  }

  #string(name: string, value: string): void {
    this.#out.writePhrase(propertyRule(name).text);
    this.#out.writeMeasured(value);
  }

  #literal(node: SyntaxNode): void {
    const { regex, bigint, value, raw } = node;
    if (typeof regex === 'object' && regex !== null) this.#record(regex);
    else if (typeof bigint === 'string') this.#string('bigint', bigint);
    else if (typeof value === 'string') this.#stringLiteral(node, value);
    else if (value === null && raw !== 'null') this.#string('raw', String(raw));
    else this.#out.write(`${typeof value} ${String(value)}`);
  }

  #stringLiteral(node: SyntaxNode, value: string): void {
    this.#string('value', value);
    // A text that the parser could not carry over faithfully would show as replacement characters: keep its spelling.
    if (value.includes('\ufffd')) this.#string('raw', textAt(node, 'raw') ?? '');
  }

  #taggedTemplate(node: SyntaxNode): void {
    const quasi = nodeAt(node, 'quasi');
    this.#value('tag', node.tag);
    for (const part of quasi === undefined ? [] : nodesAt(quasi, 'quasis')) this.#string('raw', rawText(part));
    if (quasi !== undefined) this.#value('expressions', quasi.expressions);
    this.#properties(node, TAGGED_TEMPLATE_DONE);
  }

  /** `a['b']` is `a.b`. */
  #member(node: SyntaxNode): boolean {
    const property = nodeAt(node, 'property');
    const text = node.computed === true && property?.type !== 'Literal' ? undefined : keyText(property);
    if (text === undefined) return false;
    this.#string('member', text);
    this.#properties(node, MEMBER_DONE);
    return true;
  }

  #plainTemplate(node: SyntaxNode): boolean {
    const text = textOfTemplate(node);
    if (text !== undefined) this.#string('value', text);
    return text !== undefined;
  }

  #attribute(node: SyntaxNode): void {
    this.#value('name', node.name);
    this.#value('value', attributeText(nodeAt(node, 'value')) ?? node.value);
    this.#properties(node, ATTRIBUTE_DONE);
  }

  /** Labels and private names, and where they are declared. */
  #scopedName(node: SyntaxNode): boolean {
    const scoped = this.#scoped;
    if (scoped === undefined) return false;
    const label = nodeAt(node, 'label');
    const name = textAt(label ?? node, 'name');
    if (node.type === 'ClassBody') scoped.fieldsOf(node, () => this.#properties(node, NOTHING_DONE));
    else if (name === undefined) return false;
    else if (node.type === 'LabeledStatement') scoped.label(name, () => this.#properties(node, LABEL_DONE));
    else {
      const form = label === undefined ? scoped.field(name) : scoped.jump(name);
      if (form === undefined) return false;
      this.#out.write(form);
    }
    return true;
  }

  #arrow(node: SyntaxNode): void {
    const body = nodeAt(node, 'body');
    this.#out.write('{');
    if (body !== undefined) this.node(returnedExpression(body) ?? body);
    this.#out.write('}');
    this.#properties(node, ARROW_DONE);
  }

  /** `(a) = () => {}` gives the function no name, `a = () => {}` does; no other parentheses can be observed. */
  #parenthesizedTarget(node: SyntaxNode): void {
    const left = nodeAt(node, 'left');
    if (left !== undefined && left.start !== node.start) this.#out.write('.parenthesized');
  }

  #keyed(node: SyntaxNode): void {
    this.#key(nodeAt(node, 'key'), node.computed === true);
    // `{ __proto__ }` makes a property, `{ __proto__: __proto__ }` sets the prototype.
    if (node.shorthand === true && keyText(nodeAt(node, 'key')) === '__proto__') this.#out.write('.shorthand');
    this.#properties(node, KEYED_DONE);
  }

  #key(key: SyntaxNode | undefined, computed: boolean): void {
    const text = computed ? computedText(key) : keyText(key);
    if (text !== undefined) return this.#string('key', text);
    if (key !== undefined) this.#value('key', key);
    if (computed) this.#out.write('.computed');
  }
}

const RULES = new NodeRules(false);
const TYPED_RULES = new NodeRules(true);
