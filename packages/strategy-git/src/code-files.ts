import { dirname } from 'node:path';
import type { MemoError, OpVersionContext, ResourceVersionContext } from '@memo/core/plugin';
import type { FileClosure } from '@memo/strategy-source-hash';
import { type Beside, type FileSet, FileSets } from './file-set.ts';
import type { FileState } from './file-state.ts';
import { gathered, notARepository } from './git-errors.ts';
import type { KnownIds } from './known-ids.ts';
import type { Located } from './located.ts';
import { matching } from './path-pattern.ts';
import { CodeReading, dataReading } from './reading.ts';
import { fromRoot, type GitScope } from './scope.ts';
import { type ScopeFiles, scopeFiles } from './scope-files.ts';
import { Snapshot } from './snapshot.ts';
import { pathFrom } from './work-tree.ts';

/** Which files count. */
export interface FilePolicy {
  readonly scope: GitScope;
  readonly ignore: readonly string[];
  readonly submodules: boolean;
  readonly filters: 'builtin' | 'run';
  readonly git: string;
  /** Ids of files that are kept, if they are. */
  readonly ids?: KnownIds | undefined;
}

/** The files behind the code of an op or resource. */
export interface CodeFiles {
  /** The root of the repository that defines it; `undefined` for what an installed package defines. */
  readonly base: string | undefined;
  readonly set: FileSet;
  /** Repository, by path from the base, → the commit that is checked out. */
  readonly commits: Readonly<Record<string, string>>;
}

type Context = OpVersionContext | ResourceVersionContext;

/**
 * The files behind some ops and resources, in order. All repositories are asked once for all of them.
 *
 * Throws M4020, M4021 and M4022.
 */
export async function codeFiles(
  contexts: readonly Context[],
  closures: readonly FileClosure[],
  policy: FilePolicy,
): Promise<readonly CodeFiles[]> {
  const snapshot = new Snapshot({ git: policy.git, runsFilters: policy.filters === 'run' });
  const groups = groupsOf(contexts, closures, snapshot);
  const packages = await packagesOf(groups, snapshot, policy);
  const states = await statesOf(groups, [...packages.values()], { snapshot, ids: policy.ids });
  const commits = new Commits(snapshot.heads());
  const sets = new Map<string, FileSets>();
  const made = new Map<readonly string[], CodeFiles>();
  for (const { files, code, base, packageDirectory } of groups) {
    const setsOfBase = sets.get(base) ?? new FileSets(base, states);
    sets.set(base, setsOfBase);
    const set = setsOfBase.of(code, packages.get(packageKey(base, packageDirectory)) as Beside);
    made.set(files, { base, set, commits: commits.of(base, set.roots) });
  }
  return closures.map(({ files }) => made.get(files) ?? NO_FILES);
}

const NO_FILES: CodeFiles = {
  base: undefined,
  set: { digest: '', files: {}, uncommitted: [], edited: [], isDoubtful: false, roots: [], findings: [] },
  commits: {},
};

/** Ops that are made of the same files. */
interface Group {
  readonly files: readonly string[];
  readonly code: readonly Located[];
  readonly base: string;
  /** From the base. */
  readonly packageDirectory: string;
}

function groupsOf(
  contexts: readonly Context[],
  closures: readonly FileClosure[],
  snapshot: Snapshot,
): readonly Group[] {
  const groups = new Map<readonly string[], Group>();
  const errors: MemoError[] = [];
  for (const [index, { files }] of closures.entries()) {
    const [first] = files;
    if (first === undefined || groups.has(files)) continue;
    const code = files.map((file) => snapshot.locate(file));
    const base = code[0]?.root;
    if (base === undefined) errors.push(notARepository(`${contexts[index]?.kind} ${contexts[index]?.name}`, first));
    else groups.set(files, { files, code, base, packageDirectory: packageFrom(base, first, snapshot) });
  }
  const error = gathered(errors);
  if (error !== undefined) throw error;
  return [...groups.values()];
}

