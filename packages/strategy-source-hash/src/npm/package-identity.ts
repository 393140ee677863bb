import { dirname, join } from 'node:path';
import { type Digest, digestList } from '../digest.ts';
import type { InstalledPackages } from '../installed-packages.ts';
import type { PackageJson, PackageJsonReader } from '../package-json.ts';
import type { SourceFiles } from '../source-files.ts';
import { type LockedAnswer, Lockfiles } from './lockfiles.ts';

/** What an installed package is, as far as a version is concerned: equal digests stand for equal code. */
export interface PackageIdentity {
  readonly name: string;
  readonly version: string;
  /** Where it is installed. */
  readonly directory: string;
  /** Covers name, version and patch of the package and of all that it depends on, and how they are wired; never a path. */
  readonly digest: Digest;
  /** `name@version` (`+patch_hash=…`) of the package, first, and of all that it depends on. */
  readonly packages: readonly string[];
  /** The files and links that decide the identity. */
  readonly sources: readonly string[];
  /**
   * What said so: the lockfile where the package manager recorded that it installed it, else the installed tree, else both where a
   * lockfile may be ahead of what is installed.
   */
  readonly by: 'lockfile' | 'installed' | 'both';
  /** A lockfile that could not be read as one; the installed tree decides then. */
  readonly unreadableLockfile: string | undefined;
}

export interface PackageIdentityOptions {
  readonly manifests: PackageJsonReader;
  readonly installed: InstalledPackages;
  readonly lockfiles: Lockfiles;
}

/** An import as it is written, and where it leads. */
export interface PackageImport {
  /** The importing file. */
  readonly importer: string;
  /** `dep`, `@scope/dep/inside.js`. */
  readonly specifier: string;
  /** The real path of the file that it was resolved to. */
  readonly file: string;
}

/**
 * The identity of the package that an import leads to; `undefined` when the file is source: outside `node_modules` once links
 * are followed (`link:`, `file:` and workspace packages), or in a package without a version. Packages from repositories,
 * tarballs and directories count by their files. Never throws for what lockfiles say.
 */
export function resolvePackageIdentity(
  { importer, specifier, file }: PackageImport,
  { manifests, installed, lockfiles }: PackageIdentityOptions,
): PackageIdentity | undefined {
  const found = installed.packageOf(file);
  if (found === undefined) return undefined;
  const name = packageName(specifier);
  const from = manifests.nearest(dirname(importer));
  const answer = from && lockfiles.ask(from.directory, name, from.rangeOf(name));
  const content = installed.importedContent(name, found.directory, from);
  return {
    name: found.name ?? name,
    version: found.version ?? '',
    directory: found.directory,
    unreadableLockfile: answer?.unreadable,
    ...(isEnough(answer, found) && content.digest === ''
      ? lockedPart(answer, found)
      : installedPart(installed.tree(found.directory), content, answer)),
  };
}

/** The identities of the packages that a program imports, each looked up once for each package that imports it. */
export class PackageIdentities {
  readonly #options: PackageIdentityOptions;
  readonly #known = new Map<string, PackageIdentity | undefined>();

  /** `edited` collects lockfiles in which something that was asked for changed after code was loaded. */
  constructor(
    manifests: PackageJsonReader,
    installed: InstalledPackages,
    { files, edited }: { readonly files: SourceFiles; readonly edited: Set<string> },
  ) {
    this.#options = { manifests, installed, lockfiles: new Lockfiles(files, edited) };
  }

  /** True when the lockfiles that were read look as they did then. */
  isCurrent(): boolean {
    return this.#options.lockfiles.isCurrent();
  }

  /**
   * The package that Yarn Plug'n'Play keeps in an archive under a name that a file imports; the reason, where the lockfile does not
   * determine it; `undefined` where nothing is kept so.
   */
  inArchive(importer: string, specifier: string): PackageIdentity | string | undefined {
    const from = this.#options.manifests.nearest(dirname(importer));
    const name = packageName(specifier);
    const range = from?.rangeOf(name);
    if (from === undefined || range === undefined) return undefined;
    const answer = this.#options.lockfiles.ask(from.directory, name, range);
    if (answer?.isPlugAndPlay !== true) return undefined;
    const { tree } = answer;
    return tree === undefined
      ? "is kept by Yarn Plug'n'Play, and the lockfile does not say as what"
      : archivedPackage(name, { ...answer, tree });
  }

  /** See {@link resolvePackageIdentity}. */
  of(imported: PackageImport): PackageIdentity | undefined {
    const { manifests, installed } = this.#options;
    const from = manifests.nearest(dirname(imported.importer))?.directory ?? '';
    const found = installed.packageOf(imported.file)?.directory;
    if (found === undefined) return undefined;
    const key = [from, packageName(imported.specifier), found].join('\0');
    if (!this.#known.has(key)) this.#known.set(key, resolvePackageIdentity(imported, this.#options));
    return this.#known.get(key);
  }
}

/** The package as the lockfile says it is, which nothing on disk can confirm. */
function archivedPackage(name: string, { tree, sources }: CompleteAnswer): PackageIdentity {
  const [label = ''] = tree.packages;
  return {
    name,
    version: label.slice(label.indexOf('@', 1) + 1),
    directory: '',
    digest: identityDigest(tree.digest, '', undefined),
    packages: tree.packages,
    sources,
    by: 'lockfile',
    unreadableLockfile: undefined,
  };
}

/** `dep` of `dep/inside.js`, `@scope/dep` of `@scope/dep/inside.js`. */
export function packageName(specifier: string): string {
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
}

type Part = Pick<PackageIdentity, 'digest' | 'packages' | 'sources' | 'by'>;
type CompleteAnswer = LockedAnswer & { readonly tree: NonNullable<LockedAnswer['tree']> };

/** True when nothing installed has to be looked at: the lockfile names what was installed, and what was found is that. */
function isEnough(answer: LockedAnswer | undefined, found: PackageJson): answer is CompleteAnswer {
  if (answer?.tree === undefined || !answer.isInstalled) return false;
  const [label = ''] = answer.tree.packages;
  return label.split('+patch_hash=', 1)[0] === `${found.name}@${found.version}`;
}

function lockedPart({ tree, sources }: CompleteAnswer, found: PackageJson): Part {
  return {
    digest: identityDigest(tree.digest, '', undefined),
    packages: tree.packages,
    sources: [join(found.directory, 'package.json'), ...sources],
    by: 'lockfile',
  };
}

function installedPart(
  tree: ReturnType<InstalledPackages['tree']>,
  content: ReturnType<InstalledPackages['importedContent']>,
  answer: LockedAnswer | undefined,
): Part {
  const locked = answer?.tree;
  return {
    digest: identityDigest(tree.digest, content.digest, locked),
    packages: [...new Set([...tree.packages, ...(locked?.packages ?? [])])],
    sources: [...tree.sources, ...content.sources, ...(answer?.sources ?? [])],
    by: locked === undefined ? 'installed' : 'both',
  };
}

/** A lockfile that agrees with what is installed adds nothing: with and without it the identity is the same. */
function identityDigest(tree: Digest, content: string, locked: LockedAnswer['tree']): Digest {
  return digestList(['npm', tree, content, locked === undefined || locked.digest === tree ? '' : locked.digest]);
}
