import { dirname } from 'node:path';
import { addFileStates, type FileState, type Reading } from './file-state.ts';
import { askGit } from './git-program.ts';
import { fileAt, type Located } from './located.ts';
import { blobId, placeholderIn } from './object-id.ts';
import { fieldsOf, nameOf } from './path-text.ts';
import { openRepository, type Repository, readTree } from './repository.ts';
import { WorkTrees } from './work-tree.ts';

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
    return this.#located.get(path) ?? this.#find(path);
  }

  #find(path: string): Located {
    const located = fileAt(path, this.workTrees.rootOf(dirname(path)));
    this.#located.set(path, located);
    return located;
  }

  repository(root: string): Repository {
    const known = this.#repositories.get(root) ?? openRepository({ git: this.#options.git, root });
    this.#repositories.set(root, known);
    return known;
  }

  /** The commit of a submodule; none when it is not checked out. */
  commitOf({ key }: Located): string {
    return this.workTrees.rootOf(key) === key ? (this.repository(key).head ?? '') : '';
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

  /** Adds the states of files, each of which is given once, by their keys. */
  async addStates(states: Map<string, FileState>, files: readonly Located[], manner: Manner): Promise<void> {
    const groups = new Map<string | undefined, Located[]>();
    for (const file of files) {
      const group = groups.get(file.root);
      if (group === undefined) groups.set(file.root, [file]);
      else group.push(file);
    }
    for (const [root, group] of groups) {
      if (root === undefined) addForeignStates(states, group, manner.reading);
      else await this.#addStatesIn(root, group, { ...manner, states });
    }
  }

  async #addStatesIn(
    root: string,
    files: readonly Located[],
    { reading, isWide, states }: Manner & { readonly states: Map<string, FileState> },
  ): Promise<void> {
    const repository = this.repository(root);
    const tree = await readTree(repository, isWide ? undefined : files.map(({ name }) => name));
    await addFileStates(states, files, { repository, tree, runsFilters: this.#options.runsFilters, reading });
  }
}

/** How files are looked at. */
export interface Manner {
  readonly reading: Reading;
  /** True when they are many, and of many directories. */
  readonly isWide: boolean;
}

/** Files outside of repositories are named as git would name them. */
function addForeignStates(states: Map<string, FileState>, files: readonly Located[], reading: Reading): void {
  for (const { name, key } of files) {
    const bytes = reading.known(name)?.bytes;
    const content = bytes === undefined ? reading.read(name) : { bytes, loaded: 'same' as const };
    const [kind, id] =
      content === undefined ? (['absent', ''] as const) : (['file', blobId(content.bytes, 'sha1')] as const);
    const placeholder = content && placeholderIn(content.bytes);
    states.set(key, { kind, id, isCommitted: false, placeholder, loaded: content?.loaded ?? reading.unread });
  }
}