function packageFrom(base: string, file: string, { workTrees }: Snapshot): string {
  return pathFrom(base, workTrees.packageOf(dirname(file)));
}

function packageKey(base: string, packageDirectory: string): string {
  return `${base}\0${packageDirectory}`;
}

async function packagesOf(
  groups: readonly Group[],
  snapshot: Snapshot,
  policy: FilePolicy,
): Promise<ReadonlyMap<string, Beside>> {
  const packages = new Map<string, Beside>();
  const listed = new Map<string, Promise<ScopeFiles>>();
  for (const { base, packageDirectory } of groups) {
    const key = packageKey(base, packageDirectory);
    if (packages.has(key)) continue;
    const declared = declaredPatterns(policy.scope, packageDirectory);
    const question = { root: base, packageDirectory, scope: policy.scope, patterns: declared ?? [] };
    const place = policy.scope === 'commit' ? base : key;
    const files = listed.get(place) ?? scopeFiles(snapshot, { ...question, followsSubmodules: policy.submodules });
    listed.set(place, files);
    packages.set(key, besideCode(await files, snapshot, { ...policy, declared, packageDirectory }));
  }
  return packages;
}

function declaredPatterns(scope: GitScope, packageDirectory: string): readonly string[] | undefined {
  return typeof scope === 'string' ? undefined : fromRoot(scope.paths, packageDirectory);
}

interface PackageRules extends Pick<FilePolicy, 'ignore'> {
  readonly packageDirectory: string;
  readonly declared: readonly string[] | undefined;
}

/** The files that count beside the code of a package, and which of both do. */
function besideCode(
  { files, submodules, missing }: ScopeFiles,
  snapshot: Snapshot,
  { ignore, packageDirectory, declared }: PackageRules,
): Beside {
  const countsAllCode = ignore.length === 0 && declared === undefined;
  return {
    isNothing: countsAllCode && files.length + submodules.length + missing.length === 0,
    beside: files,
    submodules: submodules.map((file) => ({ file, commit: snapshot.commitOf(file) })),
    missing,
    declared: declared && matching(declared),
    isIgnored: matching(fromRoot(ignore, packageDirectory)),
  };
}

/** Code is what was loaded, by its closure. What counts beside it is looked at under the same rule here. */
async function statesOf(
  groups: readonly Group[],
  packages: readonly Beside[],
  { snapshot, ids }: { readonly snapshot: Snapshot; readonly ids: KnownIds | undefined },
): Promise<ReadonlyMap<string, FileState>> {
  const code = new Set(groups.flatMap((group) => group.code));
  const states = new Map<string, FileState>();
  await snapshot.addStates(states, [...code], { reading: new CodeReading(ids), isWide: false });
  ids?.flush();
  const beside = new Map<string, Located>();
  for (const { beside: files } of packages)
    for (const file of files) if (!states.has(file.key)) beside.set(file.key, file);
  await snapshot.addStates(states, [...beside.values()], { reading: dataReading, isWide: true });
  return states;
}

/** The commits that are checked out in repositories. */
class Commits {
  readonly #heads: ReadonlyMap<string, string | undefined>;
  readonly #known = new Map<readonly string[], Readonly<Record<string, string>>>();

  constructor(heads: ReadonlyMap<string, string | undefined>) {
    this.#heads = heads;
  }

  /** By path from a base, which is `.` itself. Most sets of a base have one list of roots in common. */
  of(base: string, roots: readonly string[]): Readonly<Record<string, string>> {
    const known = this.#known.get(roots);
    if (known !== undefined) return known;
    const commits = roots.flatMap((root): [string, string][] => {
      const head = this.#heads.get(root);
      return head === undefined ? [] : [[root === base ? '.' : pathFrom(base, root), head]];
    });
    const found = Object.fromEntries(commits.sort());
    this.#known.set(roots, found);
    return found;
  }
}
