import { NAMING_KINDS } from './function-names.ts';
import { type Phrase, phrase } from './hashed-text.ts';
import { hasRuntimeOptional, TYPE_PROPERTIES, TYPE_WRAPPERS } from './type-syntax.ts';

/** What decides how the nodes of one kind are written in a normal form. */
export interface KindRules {
  readonly kind: string;
  /** Templates begin as literals do: some are no more than that. */
  readonly opening: Phrase;
  /** True for what wraps another expression for the type checker only. */
  readonly isWrapper: boolean;
  readonly isDecorator: boolean;
  /** True for what is not, or not always, written property by property. */
  readonly isSpecial: boolean;
  /** True for a node with a `key` that may be written as a name or as a literal. */
  readonly isKeyed: boolean;
  /** True for a statement whose body may be written with or without braces. */
  readonly isBraceless: boolean;
  /** True for a name, a member of one, and what may load a module. */
  readonly mayBeName: boolean;
  /** True where it may be a function or class with a name. */
  readonly mayBeNamed: boolean;
  /** The properties that nodes of the kind have had, in the order in which they came last: mostly it is the same for all. */
  readonly properties: (PropertyRule | undefined)[];
}

/** How a property of the nodes of one kind is written. */
export interface PropertyRule {
  readonly name: string;
  readonly isIgnored: boolean;
  /** What stands before a value, a list and a text. */
  readonly part: Phrase;
  readonly list: Phrase;
  readonly text: Phrase;
}

/** How a property is written that is written whatever the node is. */
export function propertyRule(name: string): PropertyRule {
  const known = named.get(name);
  if (known !== undefined) return known;
  const rule = { name, isIgnored: false, ...propertyPhrases(name) };
  named.set(name, rule);
  return rule;
}

/** Few names are written that are not those of the property itself. */
const named = new Map<string, PropertyRule>();

/** The phrases of a property, whatever it is of. */
function propertyPhrases(name: string): Pick<PropertyRule, 'part' | 'list' | 'text'> {
  return { part: phrase(`.${name} `), list: phrase(`.${name}[`), text: phrase(`.${name}"`) };
}

/** The rules for all kinds of nodes: there are few kinds, and nodes by the million. */
export class NodeRules {
  readonly #keepsTypes: boolean;
  readonly #known = new Map<string, KindRules>();

  constructor(keepsTypes: boolean) {
    this.#keepsTypes = keepsTypes;
  }

  of(type: string): KindRules {
    const known = this.#known.get(type);
    if (known !== undefined) return known;
    const rules: KindRules = {
      kind: type,
      opening: phrase(`(${type === 'TemplateLiteral' ? 'Literal' : type}`),
      isWrapper: TYPE_WRAPPERS.has(type) && !this.#keepsTypes,
      isDecorator: type === 'Decorator',
      isSpecial: SPECIAL.has(type) || KEYED.has(type),
      isKeyed: KEYED.has(type),
      isBraceless: BRACELESS_BODIES.has(type),
      mayBeName: NAMES.has(type),
      mayBeNamed: NAMING_KINDS.has(type),
      properties: [],
    };
    this.#known.set(type, rules);
    return rules;
  }

  /** The rule for a property that stands at a place among those of a node. */
  property(name: string, at: number, type: string): PropertyRule {
    const { properties } = this.of(type);
    const likely = properties[at];
    if (likely?.name === name) return likely;
    const isIgnored = POSITION_PROPERTIES.has(name) || this.#ignored(type, name);
    const rule = properties.find((one) => one?.name === name) ?? { name, isIgnored, ...propertyPhrases(name) };
    properties[at] = rule;
    return rule;
  }

  #ignored(type: string, name: string): boolean {
    if (name === 'hashbang' || name === 'closingElement' || name === 'selfClosing') return true;
    if (this.#keepsTypes) return false;
    if (name === 'kind') return type === 'TSModuleDeclaration';
    if (name === 'declare') return type !== 'TSEnumDeclaration';
    if (type === 'TSParameterProperty' && name === 'static') return true;
    return name === 'optional' ? !hasRuntimeOptional(type) : TYPE_PROPERTIES.has(name);
  }
}

/** Positions and back-references of the tree: where something stands, never what it is. */
const POSITION_PROPERTIES: ReadonlySet<string> = new Set(['type', 'start', 'end', 'range', 'parent']);

/** Statements whose bodies may be written with or without braces. */
const BRACELESS_BODIES: ReadonlySet<string> = new Set([
  'IfStatement',
  'ForStatement',
  'ForInStatement',
  'ForOfStatement',
  'WhileStatement',
  'DoWhileStatement',
]);

/** Nodes with a `key` that may be written as a name or as a literal. */
const KEYED: ReadonlySet<string> = new Set(['Property', 'MethodDefinition', 'PropertyDefinition', 'AccessorProperty']);

const NAMES: ReadonlySet<string> = new Set([
  'Identifier',
  'JSXIdentifier',
  'MemberExpression',
  'ImportExpression',
  'CallExpression',
  'TSExternalModuleReference',
]);

const SPECIAL: ReadonlySet<string> = new Set([
  'VariableDeclaration',
  'Literal',
  'JSXText',
  'TemplateElement',
  'TaggedTemplateExpression',
  'ExpressionStatement',
  'ArrowFunctionExpression',
  'AssignmentExpression',
  'AssignmentPattern',
  'TSEnumMember',
  'MemberExpression',
  'TemplateLiteral',
  'JSXAttribute',
  'LabeledStatement',
  'BreakStatement',
  'ContinueStatement',
  'ClassBody',
  'PrivateIdentifier',
]);
