import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { Tree } from './repository.ts';

/** The ids that the checked-out commit has for files of a work tree. */
export class CommittedIds {
  readonly #root: string;
  readonly #tree: Tree;
  #spellings: ReadonlyMap<string, string> | undefined;

  constructor(root: string, tree: Tree) {
    this.#root = root;
    this.#tree = tree;
  }

  of(name: string): string | undefined {
    return this.#tree.get(name) ?? this.#underOtherCase(name);
  }

  /** On a file system that knows no case, a file may be committed under another spelling of its name: both lead to one file. */
  #underOtherCase(name: string): string | undefined {
    this.#spellings ??= new Map([...this.#tree.keys()].map((known) => [known.toLowerCase(), known]));
    const other = this.#spellings.get(name.toLowerCase());
    if (other === undefined || other === name) return undefined;
    const [own, twin] = [name, other].map((one) => statSync(join(this.#root, one), { throwIfNoEntry: false }));
    const isOne = own !== undefined && twin !== undefined && own.ino === twin.ino && own.dev === twin.dev;
    return isOne ? this.#tree.get(other) : undefined;
  }
}
