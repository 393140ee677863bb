import { literalText } from '../names.ts';
import type { NameForms } from '../normal-form.ts';
import { isNode, nodeAt, nodesAt, type SyntaxNode } from '../syntax-tree.ts';
import type { Meanings } from './name-resolution.ts';
import type { Local } from './scope.ts';
import { type Ref, refKey } from './unit.ts';

/** What stands for names in the normal form of one unit: variables and references are numbered as they come. */
export class UnitNames implements NameForms {
  readonly refs: Ref[] = [];
  readonly #indices = new Map<string, number>();
  readonly #locals = new Map<Local, number>();
  readonly #meanings: Meanings;
  readonly #keepsLocals: boolean;

  /** `keepsLocals`: code that is made from text may name the variables of the unit. */
  constructor(meanings: Meanings, keepsLocals: boolean) {
    this.#meanings = meanings;
    this.#keepsLocals = keepsLocals;
  }

  of(node: SyntaxNode): string | undefined {
    if (node.type === 'ImportExpression') return this.#import(node);
    const meaning = this.#meanings.of.get(node);
    if (meaning === undefined || 'global' in meaning) return undefined;
    if ('ref' in meaning) return `(@${this.indexOf(meaning.ref)})`;
    if (this.#keepsLocals) return undefined;
    const { local } = meaning;
    return local.isProperty ? `(=${local.name})` : `($${this.#numberOf(local)})`;
  }

  /** What is imported counts, not how it is called. */
  #import(node: SyntaxNode): string | undefined {
    const from = nodeAt(node, 'options') === undefined ? literalText(nodeAt(node, 'source')) : undefined;
    return from === undefined ? undefined : `(import @${this.indexOf({ to: 'module', how: 'import', from })})`;
  }

  isReassigned(declaration: SyntaxNode): boolean {
    return nodesAt(declaration, 'declarations').some((declarator) => this.#isAssigned(nodeAt(declarator, 'id')));
  }

  indexOf(ref: Ref): number {
    const key = refKey(ref);
    const known = this.#indices.get(key);
    if (known !== undefined) return known;
    this.#indices.set(key, this.refs.length);
    this.refs.push(ref);
    return this.refs.length - 1;
  }

  #numberOf(local: Local): number {
    const number = this.#locals.get(local) ?? this.#locals.size;
    this.#locals.set(local, number);
    return number;
  }

  #isAssigned(pattern: SyntaxNode | undefined): boolean {
    if (pattern === undefined) return false;
    const meaning = this.#meanings.of.get(pattern);
    if (meaning !== undefined && 'local' in meaning) return meaning.local.isAssigned;
    return Object.values(pattern).some((value) =>
      Array.isArray(value)
        ? value.some((element) => isNode(element) && this.#isAssigned(element))
        : isNode(value) && this.#isAssigned(value),
    );
  }
}
