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
  /** Path → short id, with a `+` where the commit has something else. In the order of paths. Made when it is asked for. */
  readonly files: Readonly<Record<string, string>>;
  /** Absolute paths of what is not committed as it is. */
  readonly uncommitted: readonly string[];
  /** Absolute paths of what was edited since code was loaded. */
  readonly edited: readonly string[];
  /** True when some of it cannot be told to be what was loaded by a look at it alone. */
  readonly isDoubtful: boolean;
  /** The roots of the repositories that files are from. */
  readonly roots: readonly string[];
  readonly findings: readonly Uncertainty[];
}

/** What goes into a {@link FileSet}. */
export interface Candidates {
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

/** A file as it enters sets. */
interface Entry {
  readonly file: Located;
  readonly path: string;
  readonly key: string;
  readonly state: FileState;
  /** What is hashed. */
  readonly line: string;
}

/** Digits of an id that a manifest keeps: enough to tell two contents of one file apart, and to find it in the history. */
const SHORT_ID = 16;

/** Puts sets of files together. What ops have in common is looked at once. */
export class FileSets {
  /** The root that paths are shown from. */
  readonly #base: string;
  /** By {@link keyOf}. */
  readonly #states: ReadonlyMap<string, FileState>;
  readonly #entries = new Map<Located, Entry>();

  constructor(base: string, states: ReadonlyMap<string, FileState>) {
    this.#base = base;
    this.#states = states;
  }

  /** A set, with what of the code it leaves out. */
  of({ code, beside, submodules, missing, declared, isIgnored }: Candidates): FileSet {
    const findings: Uncertainty[] = missing.map((path) => missingPath(`${this.#base}/${path}`));
    const counted = new Map<string, Entry>();
    for (const file of code) {
      const entry = this.#entry(file);
      if (isIgnored(entry.path)) findings.push(ignoredCode(entry.key));
      else if (declared?.(entry.path) === false) findings.push(outsideScope(entry.key));
      else counted.set(entry.path, entry);
    }
    for (const file of beside) {
      const entry = this.#entry(file);
      if (!isIgnored(entry.path)) counted.set(entry.path, entry);
    }
    const set = setOf([...counted.values()].sort(byPath), findings);
    return submodules.length === 0 ? set : this.#withCommits(set, submodules);
  }

  #withCommits(set: FileSet, submodules: Candidates['submodules']): FileSet {
    const commits = submodules.map(({ file, commit }) => [pathOf(this.#base, file), commit] as const);
    const lines = commits.map(([path, commit]) => `${path.length}:${path} commit ${commit}\n`).sort(byCodeUnits);
    const shown = commits.map(([path, commit]) => [path, commit.slice(0, SHORT_ID)] as const);
    return {
      ...set,
      digest: hash('sha256', `${set.digest}\n${lines.join('')}`),
      files: { ...set.files, ...Object.fromEntries(shown) },
      findings: [...set.findings, ...submodules.map(({ file }) => unseenSubmodule(keyOf(file)))],
    };
  }

  #entry(file: Located): Entry {
    const known = this.#entries.get(file);
    if (known !== undefined) return known;
    const [path, key] = [pathOf(this.#base, file), keyOf(file)];
    const state = this.#states.get(key) ?? ABSENT;
    const line = `${path.length}:${path} ${state.kind} ${state.placeholder ?? ''} ${state.id}\n`;
    const entry = { file, path, key, state, line };
    this.#entries.set(file, entry);
    return entry;
  }
}

const ABSENT: FileState = { kind: 'absent', id: '', isCommitted: false, placeholder: undefined, loaded: 'unknown' };

function setOf(entries: readonly Entry[], findings: Uncertainty[]): FileSet {
  const uncommitted: string[] = [];
  const edited: string[] = [];
  const roots: string[] = [];
  let lines = '';
  let isDoubtful = false;
  for (const { file, key, state, line } of entries) {
    lines += line;
    if (file.root !== undefined && !roots.includes(file.root)) roots.push(file.root);
    if (!state.isCommitted) uncommitted.push(key);
    if (state.loaded === 'other') edited.push(key);
    if (state.loaded === 'unknown') isDoubtful = true;
    if (state.placeholder !== undefined) findings.push(...findingsIn(state, key));
    if (state.kind === 'link' && !leadsInto(key, entries)) findings.push(strayLink(key));
  }
  return new ListedFiles(entries, { digest: hash('sha256', lines), uncommitted, edited, isDoubtful, roots, findings });
}

/** A set whose files are shown when somebody asks. */
class ListedFiles implements FileSet {
  readonly digest: string;
  readonly uncommitted: readonly string[];
  readonly edited: readonly string[];
  readonly isDoubtful: boolean;
  readonly roots: readonly string[];
  readonly findings: readonly Uncertainty[];
  readonly #entries: readonly Entry[];

  constructor(entries: readonly Entry[], found: Omit<FileSet, 'files'>) {
    this.digest = found.digest;
    this.uncommitted = found.uncommitted;
    this.edited = found.edited;
    this.isDoubtful = found.isDoubtful;
    this.roots = found.roots;
    this.findings = found.findings;
    this.#entries = entries;
  }

  get files(): Readonly<Record<string, string>> {
    return shownFiles(this.#entries);
  }
}

function shownFiles(entries: readonly Entry[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    entries.map(({ path, state }) => [
      shownName(path),
      `${state.id.slice(0, SHORT_ID)}${state.isCommitted ? '' : '+'}`,
    ]),
  );
}

/** The path that enters a version: from the base, so that the place of the checkout does not count. */
function pathOf(base: string, { root, name }: Located): string {
  if (root === undefined) return pathFrom(base, name);
  const prefix = root === base ? '' : `${pathFrom(base, root)}/`;
  return `${prefix}${name}`;
}

/** True when what a link leads to, or all that is below it, counts by itself. */
function leadsInto(link: string, entries: readonly Entry[]): boolean {
  try {
    const target = realpathSync.native(link);
    return entries.some(({ key }) => key === target || key.startsWith(`${target}/`));
  } catch {
    // A link that leads nowhere has no content to miss.
    return true;
  }
}

function byPath(left: Entry, right: Entry): number {
  return byCodeUnits(left.path, right.path);
}

export function byCodeUnits(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
