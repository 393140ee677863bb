import { hash } from 'node:crypto';
import { realpathSync } from 'node:fs';
import type { Uncertainty } from '@memo/core/plugin';
import type { FileState } from './file-state.ts';
import { findingsIn, ignoredCode, missingPath, outsideScope, strayLink, unseenSubmodule } from './finding.ts';
import type { PathTest } from './path-pattern.ts';
import { shownName } from './path-text.ts';
import { keyOf, type Located } from './snapshot.ts';
import { pathFrom } from './work-tree.ts';

/** The files that count for ops with the same code, with what is known of each. */
export interface FileSet {
  /** A digest of paths and contents. */
  readonly digest: string;
  /** Path → short id, with a `+` where the commit has something else. In the order of paths. */
  readonly files: Readonly<Record<string, string>>;
  /** Absolute paths of what is not committed as it is. */
  readonly uncommitted: readonly string[];
  /** Absolute paths of what was edited since code was loaded. */
  readonly edited: readonly string[];
  /** The roots of the repositories that files are from. */
  readonly roots: readonly string[];
  readonly findings: readonly Uncertainty[];
}

/** What goes into a {@link FileSet}. */
export interface Candidates {
  /** The root that paths are shown from. */
  readonly base: string;
  /** The files of the code. */
  readonly code: readonly Located[];
  /** Files that count beside them. */
  readonly beside: readonly Located[];
  /** Submodules with the commit that is checked out. */
  readonly submodules: readonly { readonly file: Located; readonly commit: string }[];
  /** Declared paths at which nothing is. */
  readonly missing: readonly string[];
  /** Set when only these paths count, from the base. */
  readonly declared: PathTest | undefined;
  readonly isIgnored: PathTest;
}

/** Digits of an id that a manifest keeps: enough to tell two contents of one file apart, and to find it in the history. */
const SHORT_ID = 16;

/** Puts a set of files together, and says what of the code is left out. */
export function fileSet(candidates: Candidates, states: ReadonlyMap<string, FileState>): FileSet {
  const { base, declared, isIgnored } = candidates;
  const findings: Uncertainty[] = candidates.missing.map((path) => missingPath(`${base}/${path}`));
  const counted = new Map<string, Located>();
  for (const file of candidates.code) {
    const path = pathOf(base, file);
    if (isIgnored(path)) findings.push(ignoredCode(keyOf(file)));
    else if (declared?.(path) === false) findings.push(outsideScope(keyOf(file)));
    else counted.set(path, file);
  }
  for (const file of candidates.beside) {
    const path = pathOf(base, file);
    if (!isIgnored(path)) counted.set(path, file);
  }
  const set = readSet(counted, states, findings);
  const commits = candidates.submodules.map(({ file, commit }) => [pathOf(base, file), commit, keyOf(file)] as const);
  findings.push(...commits.map(([, , key]) => unseenSubmodule(key)));
  return commits.length === 0 ? set : withCommits(set, commits);
}

function readSet(
  counted: ReadonlyMap<string, Located>,
  states: ReadonlyMap<string, FileState>,
  findings: Uncertainty[],
): FileSet {
  const lines: string[] = [];
  const files: Record<string, string> = {};
  const uncommitted: string[] = [];
  const edited: string[] = [];
  for (const path of [...counted.keys()].sort(byCodeUnits)) {
    const file = counted.get(path) as Located;
    const key = keyOf(file);
    const state = states.get(key) ?? ABSENT;
    lines.push(`${path.length}:${path} ${state.kind} ${state.placeholder ?? ''} ${state.id}\n`);
    files[shownName(path)] = `${state.id.slice(0, SHORT_ID)}${state.isCommitted ? '' : '+'}`;
    if (!state.isCommitted) uncommitted.push(key);
    if (state.edited) edited.push(key);
    findings.push(...findingsIn(state, key));
    if (state.kind === 'link' && !leadsInto(key, counted)) findings.push(strayLink(key));
  }
  const roots = new Set([...counted.values()].flatMap(({ root }) => root ?? []));
  return { digest: hash('sha256', lines.join('')), files, uncommitted, edited, roots: [...roots], findings };
}

const ABSENT: FileState = { kind: 'absent', id: '', isCommitted: false, placeholder: undefined, edited: false };

function withCommits(set: FileSet, commits: readonly (readonly [string, string, string])[]): FileSet {
  const lines = commits.map(([path, commit]) => `${path.length}:${path} commit ${commit}\n`).sort(byCodeUnits);
  const shown = commits.map(([path, commit]) => [path, commit.slice(0, SHORT_ID)] as const);
  return {
    ...set,
    digest: hash('sha256', `${set.digest}\n${lines.join('')}`),
    files: { ...set.files, ...Object.fromEntries(shown) },
  };
}

/** The path that enters a version: from the base, so that the place of the checkout does not count. */
export function pathOf(base: string, { root, name }: Located): string {
  if (root === undefined) return pathFrom(base, name);
  const prefix = root === base ? '' : `${pathFrom(base, root)}/`;
  return `${prefix}${name}`;
}

/** True when what a link leads to, or all that is below it, counts by itself. */
function leadsInto(link: string, counted: ReadonlyMap<string, Located>): boolean {
  try {
    const target = realpathSync.native(link);
    return [...counted.values()].map(keyOf).some((key) => key === target || key.startsWith(`${target}/`));
  } catch {
    // A link that leads nowhere has no content to miss.
    return true;
  }
}

export function byCodeUnits(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
