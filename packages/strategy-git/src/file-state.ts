import { lstatSync, readFileSync, readlinkSync } from 'node:fs';
import { addedIds, type WorkFile } from './clean-filter.ts';
import { CommittedIds } from './committed-ids.ts';
import { blobId, type Placeholder, placeholderIn } from './object-id.ts';
import { bytesOfName, isRawName } from './path-text.ts';
import type { Repository, Tree } from './repository.ts';

/** What is in the work tree at a path. */
export interface FileState {
  readonly kind: 'file' | 'link' | 'directory' | 'absent';
  /** The id that git would give it; empty for directories and where nothing is. */
  readonly id: string;
  /** True when the checked-out commit has the same. */
  readonly isCommitted: boolean;
  /** Set when the file only stands for its content. */
  readonly placeholder: Placeholder | undefined;
  /** True when it was edited since code was loaded. */
  readonly edited: boolean;
}

/** What a file holds, and whether that was so when code was loaded. */
export interface FileContent {
  readonly bytes: Uint8Array;
  readonly edited: boolean;
}

export interface StateOptions {
  readonly tree: Tree;
  readonly runsFilters: boolean;
  /** Reads a file by its absolute path; `undefined` when there is none. */
  readonly read: (path: string) => FileContent | undefined;
}

/**
 * What is in the work tree at some paths of a repository, and whether that is what is committed. Contents decide, never the index: what
 * it says of times, and files that it was told to take for unchanged, count for nothing.
 *
 * Throws M4020 and M4022.
 */
export async function fileStates(
  repository: Repository,
  names: readonly string[],
  options: StateOptions,
): Promise<ReadonlyMap<string, FileState>> {
  const states = new Map<string, FileState>();
  const committed = new CommittedIds(repository.root, options.tree);
  const different: WorkFile[] = [];
  for (const name of names) {
    const found = lookAt(repository, name, { committed, read: options.read });
    states.set(name, found.state);
    if (!found.state.isCommitted && found.bytes !== undefined) different.push({ name, bytes: found.bytes });
  }
  for (const [name, id] of await addedIds(repository, different, options.runsFilters)) {
    const state = states.get(name);
    if (state !== undefined) states.set(name, { ...state, id, isCommitted: committed.of(name) === id });
  }
  return states;
}

interface Found {
  readonly state: FileState;
  /** Of regular files. */
  readonly bytes?: Uint8Array;
}

interface Look extends Pick<StateOptions, 'read'> {
  readonly committed: CommittedIds;
}

function lookAt(repository: Repository, name: string, { committed, read }: Look): Found {
  const kind = kindAt(repository.root, name);
  if (kind === 'directory' || kind === 'absent') return { state: nothing(kind) };
  const content = kind === 'link' ? linkContent(repository.root, name) : contentAt(repository.root, name, read);
  if (content === undefined) return { state: nothing('absent') };
  const id = blobId(content.bytes, repository.format);
  const placeholder = kind === 'link' ? undefined : placeholderIn(content.bytes);
  const state = { kind, id, isCommitted: committed.of(name) === id, placeholder, edited: content.edited };
  return kind === 'link' ? { state } : { state, bytes: content.bytes };
}

function nothing(kind: 'directory' | 'absent'): FileState {
  return { kind, id: '', isCommitted: false, placeholder: undefined, edited: false };
}

function kindAt(root: string, name: string): FileState['kind'] {
  const stats = lstatSync(diskPath(root, name), { throwIfNoEntry: false });
  if (stats === undefined) return 'absent';
  if (stats.isSymbolicLink()) return 'link';
  return stats.isFile() ? 'file' : stats.isDirectory() ? 'directory' : 'absent';
}

function linkContent(root: string, name: string): FileContent {
  return { bytes: readlinkSync(diskPath(root, name), 'buffer'), edited: false };
}

/** A name that no text stands for cannot be imported: it is data, which is read while an op runs. */
function contentAt(root: string, name: string, read: StateOptions['read']): FileContent | undefined {
  return isRawName(name) ? { bytes: readFileSync(diskPath(root, name)), edited: false } : read(`${root}/${name}`);
}

function diskPath(root: string, name: string): string | Buffer {
  return isRawName(name) ? Buffer.concat([Buffer.from(`${root}/`), bytesOfName(name)]) : `${root}/${name}`;
}
