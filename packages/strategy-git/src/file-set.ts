import { hash } from 'node:crypto';
import { realpathSync } from 'node:fs';
import type { Uncertainty } from '@memo/core/plugin';
import type { FileState } from './file-state.ts';
import { findingsIn, ignoredCode, missingPath, outsideScope, strayLink, unseenSubmodule } from './finding.ts';
import type { Located } from './located.ts';
import type { PathTest } from './path-pattern.ts';
import { shownName } from './path-text.ts';
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

/** What goes into a {@link FileSet} with the files of the code. */
export interface Beside {
  /** True when all code counts, and nothing beside it. */
  readonly isNothing: boolean;
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
  readonly state: FileState;
  /** What is hashed. */
  readonly line: string;
  /** True when there is nothing to say of it: a file of the repository that was loaded as it is committed. */
  readonly isPlain: boolean;
}

/** Digits of an id that a manifest keeps: enough to tell two contents of one file apart, and to find it in the history. */
const SHORT_ID = 16;

/** Puts sets of files together. What ops have in common is looked at once. */
export class FileSets {
  /** The root that paths are shown from. */
  readonly #base: string;
  /** By the keys of files. */
  readonly #states: ReadonlyMap<string, FileState>;
  readonly #entries = new Map<Located, Entry>();
  readonly #plain: Remarks;

  constructor(base: string, states: ReadonlyMap<string, FileState>) {
    this.#base = base;
    this.#states = states;
    this.#plain = { uncommitted: [], edited: [], isDoubtful: false, roots: [base], findings: [] };
  }

  /** A set, with what of the code it leaves out. */
  of(code: readonly Located[], beside: Beside): FileSet {
    const entries: Entry[] = [];
    for (let at = 0; at < code.length; at += 1) entries.push(this.#entry(code[at] as Located));
    return beside.isNothing ? this.#set(entries, []) : this.#chosen(entries, beside);
  }

  #chosen(code: readonly Entry[], { beside, submodules, missing, declared, isIgnored }: Beside): FileSet {
    const findings: Uncertainty[] = missing.map((path) => missingPath(`${this.#base}/${path}`));
    const counted: Entry[] = [];
    for (const entry of code) {
      if (isIgnored(entry.path)) findings.push(ignoredCode(entry.file.key));
      else if (declared?.(entry.path) === false) findings.push(outsideScope(entry.file.key));
      else counted.push(entry);
    }
    const set = this.#set(this.#with(counted, beside, isIgnored), findings);
    return submodules.length === 0 ? set : this.#withCommits(set, submodules);
  }

  #with(counted: readonly Entry[], beside: readonly Located[], isIgnored: PathTest): Entry[] {
    const all = new Map(counted.map((entry) => [entry.path, entry]));
    for (const file of beside) {
      const entry = this.#entry(file);
      if (!isIgnored(entry.path)) all.set(entry.path, entry);
    }
    return [...all.values()];
  }

  #withCommits(set: FileSet, submodules: Beside['submodules']): FileSet {
    const commits = submodules.map(({ file, commit }) => [pathOf(this.#base, file), commit] as const);
    const lines = commits.map(([path, commit]) => `${path.length}:${path} commit ${commit}\n`).sort(byCodeUnits);
    const shown = commits.map(([path, commit]) => [path, commit.slice(0, SHORT_ID)] as const);
    const { uncommitted, edited, isDoubtful, roots } = set;
    return {
      uncommitted,
      edited,
      isDoubtful,
      roots,
      digest: hash('sha256', `${set.digest}\n${lines.join('')}`),
      files: { ...set.files, ...Object.fromEntries(shown) },
      findings: [...set.findings, ...submodules.map(({ file }) => unseenSubmodule(file.key))],
    };
  }

  /** Most ops have nothing but plain files: what is said of these is said once. */
  #set(entries: Entry[], findings: readonly Uncertainty[]): FileSet {
    entries.sort(byPath);
    let lines = '';
    let arePlain = findings.length === 0 && entries.length > 0;
    for (let at = 0; at < entries.length; at += 1) {
      const entry = entries[at] as Entry;
      lines += entry.line;
      if (!entry.isPlain) arePlain = false;
    }
    return new ListedFiles(entries, hash('sha256', lines), arePlain ? this.#plain : remarksOn(entries, findings));
  }

  #entry(file: Located): Entry {
    return this.#entries.get(file) ?? this.#add(file);
  }

  #add(file: Located): Entry {
    const path = pathOf(this.#base, file);
    const state = this.#states.get(file.key) ?? ABSENT;
    const { kind, id, placeholder, loaded, isCommitted } = state;
    const line = `${path.length}:${path} ${kind} ${placeholder ?? ''} ${id}\n`;
    const isOwn = kind === 'file' && file.root === this.#base;
    const isPlain = isOwn && isCommitted && loaded === 'same' && placeholder === undefined;
    const entry = { file, path, state, line, isPlain };
    this.#entries.set(file, entry);
    return entry;
  }
}

const ABSENT: FileState = { kind: 'absent', id: '', isCommitted: false, placeholder: undefined, loaded: 'unknown' };

/** What is said of the files of a set. */
type Remarks = Omit<FileSet, 'digest' | 'files'>;

function remarksOn(entries: readonly Entry[], found: readonly Uncertainty[]): Remarks {
  const uncommitted: string[] = [];
  const edited: string[] = [];
  const roots: string[] = [];
  const findings = [...found];
  let isDoubtful = false;
  for (const { file, state } of entries) {
    const { root, key } = file;
    if (root !== undefined && !roots.includes(root)) roots.push(root);
    if (!state.isCommitted) uncommitted.push(key);
    if (state.loaded === 'other') edited.push(key);
    if (state.loaded === 'unknown') isDoubtful = true;
    if (state.placeholder !== undefined) findings.push(...findingsIn(state, key));
    if (state.kind === 'link' && !leadsInto(key, entries)) findings.push(strayLink(key));
  }
  return { uncommitted, edited, isDoubtful, roots, findings };
}

/** A set whose files are shown when somebody asks. */
class ListedFiles implements FileSet {
  readonly digest: string;
  readonly #entries: readonly Entry[];
  readonly #remarks: Remarks;

  constructor(entries: readonly Entry[], digest: string, remarks: Remarks) {
    this.digest = digest;
    this.#entries = entries;
    this.#remarks = remarks;
  }

  get files(): Readonly<Record<string, string>> {
    return shownFiles(this.#entries);
  }

  get uncommitted(): readonly string[] {
    return this.#remarks.uncommitted;
  }

  get edited(): readonly string[] {
    return this.#remarks.edited;
  }

  get isDoubtful(): boolean {
    return this.#remarks.isDoubtful;
  }

  get roots(): readonly string[] {
    return this.#remarks.roots;
  }

  get findings(): readonly Uncertainty[] {
    return this.#remarks.findings;
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
    return entries.some(({ file: { key } }) => key === target || key.startsWith(`${target}/`));
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
