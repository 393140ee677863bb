import { dirname } from 'node:path';
import type { OpVersionContext, ResourceVersionContext } from '@memo/core/plugin';
import { type FileClosure, readLoadedFile } from '@memo/strategy-source-hash';
import { type FileSet, fileSet } from './file-set.ts';
import type { FileState } from './file-state.ts';
import { gathered, notARepository } from './git-errors.ts';
import { matching } from './path-pattern.ts';
import { fromRoot, type GitScope } from './scope.ts';
import { type ScopeFiles, scopeFiles } from './scope-files.ts';
import { keyOf, type Located, readOnDisk, Snapshot } from './snapshot.ts';
import { pathFrom } from './work-tree.ts';

/** Which files count. */
export interface FilePolicy {
  readonly scope: GitScope;
  readonly ignore: readonly string[];
  readonly submodules: boolean;
  readonly filters: 'builtin' | 'run';
  readonly git: string;
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
  const scopes = await scopesOf(groups, snapshot, policy);
  const states = await statesOf(groups, scopes, snapshot);
  const made = new Map<readonly string[], CodeFiles>();
  for (const [index, group] of groups.entries()) {
    made.set(group.files, await codeFilesOf(group, { scope: scopes[index] as ScopeFiles, states, snapshot, policy }));
  }
  return closures.map(({ files }) => made.get(files) ?? NO_FILES);
}

const NO_FILES: CodeFiles = {
  base: undefined,
  set: { digest: '', files: {}, uncommitted: [], edited: [], roots: [], findings: [] },
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
  const errors = closures.flatMap(({ files }, index) => {
    const [first] = files;
    if (first === undefined || groups.has(files)) return [];
    const code = files.map((file) => snapshot.locate(file));
    const base = code[0]?.root;
    if (base === undefined) return notARepository(`${contexts[index]?.kind} ${contexts[index]?.name}`, first);
    groups.set(files, {
      files,
      code,
      base,
      packageDirectory: pathFrom(base, snapshot.workTrees.packageOf(dirname(first))),
    });
    return [];
  });
  const error = gathered(errors);
  if (error !== undefined) throw error;
  return [...groups.values()];
}

/** The files that count beside the code of each group; groups of one package share them. */
async function scopesOf(
  groups: readonly Group[],
  snapshot: Snapshot,
  policy: FilePolicy,
): Promise<readonly ScopeFiles[]> {
  const asked = new Map<string, Promise<ScopeFiles>>();
  const { scope, submodules: followsSubmodules } = policy;
  return Promise.all(
    groups.map(({ base, packageDirectory }) => {
      const key = `${base}\0${scope === 'commit' ? '' : packageDirectory}`;
      const patterns = declaredPatterns(scope, packageDirectory) ?? [];
      const known =
        asked.get(key) ?? scopeFiles(snapshot, { root: base, packageDirectory, scope, patterns, followsSubmodules });
      asked.set(key, known);
      return known;
    }),
  );
}

function declaredPatterns(scope: GitScope, packageDirectory: string): readonly string[] | undefined {
  return typeof scope === 'string' ? undefined : fromRoot(scope.paths, packageDirectory);
}

/** Code is what was loaded, by its closure. What counts beside it is looked at under the same rule here. */
async function statesOf(
  groups: readonly Group[],
  scopes: readonly ScopeFiles[],
  snapshot: Snapshot,
): Promise<ReadonlyMap<string, FileState>> {
  const code = new Map(groups.flatMap((group) => group.code.map((file) => [keyOf(file), file])));
  const beside = new Map<string, Located>();
  for (const { files } of new Set(scopes))
    for (const file of files) if (!code.has(keyOf(file))) beside.set(keyOf(file), file);
  const [own, others] = [
    await snapshot.states([...code.values()], { read: readOnDisk, isWide: false }),
    await snapshot.states([...beside.values()], { read: readLoadedFile, isWide: true }),
  ];
  return new Map([...own, ...others]);
}

interface GroupParts {
  readonly scope: ScopeFiles;
  readonly states: ReadonlyMap<string, FileState>;
  readonly snapshot: Snapshot;
  readonly policy: FilePolicy;
}

async function codeFilesOf(group: Group, { scope, states, snapshot, policy }: GroupParts): Promise<CodeFiles> {
  const { base, code, packageDirectory } = group;
  const patterns = declaredPatterns(policy.scope, packageDirectory);
  const submodules = await Promise.all(
    scope.submodules.map(async (file) => ({ file, commit: await commitOf(snapshot, file) })),
  );
  const set = fileSet(
    {
      base,
      code,
      beside: scope.files,
      submodules,
      missing: scope.missing,
      declared: patterns && matching(patterns),
      isIgnored: matching(fromRoot(policy.ignore, packageDirectory)),
    },
    states,
  );
  return { base, set, commits: await commitsOf(base, set.roots, snapshot) };
}

/** The commit of a submodule; none when it is not checked out. */
async function commitOf(snapshot: Snapshot, { root, name }: Located): Promise<string> {
  const inside = `${root}/${name}`;
  if (snapshot.workTrees.rootOf(inside) !== inside) return '';
  return (await snapshot.repository(inside)).head ?? '';
}

async function commitsOf(
  base: string,
  roots: readonly string[],
  snapshot: Snapshot,
): Promise<Readonly<Record<string, string>>> {
  const commits: [string, string][] = [];
  for (const root of roots) {
    const { head } = await snapshot.repository(root);
    if (head !== undefined) commits.push([root === base ? '.' : pathFrom(base, root), head]);
  }
  return Object.fromEntries(commits.sort());
}
