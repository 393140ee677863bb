import { dirname, join } from 'node:path';
import { type Digest, digestBytes } from '../digest.ts';
import { parseJson } from '../json-form.ts';
import { relativePath } from '../relative-path.ts';
import type { Aspect, SourceFiles } from '../source-files.ts';
import { isText } from '../stored-facts.ts';
import { type LockedGraph, type LockedImport, type LockedTree, lockedTree } from './locked-graph.ts';
import { parseNpmLockfile } from './npm-lockfile.ts';
import { parsePnpmLockfile } from './pnpm-lockfile.ts';
import { parseYarnLockfile } from './yarn-lockfile.ts';

interface LockfileKind {
  readonly name: string;
  /** What the package manager wrote about the installation itself, relative to the lockfile. */
  readonly installed?: string;
  readonly parse: (text: string) => LockedGraph | undefined;
}

const KINDS: readonly LockfileKind[] = [
  { name: 'pnpm-lock.yaml', installed: 'node_modules/.pnpm/lock.yaml', parse: parsePnpmLockfile },
  { name: 'npm-shrinkwrap.json', installed: 'node_modules/.package-lock.json', parse: parseNpmLockfile },
  { name: 'package-lock.json', installed: 'node_modules/.package-lock.json', parse: parseNpmLockfile },
  { name: 'yarn.lock', parse: parseYarnLockfile },
];

/** Larger than any lockfile that was seen, small enough to be read. */
const MAX_BYTES = 64 * 1024 * 1024;

/** What a lockfile says about one import. */
export interface LockedAnswer {
  /** Absent when the lockfile does not determine the package: the installed files decide then. */
  readonly tree: LockedTree | undefined;
  /** True when the package manager recorded that it installed exactly this. */
  readonly isInstalled: boolean;
  /** True when packages are not unpacked: Yarn's `.pnp.cjs` says where they are. */
  readonly isPlugAndPlay: boolean;
  /** The lockfiles that were asked. */
  readonly sources: readonly string[];
  /** The lockfile, when it cannot be read as one. */
  readonly unreadable: string | undefined;
}

interface Lockfile {
  readonly path: string;
  readonly kind: LockfileKind;
}

/** The lockfiles above importing packages, each read once. */
export class Lockfiles {
  readonly #files: SourceFiles;
  readonly #edited: Set<string>;
  readonly #nearest = new Map<string, Lockfile | undefined>();
  readonly #graphs = new Map<Digest, LockedGraph | undefined>();
  readonly #read: { readonly path: string; readonly aspect: Aspect }[] = [];

  /** `edited` collects lockfiles in which something that was asked for changed after code was loaded. */
  constructor(files: SourceFiles, edited: Set<string>) {
    this.#files = files;
    this.#edited = edited;
  }

  /** What the nearest lockfile says about a package that a directory imports; `undefined` where there is none. */
  ask(directory: string, name: string, range: string | undefined): LockedAnswer | undefined {
    const lockfile = this.#nearestTo(directory);
    if (lockfile === undefined) return undefined;
    const root = dirname(lockfile.path);
    const wanted: LockedImport = { importer: relativePath(root, directory), name, range };
    const locked = this.#treeIn(lockfile.path, lockfile.kind, wanted);
    const record = lockfile.kind.installed && join(root, lockfile.kind.installed);
    const installed = record === undefined ? undefined : this.#treeIn(record, lockfile.kind, wanted);
    return {
      tree: locked?.tree,
      isInstalled: locked?.tree !== undefined && installed?.tree?.digest === locked.tree.digest,
      isPlugAndPlay: this.#files.read(join(root, '.pnp.cjs')) !== undefined,
      sources: [lockfile.path, ...(installed === undefined || record === undefined ? [] : [record])],
      unreadable: locked?.isReadable === true ? undefined : lockfile.path,
    };
  }

  /** True when all that was read looks as it did then. */
  isCurrent(): boolean {
    return this.#read.every(({ path, aspect }) => this.#files.looksUnchanged(path, aspect));
  }

  #nearestTo(directory: string): Lockfile | undefined {
    if (this.#nearest.has(directory)) return this.#nearest.get(directory);
    const kind = KINDS.find(({ name }) => this.#files.kindOf(join(directory, name)) === 'file');
    const parent = dirname(directory);
    const above = kind === undefined && parent !== directory ? this.#nearestTo(parent) : undefined;
    const found = kind === undefined ? above : { path: join(directory, kind.name), kind };
    this.#nearest.set(directory, found);
    return found;
  }

  #treeIn(path: string, kind: LockfileKind, wanted: LockedImport): TreeInFile | undefined {
    const treeOf = (bytes: Uint8Array): TreeInFile => treeIn(this.#graphOf(bytes, kind), wanted);
    const aspect = lockedAspect(wanted, treeOf);
    const file = this.#files.read(path, aspect);
    if (file !== undefined) this.#read.push({ path, aspect });
    if (file?.edited === true) this.#edited.add(path);
    return file && treeOf(file.bytes);
  }

  #graphOf(bytes: Uint8Array, kind: LockfileKind): LockedGraph | undefined {
    const key = `${kind.name} ${digestBytes(bytes)}`;
    if (!this.#graphs.has(key)) this.#graphs.set(key, graphIn(bytes, kind));
    return this.#graphs.get(key);
  }
}

function graphIn(bytes: Uint8Array, kind: LockfileKind): LockedGraph | undefined {
  const known = graphsOfBytes.get(bytes);
  if (known?.kind === kind) return known.graph;
  const graph = bytes.length > MAX_BYTES ? undefined : kind.parse(new TextDecoder().decode(bytes));
  graphsOfBytes.set(bytes, { kind, graph });
  return graph;
}

/** Spares a second parse of bytes of which several packages are asked for. */
const graphsOfBytes = new WeakMap<
  Uint8Array,
  { readonly kind: LockfileKind; readonly graph: LockedGraph | undefined }
>();

function treeIn(graph: LockedGraph | undefined, wanted: LockedImport): TreeInFile {
  const key = graph?.find(wanted);
  const tree = graph === undefined || key === undefined ? undefined : lockedTree(graph, key);
  return { tree, isReadable: graph !== undefined };
}

const LOCKED = 'locked ';

/** What counts of a lockfile: other parts of it may be edited while the process runs. */
function lockedAspect({ importer, name, range }: LockedImport, treeOf: (bytes: Uint8Array) => TreeInFile): Aspect {
  return {
    name: `${LOCKED}${JSON.stringify([importer, name, range])}`,
    of: (bytes) => {
      const { tree, isReadable } = treeOf(bytes);
      return tree?.digest ?? (isReadable ? 'not locked' : 'unreadable');
    },
  };
}

/** The aspect of a lockfile that has a name; `undefined` for any other file or name. */
export function lockedAspectNamed(path: string, name: string): Aspect | undefined {
  const kind = KINDS.find(
    (one) => path.endsWith(`/${one.name}`) || (one.installed && path.endsWith(`/${one.installed}`)),
  );
  if (kind === undefined || !name.startsWith(LOCKED)) return undefined;
  const parts = parseJson(Buffer.from(name.slice(LOCKED.length)))?.value;
  if (!Array.isArray(parts)) return undefined;
  const [importer, imported, range] = parts as unknown[];
  if (!isText(importer) || !isText(imported) || !(range === null || isText(range))) return undefined;
  const wanted = { importer, name: imported, range: range ?? undefined };
  return lockedAspect(wanted, (bytes) => treeIn(graphIn(bytes, kind), wanted));
}

interface TreeInFile {
  readonly tree: LockedTree | undefined;
  readonly isReadable: boolean;
}
