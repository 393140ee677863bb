import { namedNode } from './function-names.ts';
import { HashedText } from './hashed-text.ts';
import { jsxText } from './jsx-text.ts';
import { type KindRules, NodeRules, type PropertyRule, propertyPhrases } from './node-rules.ts';
import { isNode, nodeAt, nodesAt, type ParsedSource, type SyntaxNode, textAt } from './syntax-tree.ts';
import { isThisParameter, isTypeOnly } from './type-syntax.ts';
import { cookedText, isInvisibleChild, keyText, rawText, returnedExpression, withoutBraces } from './written-nodes.ts';

/**
 * The text that stands for a program: equal for two texts that differ in comments, layout, quotes, redundant parentheses,
 * number spelling or types only. Every primitive property that is not on a list of ignored ones is in it, so syntax that
 * this code has never heard of changes the text rather than being missed.
 */
export function normalForm(source: ParsedSource): string {
  const text = new HashedText();
  writeNormalForm(source, text);
  return text.text();
}

/** Writes the {@link normalForm} of a program. */
export function writeNormalForm({ program }: ParsedSource, out: HashedText): void {
  const plain = new NormalForm(out, false);
  plain.node(program);
  if (!plain.sawDecorator) return;
  // With `emitDecoratorMetadata` the types of decorated code exist at run time: keep all types of such a file.
  out.clear();
  new NormalForm(out, true).node(program);
}

/** The same for one node, types left out. */
export function normalFormOf(node: SyntaxNode): string {
  const text = new HashedText();
  new NormalForm(text, false).node(node);
  return text.text();
}

/** What stands in a normal form for names, where they do not count as they are spelled. */
export interface NameForms {
  /** What stands for a name, a member of one, or an expression that loads a module; `undefined` where it stands for itself. */
  of(node: SyntaxNode): string | undefined;
  /** True when a variable of the declaration is assigned later, so that `const` and `let` differ. */
  isReassigned(declaration: SyntaxNode): boolean;
}

/** How a {@link writeNamedForm} differs from that of a program. */
export interface NamedFormOptions {
  readonly names: NameForms;
  /** The types of decorated classes count. */
  readonly keepTypes: boolean;
}

/** Writes the normal form of some nodes in which names are given by `names`. */
export function writeNamedForm(
  nodes: readonly SyntaxNode[],
  out: HashedText,
  { names, keepTypes }: NamedFormOptions,
): void {
  const form = new NormalForm(out, keepTypes, names);
  for (const node of nodes) form.node(node);
}

/**
 * Writes `(Type.property value …)`: strings are length-prefixed, lists and nodes are bracketed, so two trees with one text
 * are the same tree. `false`, `null` and absent properties are the same thing in this tree and are left out.
 */
class NormalForm {
  sawDecorator = false;
  readonly #out: HashedText;
  readonly #keepTypes: boolean;
  readonly #names: NameForms | undefined;
  readonly #rules: NodeRules;

  constructor(out: HashedText, keepTypes: boolean, names?: NameForms) {
    this.#out = out;
    this.#keepTypes = keepTypes;
    this.#names = names;
    this.#rules = keepTypes ? TYPED_RULES : RULES;
  }

  node(node: SyntaxNode): void {
    const rules = this.#rules.of(node.type);
    const inner = rules.isWrapper ? nodeAt(node, 'expression') : undefined;
    if (inner !== undefined) {
      this.node(inner);
      return;
    }
    const out = this.#out;
    if (rules.mayBeName && this.#names !== undefined) {
      const name = this.#names.of(node);
      if (name !== undefined) return out.write(name);
    }
    if (node.type === 'Decorator') this.sawDecorator = true;
    out.writePhrase(rules.opening);
    if (rules.mayBeNamed && this.#names !== undefined) this.#functionName(node);
    if (!rules.isSpecial || !this.#special(node)) this.#properties(node, NOTHING_DONE, rules);
    out.write(')');
  }

  /** Functions and classes keep their names, which programs can ask for. */
  #functionName(node: SyntaxNode): void {
    const named = namedNode(node);
    const name = named === undefined ? undefined : textAt(named, 'name');
    if (name !== undefined) this.#string('named', name);
  }

  #special(node: SyntaxNode): boolean {
    switch (node.type) {
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
      default:
        if (!this.#rules.of(node.type).isKeyed) return false;
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
      this.#text(value);
    } else if (Array.isArray(value)) this.#list(rule, value);
    else {
      out.writePhrase(rule.part);
      if (isNode(value)) this.node(value);
      else if (typeof value === 'object' && value !== null) this.#record(value);
      else out.write(`${typeof value}${String(value)};`);
    }
  }

  #value(name: string, value: unknown): void {
    if (value === null || value === undefined || value === false) return;
    this.#property(this.#named(name), value);
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
    for (const element of list) {
      if (this.#dropped(name, element)) continue;
      if (isNode(element)) this.node(element);
      else if (element === null) out.write('_');
      else this.#value('', element);
    }
    // An empty list is as good as none: JavaScript and TypeScript trees differ in which they write.
    if (out.length === start) out.cutTo(before);
    else out.write(']');
  }

  #dropped(name: string, element: unknown): boolean {
    if (!isNode(element)) return false;
    if (element.type === 'EmptyStatement') return true;
    if (name === 'children') return isInvisibleChild(element);
    if (this.#keepTypes) return false;
    return (name === 'params' && isThisParameter(element)) || isTypeOnly(element);
  }

  #string(name: string, value: string): void {
    this.#out.writePhrase(this.#named(name).text);
    this.#text(value);
  }

  #text(value: string): void {
    const out = this.#out;
    out.write(String(value.length));
    out.write(':');
    out.write(value);
  }

  /** A property that is written whatever the node is. */
  #named(name: string): PropertyRule {
    const known = named.get(name);
    if (known !== undefined) return known;
    const rule = { name, isIgnored: false, ...propertyPhrases(name) };
    named.set(name, rule);
    return rule;
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
    const text = computed ? undefined : keyText(key);
    if (text !== undefined) this.#string('key', text);
    else if (key !== undefined) this.#value('key', key);
    if (computed) this.#out.write('.computed');
  }
}

/** Few names are written that are not those of the property itself. */
const named = new Map<string, PropertyRule>();

const RULES = new NodeRules(false);
const TYPED_RULES = new NodeRules(true);

const NOTHING_DONE: ReadonlySet<string> = new Set();
const VARIABLES_DONE: ReadonlySet<string> = new Set(['kind']);
const KEYED_DONE: ReadonlySet<string> = new Set(['key', 'computed', 'shorthand']);
const ENUM_MEMBER_DONE: ReadonlySet<string> = new Set(['id', 'computed']);
const ARROW_DONE: ReadonlySet<string> = new Set(['body', 'expression']);
const TAGGED_TEMPLATE_DONE: ReadonlySet<string> = new Set(['tag', 'quasi']);
