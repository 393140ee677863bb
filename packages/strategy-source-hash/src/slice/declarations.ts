import { dirname } from 'node:path';
import { type CodePattern, codePattern } from '../code-pattern.ts';
import type { GraphNode } from '../graph-node.ts';
import type { InstalledTree } from '../installed-packages.ts';
import type { Overrides } from '../overrides.ts';
import type { PackageJsonReader } from '../package-json.ts';
import { RelativePaths } from '../relative-path.ts';
import type { Linker } from './linker.ts';
import type { Part } from './part.ts';

/** The declarations of one op about code, as questions about parts of the program. */
export class Declarations {
  readonly #base: string;
  readonly #exclude: readonly CodePattern[];
  readonly #pure: readonly CodePattern[];
  readonly #paths: RelativePaths;
  readonly #manifests: PackageJsonReader;
  readonly #excludedBy = new Map<Part, string | undefined>();
  readonly #isPure = new Map<Part, boolean>();
  readonly #matched = new Map<string, ReadonlySet<CodePattern>>();
  #withoutPurity: Declarations | undefined;

  /** Paths are relative to `base`. */
  constructor(
    { exclude, assumePure }: Pick<Overrides, 'exclude' | 'assumePure'>,
    base: string,
    manifests: PackageJsonReader,
  ) {
    this.#base = base;
    this.#exclude = exclude.map((text) => codePattern(text, base));
    this.#pure = assumePure.map((text) => codePattern(text, base));
    this.#paths = RelativePaths.from(base);
    this.#manifests = manifests;
  }

  get isEmpty(): boolean {
    return this.#exclude.length === 0 && this.#pure.length === 0;
  }

  /** Equal for declarations under which the same code is pure; empty when none is. */
  get purity(): string {
    return this.#pure.length === 0 ? '' : [this.#base, ...this.#pure.map(({ text }) => text)].join('\0');
  }

  /** The same with nothing declared to be pure. */
  withoutPurity(): Declarations {
    if (this.#pure.length === 0) return this;
    const exclude = this.#exclude.map(({ text }) => text);
    this.#withoutPurity ??= new Declarations({ exclude, assumePure: [] }, this.#base, this.#manifests);
    return this.#withoutPurity;
  }

  /** The entry of `exclude` that names a part, the first one. */
  excludedBy(part: Part): string | undefined {
    if (this.#exclude.length === 0) return undefined;
    if (!this.#excludedBy.has(part)) {
      this.#excludedBy.set(part, this.#exclude.find((pattern) => this.#names(pattern, part))?.text);
    }
    return this.#excludedBy.get(part);
  }

  isPure(part: Part): boolean {
    if (this.#pure.length === 0) return false;
    const known = this.#isPure.get(part) ?? this.#pure.some((pattern) => this.#names(pattern, part));
    this.#isPure.set(part, known);
    return known;
  }

  /** The entries of `assumePure` that name something in the given files, or that these import. */
  pureIn(files: readonly GraphNode[], linker: Linker): readonly string[] {
    const matched = this.#matching('assumePure', files, linker);
    return this.#pure.flatMap((pattern) => (matched.has(pattern) ? [pattern.text] : []));
  }

  /** The entries, each after the name of its list, that name nothing in the given files, nor what these import. */
  unmatchedIn(files: readonly GraphNode[], linker: Linker): readonly string[] {
    return (['exclude', 'assumePure'] as const).flatMap((list) => {
      const matched = this.#matching(list, files, linker);
      return this.#listed(list).flatMap((pattern) => (matched.has(pattern) ? [] : [`${list} ${pattern.text}`]));
    });
  }

  #listed(list: 'exclude' | 'assumePure'): readonly CodePattern[] {
    return list === 'exclude' ? this.#exclude : this.#pure;
  }

  /** Files of one program are only added: as many are the same ones. */
  #matching(list: 'exclude' | 'assumePure', files: readonly GraphNode[], linker: Linker): ReadonlySet<CodePattern> {
    const key = `${list} ${files.length}`;
    const found = this.#matched.get(key) ?? this.#match(this.#listed(list), files, linker);
    this.#matched.set(key, found);
    return found;
  }

  #match(patterns: readonly CodePattern[], files: readonly GraphNode[], linker: Linker): ReadonlySet<CodePattern> {
    const matched = new Set<CodePattern>();
    for (const file of files) {
      if (matched.size === patterns.length) break;
      const units = linker.unitsOf(file);
      for (const pattern of patterns) {
        if (matched.has(pattern)) continue;
        const isHere = this.#namesFile(pattern, file) || units.some((part) => this.#names(pattern, part));
        if (isHere || namesAny(pattern, file.trees)) matched.add(pattern);
      }
    }
    return matched;
  }

  #names(pattern: CodePattern, part: Part): boolean {
    if (part.file !== undefined && this.#namesFile(pattern, part.file)) return true;
    if (part.kind === 'leaf') {
      return part.tree !== undefined && namesAny(pattern, [part.tree]);
    }
    if (part.kind !== 'unit' || pattern.kind !== 'code' || pattern.symbols === undefined) return false;
    const { symbols } = pattern;
    const { binds, name } = part.unit;
    // Of a declaration with several names, all must be meant: its parts cannot be told apart.
    const names = binds.length === 0 ? [name] : binds.map((bind) => bind.replace('*default*', 'default'));
    const isMeant = (one: string): boolean => symbols.test(one) || symbols.test(ownerOf(one));
    return names.every(isMeant) && pattern.files.test(this.#paths.to(part.file.path));
  }

  /** True when all of a file is meant. */
  #namesFile(pattern: CodePattern, { path }: GraphNode): boolean {
    if (pattern.kind === 'code') return pattern.symbols === undefined && pattern.files.test(this.#paths.to(path));
    const owner = this.#manifests.nearest(dirname(path))?.name;
    return owner !== undefined && pattern.names.test(owner);
  }
}

function namesAny(pattern: CodePattern, trees: Iterable<Pick<InstalledTree, 'packages'>>): boolean {
  return pattern.kind === 'package' && [...trees].some(({ packages }) => pattern.names.test(nameOf(packages)));
}

/** The declaration that a member of an object is in, or a symbol itself. */
function ownerOf(name: string): string {
  return name.replace(/(?<=.)\..*/, '');
}

/** The name of a package, from the labels of its tree. */
function nameOf([label = '']: readonly string[]): string {
  return label.slice(0, label.indexOf('@', 1));
}
