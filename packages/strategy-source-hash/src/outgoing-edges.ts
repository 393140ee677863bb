import { basename, dirname } from 'node:path';
import type { Finding } from './finding.ts';
import type { InstalledTree } from './installed-packages.ts';
import type { ModuleReference } from './module-references.ts';
import type { PackageIdentity } from './npm/package-identity.ts';
import { relativePath } from './relative-path.ts';

/** What a file leads to that may be loaded only when its functions run. */
export interface LateEdges {
  readonly targets: Set<string>;
  /** What decides the installed packages among it. */
  readonly sources: string[];
  /** True when some of it is not there, and may appear. */
  areMissing: boolean;
}

/** Where one reference of a file may lead. */
export interface End {
  /** Set for a file or directory of the project. */
  readonly path?: string;
  /** What counts of the target beside what a path leads to: a package with its versions, the name of a builtin … */
  readonly label: string;
  readonly tree?: InstalledTree;
}

/** The outgoing edges of one file while they are collected. */
export class OutgoingEdges {
  readonly from: string;
  readonly labels: string[] = [];
  readonly targets: Set<string> = new Set();
  readonly findings: Finding[] = [];
  readonly imports: Map<string, string[]> = new Map();
  readonly trees: Set<InstalledTree> = new Set();
  readonly late: LateEdges = { targets: new Set(), sources: [], areMissing: false };
  readonly sources: string[] = [];
  /** Where references lead, by kind and specifier. */
  readonly ends: Map<string, End[]> = new Map();
  /** Files that are loaded with this one, or by it, in that order. */
  readonly evaluated: Set<string> = new Set();
  /** Of these, those that are loaded before this one. */
  readonly eager: Set<string> = new Set();
  /** What is imported for its effects alone, other than files that are followed. */
  readonly bare: End[] = [];

  constructor(from: string) {
    this.from = from;
  }

  add(reference: ModuleReference, where: string, end: End = { label: where }): void {
    const { kind, specifier } = reference;
    this.labels.push(`${kind} ${specifier} ${where}`);
    const key = endKey(kind, specifier);
    this.ends.set(key, [...(this.ends.get(key) ?? []), end]);
    if (reference.isBare === true && end.path === undefined) this.bare.push(end);
  }

  /** A file is loaded with this one: before it, or by it. */
  evaluate(path: string, isBefore: boolean): void {
    this.evaluated.add(path);
    if (isBefore) this.eager.add(path);
  }

  /** An edge to another node. Its path is relative, so that the place of the checkout does not count. */
  lead(reference: ModuleReference, path: string, content: string): void {
    this.targets.add(path);
    if (reference.late === true) this.late.targets.add(path);
    this.imports.set(reference.specifier, [...(this.imports.get(reference.specifier) ?? []), path]);
    this.add(reference, `file ${relativePath(dirname(this.from), path)} ${content}`, { path, label: content });
  }

  /** An edge to a file of an installed package; `inside` is its path there. */
  installed(reference: ModuleReference, tree: PackageIdentity, inside: string): void {
    this.trees.add(tree);
    if (reference.late === true) this.late.sources.push(...tree.sources);
    const label = `npm ${inside} ${tree.digest}`;
    this.add(reference, label, { label, tree });
    if (tree.unreadableLockfile === undefined) return;
    const file = tree.unreadableLockfile;
    const message = `${basename(file)} cannot be read as a lockfile: the packages that are installed count`;
    this.findings.push({ kind: 'lockfile', message, offset: reference.offset, file });
  }

  /** `because` says what is known of it all the same. */
  missing(reference: ModuleReference, because = 'cannot be found from here'): void {
    this.add(reference, 'missing', { label: `missing ${reference.specifier}` });
    this.late.areMissing ||= reference.late === true;
    if (reference.elidable !== undefined) return;
    const message = `${JSON.stringify(reference.specifier)} ${because}: what it loads is not part of the version`;
    this.findings.push({ kind: 'unresolved-import', message, offset: reference.offset });
  }

  nativeAddon(reference: ModuleReference): void {
    const message = `${reference.specifier} is native code: its bytes count, the libraries that it loads do not`;
    this.findings.push({ kind: 'native-addon', message, offset: reference.offset });
  }
}

/** The key of {@link OutgoingEdges.ends}. */
export function endKey(kind: ModuleReference['kind'], specifier: string): string {
  return `${kind} ${specifier}`;
}
