import { namesItsValue } from './function-names.ts';
import { nodeAt, nodesAt, type SyntaxNode, textAt } from './syntax-tree.ts';

/**
 * Names that nothing but the code in their own statement or class can use, as they stand in normal forms: labels, and private fields. They are numbered as
 * they come, but for private fields that give a function its name, or that a decorator is told of.
 */
export class ScopedNames {
  readonly #labels: string[] = [];
  readonly #classes: ReadonlyMap<string, number>[] = [];

  /** Lets a label stand for a statement while that is written. */
  label(name: string, write: () => void): void {
    this.#labels.push(name);
    write();
    this.#labels.pop();
  }

  /** The same for the private fields of a class. */
  fieldsOf(body: SyntaxNode, write: () => void): void {
    this.#classes.push(numberedFields(body));
    write();
    this.#classes.pop();
  }

  /** What stands for the label of a jump. */
  jump(name: string): string {
    return `(label ${this.#labels.lastIndexOf(name)})`;
  }

  /** What stands for a private name; `undefined` where it stands for itself. */
  field(name: string): string | undefined {
    const at = this.#classes.findLastIndex((fields) => fields.has(name));
    const number = this.#classes[at]?.get(name) ?? KEPT;
    return number === KEPT ? undefined : `(#${at}.${number})`;
  }
}

/** The number of a private name that is kept. */
const KEPT = -1;

function numberedFields(body: SyntaxNode): ReadonlyMap<string, number> {
  const numbers = new Map<string, number>();
  for (const member of nodesAt(body, 'body')) {
    const key = nodeAt(member, 'key');
    const name = key?.type === 'PrivateIdentifier' ? textAt(key, 'name') : undefined;
    if (name === undefined) continue;
    const isField = member.type === 'PropertyDefinition' && !namesItsValue(nodeAt(member, 'value'));
    numbers.set(name, isField && nodesAt(member, 'decorators').length === 0 ? numbers.size : KEPT);
  }
  return numbers;
}
