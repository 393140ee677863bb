import type { NameForms } from '../name-forms.ts';
import { memberName } from '../names.ts';
import { isNode, nodeAt, nodesAt, type SyntaxNode } from '../syntax-tree.ts';
import type { Meanings } from './name-resolution.ts';
import type { Local } from './scope.ts';
import { type Picks, type Ref, refKey } from './unit.ts';

/** The texts of numbers, which units have in common. */
class NumberForms {
  readonly #texts: string[] = [];
  readonly #sign: string;

  constructor(sign: string) {
    this.#sign = sign;
  }

  of(number: number): string {
    const known = this.#texts[number] ?? `(${this.#sign}${number})`;
    if (number < MOST_FORMS) this.#texts[number] = known;
    return known;
  }
}

const MOST_FORMS = 256;

const referenceForms = new NumberForms('@');
const localForms = new NumberForms('$');

/** `import.meta.url` or `__filename`. */
function isForThisFile(place: SyntaxNode | undefined): boolean {
  if (place?.type === 'Identifier') return place.name === '__filename';
  return (
    place?.type === 'MemberExpression' &&
    nodeAt(place, 'object')?.type === 'MetaProperty' &&
    memberName(place) === 'url'
  );
}

/** What stands for names in the normal form of one unit: variables and references are numbered as they come. */
export class UnitNames implements NameForms {
  readonly refs: Ref[] = [];
  readonly #indices = new Map<string, number>();
  /** Spares a key for a reference that is met again. */
  readonly #ofObjects = new Map<Ref, number>();
  readonly #locals = new Map<Local, number>();
  /** The members that are read of references, by their numbers; `undefined` where more than members may be. */
  readonly #picks = new Map<number, Set<string> | undefined>();
  readonly #meanings: Meanings;
  readonly #used: (name: string) => boolean;
  /** True where code that is made from text may name the variables of the unit. */
  readonly areVisible: boolean;

  /** `used` holds for names that compilers use where nothing spells them: a variable of that name hides what they mean. */
  constructor(meanings: Meanings, areVisible: boolean, used: (name: string) => boolean) {
    this.#meanings = meanings;
    this.areVisible = areVisible;
    this.#used = used;
  }

  of(node: SyntaxNode): string | undefined {
    const meaning = this.#meanings.of.get(node);
    if (meaning === undefined || 'global' in meaning) return undefined;
    if ('ref' in meaning && meaning.ref.to === 'module') return this.#loading(node, meaning.ref);
    if ('ref' in meaning) return referenceForms.of(this.#pick(node, meaning.ref));
    if (this.areVisible) return undefined;
    const { local } = meaning;
    return local.isProperty || this.#used(local.name) ? `(=${local.name})` : localForms.of(this.#numberOf(local));
  }

  /** What is loaded counts, not how it is called; options may say how. */
  #loading(node: SyntaxNode, ref: Extract<Ref, { to: 'module' }>): string | undefined {
    const index = this.indexOf(ref);
    const loader = this.#loader(nodeAt(node, 'callee'));
    return nodeAt(node, 'options') === undefined && loader !== undefined
      ? `(${ref.how} @${index}${loader})`
      : undefined;
  }

  /** Functions that load for a place may be made for another one than this file: empty where none is, `undefined` where one may be. */
  #loader(callee: SyntaxNode | undefined): string | undefined {
    if (callee?.type === 'CallExpression') return isForThisFile(nodesAt(callee, 'arguments')[0]) ? '' : undefined;
    return callee?.type === 'Identifier' ? (this.of(callee) ?? '') : '';
  }

  isReassigned(declaration: SyntaxNode): boolean {
    return nodesAt(declaration, 'declarations').some((declarator) => this.#isAssigned(nodeAt(declarator, 'id')));
  }

  get picks(): readonly Picks[] {
    return [...this.#picks].flatMap(([ref, members]) =>
      members === undefined ? [] : [{ ref, members: [...members] }],
    );
  }

  #pick(node: SyntaxNode, ref: Ref): number {
    const index = this.indexOf(ref);
    const { picked } = this.#meanings;
    if (picked.size === 0 || ref.to === 'module') return index;
    if (ref.to === 'import' && (ref.name === '*' || ref.members !== undefined)) return index;
    const members = picked.get(node);
    const known = this.#picks.has(index) ? this.#picks.get(index) : new Set<string>();
    this.#picks.set(index, members && known && new Set([...known, ...members]));
    return index;
  }

  indexOf(ref: Ref): number {
    const known = this.#ofObjects.get(ref) ?? this.#numberByKey(ref);
    this.#ofObjects.set(ref, known);
    return known;
  }

  #numberByKey(ref: Ref): number {
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
