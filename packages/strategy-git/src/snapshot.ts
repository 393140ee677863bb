import { dirname } from 'node:path';
import { type FileState, fileStates, type Reading } from './file-state.ts';
import { askGit } from './git-program.ts';
import { blobId, placeholderIn } from './object-id.ts';
import { fieldsOf, nameOf } from './path-text.ts';
import { openRepository, type Repository, readTree } from './repository.ts';
import { pathFrom, WorkTrees } from './work-tree.ts';

/** A file, found by the work tree that it is in. */
export interface Located {
  /** The root of its work tree; `undefined` outside of repositories. */
  readonly root: string | undefined;
  /** From the root; the absolute path outside of repositories. */
  readonly name: string;
}

export interface SnapshotOptions {
  readonly git: string;
  readonly runsFilters: boolean;
}

/** Repositories and files as they are while one question is answered: each repository is asked once for all ops of a job. */
export class Snapshot {
  readonly workTrees: WorkTrees = new WorkTrees();
  readonly #options: SnapshotOptions;
  readonly #repositories = new Map<string, Repository>();
  readonly #located = new Map<string, Located>();

  constructor(options: SnapshotOptions) {
    this.#options = options;
  }

  /** The same answer for the same path. */
  locate(path: string): Located {
    const known = this.#located.get(path);
    if (known !== undefined) return known;
    const root = this.workTrees.rootOf(dirname(path));
    const located = root === undefined ? { root, name: path } : { root, name: pathFrom(root, path) };
    this.#located.set(path, located);
    return located;
  }

  repository(root: string): Repository {
    const known = this.#repositories.get(root) ?? openRepository({ git: this.#options.git, root });
    this.#repositories.set(root, known);
    return known;
  }

  /** The commit of a submodule; none when it is not checked out. */
  commitOf({ root, name }: Located): string {
    const inside = `${root}/${name}`;
    if (this.workTrees.rootOf(inside) !== inside) return '';
    return this.repository(inside).head ?? '';
  }

  /** The commits that are checked out in the repositories that were asked; `undefined` before the first one. */
  heads(): ReadonlyMap<string, string | undefined> {
    return new Map(Array.from(this.#repositories.values(), ({ root, head }) => [root, head]));
  }

  /** Files of the index, and such that are neither in it nor ignored, below some directories of a work tree. */
  async listed(root: string, below: readonly string[]): Promise<readonly string[]> {
    const asked = ['ls-files', '-z', '--cached', '--others', '--exclude-standard', '--', ...below];
    const names = fieldsOf(await askGit({ git: this.#options.git, root }, asked)).map(nameOf);
    return [...new Set(names.map((name) => name.replace(/\/$/, '')))];
  }

  /** The states of files, by {@link keyOf}. */
  async states(files: readonly Located[], manner: Manner): Promise<ReadonlyMap<string, FileState>> {
    const groups = new Map<string | undefined, Set<string>>();
    for (const { root, name } of files) {
      const group = groups.get(root) ?? new Set();
      groups.set(root, group.add(name));
    }
    const states = new Map<string, FileState>();
    for (const [root, names] of groups) {
      const found =
        root === undefined ? foreignStates(names, manner.reading) : await this.#statesIn(root, [...names], manner);
      for (const [name, state] of found) states.set(keyOf({ root, name }), state);
    }
    return states;
  }

  async #statesIn(root: string, names: readonly string[], { reading, isWide }: Manner) {
    const repository = this.repository(root);
    const tree = await readTree(repository, isWide ? undefined : names);
    return fileStates(repository, names, { tree, runsFilters: this.#options.runsFilters, reading });
  }
}

/** How files are looked at. */
export interface Manner {
  readonly reading: Reading;
  /** True when they are many, and of many directories. */
  readonly isWide: boolean;
}

export function keyOf({ root, name }: Located): string {
  return root === undefined ? name : `${root}/${name}`;
}

/** Files outside of repositories are named as git would name them. */
function foreignStates(names: Iterable<string>, reading: Reading): ReadonlyMap<string, FileState> {
  const states = new Map<string, FileState>();
  for (const name of names) {
    const bytes = reading.known(name)?.bytes;
    const content = bytes === undefined ? reading.read(name) : { bytes, loaded: 'same' as const };
    const [kind, id] =
      content === undefined ? (['absent', ''] as const) : (['file', blobId(content.bytes, 'sha1')] as const);
    const placeholder = content && placeholderIn(content.bytes);
    states.set(name, { kind, id, isCommitted: false, placeholder, loaded: content?.loaded ?? reading.unread });
  }
  return states;
}
