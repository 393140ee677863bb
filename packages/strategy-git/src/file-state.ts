import { lstatSync, readFileSync, readlinkSync } from 'node:fs';
import { addedIds, type WorkFile } from './clean-filter.ts';
import { CommittedIds } from './committed-ids.ts';
import type { Located } from './located.ts';
import { blobId, type ObjectFormat, type Placeholder, placeholderIn } from './object-id.ts';
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
  readonly loaded: Loaded;
}

/** Whether what is there is what was there when code was loaded: the same, another, or a look at it alone does not tell. */
export type Loaded = 'same' | 'other' | 'unknown';

export interface FileContent {
  readonly bytes: Uint8Array;
  readonly loaded: Loaded;
}

/** The bytes of a file that is what was loaded. */
export interface KnownContent {
  readonly bytes: Uint8Array;
  /** Keeps the id that these bytes have. */
  keepId(id: string): void;
}

/** How files are read, by their absolute paths. */
export interface Reading {
  /** The id of a regular file that is known to be what was loaded; `undefined` when it must be read. */
  knownId(path: string, format: ObjectFormat): string | undefined;
  /** The bytes of such a file; `undefined` when that must be looked at. */
  known(path: string): KnownContent | undefined;
  /** Reads a file as it is; `undefined` when there is none. */
  read(path: string): FileContent | undefined;
  /** What holds for links, and where nothing is. */
  readonly unread: Loaded;
}

export interface StateOptions {
  readonly repository: Repository;
  readonly tree: Tree;
  readonly runsFilters: boolean;
  readonly reading: Reading;
}

/**
 * Adds what is in the work tree at some files of a repository, by their keys, and whether that is what is committed. Contents decide, never the
 * index: what it says of times, and files that it was told to take for unchanged, count for nothing.
 *
 * Throws M4020 and M4022.
 */
export async function addFileStates(
  states: Map<string, FileState>,
  files: readonly Located[],
  { repository, tree, reading, runsFilters }: StateOptions,
): Promise<void> {
  const look: Look = { repository, reading, committed: new CommittedIds(repository.root, tree) };
  const different: DifferentFile[] = [];
  for (const file of files) {
    const { state, bytes } = lookAt(file, look);
    states.set(file.key, state);
    if (!state.isCommitted && bytes !== undefined) different.push({ name: file.name, key: file.key, state, bytes });
  }
  const ids = await addedIds(repository, different, runsFilters);
  for (const { name, key, state } of different) {
    const id = ids.get(name);
    if (id !== undefined) states.set(key, { ...state, id, isCommitted: look.committed.of(name) === id });
  }
}

/** A file that the commit has otherwise, or not at all. */
interface DifferentFile extends WorkFile {
  readonly key: string;
  readonly state: FileState;
}

interface Found {
  readonly state: FileState;
  /** Of regular files. */
  readonly bytes: Uint8Array | undefined;
}

interface Look extends Pick<StateOptions, 'repository' | 'reading'> {
  readonly committed: CommittedIds;
}

function lookAt({ name, key }: Located, look: Look): Found {
  const { repository, committed, reading } = look;
  if (isRawName(name)) return lookAgain(name, look);
  const id = reading.knownId(key, repository.format);
  // Placeholders are told by their bytes.
  if (id !== undefined && committed.of(name) === id) {
    return { state: { kind: 'file', id, isCommitted: true, placeholder: undefined, loaded: 'same' }, bytes: undefined };
  }
  const known = reading.known(key);
  if (known === undefined) return lookAgain(name, look);
  const found = foundIn({ bytes: known.bytes, loaded: 'same' }, name, { kind: 'file', repository, committed });
  if (found.state.placeholder === undefined) known.keepId(found.state.id);
  return found;
}

function lookAgain(name: string, { repository, committed, reading }: Look): Found {
  const kind = kindAt(repository.root, name);
  if (kind === 'directory') return nothing(kind, 'same');
  if (kind === 'absent') return nothing(kind, reading.unread);
  const content = contentOf(repository.root, name, { kind, reading });
  if (content === undefined) return nothing('absent', reading.unread);
  return foundIn(content, name, { kind, repository, committed });
}

interface ContentPlace extends Pick<Look, 'committed'> {
  readonly kind: 'file' | 'link';
  readonly repository: Repository;
}

function foundIn({ bytes, loaded }: FileContent, name: string, { kind, repository, committed }: ContentPlace): Found {
  const id = blobId(bytes, repository.format);
  const placeholder = kind === 'link' ? undefined : placeholderIn(bytes);
  const state = { kind, id, isCommitted: committed.of(name) === id, placeholder, loaded };
  return { state, bytes: kind === 'link' ? undefined : bytes };
}

/** A directory has no content of its own. */
function nothing(kind: 'directory' | 'absent', loaded: Loaded): Found {
  return { state: { kind, id: '', isCommitted: false, placeholder: undefined, loaded }, bytes: undefined };
}

function kindAt(root: string, name: string): FileState['kind'] {
  const stats = lstatSync(diskPath(root, name), { throwIfNoEntry: false });
  if (stats === undefined) return 'absent';
  if (stats.isSymbolicLink()) return 'link';
  return stats.isFile() ? 'file' : stats.isDirectory() ? 'directory' : 'absent';
}

interface ContentOptions extends Pick<StateOptions, 'reading'> {
  readonly kind: 'file' | 'link';
}

/** A name that no text stands for cannot be imported: it is data, which is read while an op runs. */
function contentOf(root: string, name: string, { kind, reading }: ContentOptions): FileContent | undefined {
  const path = diskPath(root, name);
  if (kind === 'link') return { bytes: readlinkSync(path, 'buffer'), loaded: reading.unread };
  return isRawName(name) ? { bytes: readFileSync(path), loaded: 'same' } : reading.read(`${root}/${name}`);
}

function diskPath(root: string, name: string): string | Buffer {
  return isRawName(name) ? Buffer.concat([Buffer.from(`${root}/`), bytesOfName(name)]) : `${root}/${name}`;
}
