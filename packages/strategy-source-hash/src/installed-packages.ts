import { basename, dirname, join, sep } from 'node:path';
import { byCodeUnits, type Digest, digestList } from './digest.ts';
import { filesBelow } from './files-below.ts';
import { installedPackageOf, type PackageJson, type PackageJsonReader } from './package-json.ts';
import { relativePath } from './relative-path.ts';
import type { SourceFiles } from './source-files.ts';

/** An installed package with everything that is installed for it. */
export interface InstalledTree {
  readonly digest: Digest;
  /** Name and version (`dep@1.0.0`) of each package in the tree. */
  readonly packages: readonly string[];
  /** The files and links that the tree was read from. */
  readonly sources: readonly string[];
}

interface Dependency {
  readonly name: string;
  /** Absent when nothing of that name is installed. */
  readonly directory: string | undefined;
  /** Set when name and version do not determine the files. */
  readonly content: Content;
}

/** The files of a package that comes from somewhere else than a registry. */
export interface Content {
  readonly digest: string;
  /** The files and links that decide it. */
  readonly sources: readonly string[];
}

const NO_CONTENT: Content = { digest: '', sources: [] };

/** Ranges that name no registry version: the same name and version may stand for other files tomorrow. */
export const UNPUBLISHED_RANGE: RegExp =
  /^(?:git\b|git[+@:]|github:|gitlab:|bitbucket:|gist:|file:|link:|portal:|https?:|\.{0,2}\/|[\w.-]+\/[\w.-]+)/;

/**
 * The versions of installed packages and of their dependencies, as they are installed. An npm package is taken to be what its
 * name and version say; packages that come from somewhere else than a registry are hashed file by file.
 */
export class InstalledPackages {
  readonly #reader: PackageJsonReader;
  readonly #files: SourceFiles;
  readonly #edited: Set<string>;
  readonly #trees = new Map<string, InstalledTree>();
  readonly #dependencies = new Map<string, readonly Dependency[]>();
  readonly #entries = new Map<string, string | undefined>();
  /** The entries of `node_modules` that were looked at. */
  readonly #links = new Set<string>();
  readonly #contents = new Map<string, Content>();

  /** `edited` collects the files and links that were changed after code was loaded. */
  constructor(reader: PackageJsonReader, files: SourceFiles, edited: Set<string>) {
    this.#reader = reader;
    this.#files = files;
    this.#edited = edited;
  }

  /** The package that a file belongs to, if it is installed under a version. Others are followed as source. */
  packageOf(file: string): PackageJson | undefined {
    const directory = installedPackageOf(file);
    const found = directory === undefined ? undefined : this.#reader.at(directory);
    return found?.version === undefined ? undefined : found;
  }

  /** The tree of a package. Equal digests mean equal versions all through, wired the same way. */
  tree(directory: string): InstalledTree {
    const known = this.#trees.get(directory);
    if (known !== undefined) return known;
    const numbers = new Map([[directory, 0]]);
    const lines: string[] = [];
    const packages: string[] = [];
    const sources: string[] = [];
    for (const [current] of numbers) {
      sources.push(join(current, 'package.json'));
      const label = labelOf(this.#reader.at(current), current);
      packages.push(label);
      const edges = this.#dependenciesOf(current).flatMap((dependency) => {
        sources.push(...dependency.content.sources);
        if (dependency.directory === undefined) return [];
        const number = numbers.get(dependency.directory) ?? numbers.size;
        numbers.set(dependency.directory, number);
        return [edgeLine(dependency.name, number, dependency.content.digest)];
      });
      lines.push(label, ...edges, '');
    }
    const tree = { digest: digestList(lines), packages, sources };
    this.#trees.set(directory, tree);
    return tree;
  }

  /**
   * What a source file's import of a package adds to name and version: the package's own files, when the importing
   * package takes it from somewhere else than a registry.
   */
  importedContent(name: string, directory: string, importer: PackageJson | undefined): Content {
    const entry = importer === undefined ? undefined : this.#entryOf(name, importer.directory);
    return this.#withEntry(entry, this.#contentOf(directory, importer?.rangeOf(name)));
  }

  #withEntry(entry: string | undefined, content: Content): Content {
    if (entry === undefined) return content;
    if (!this.#links.has(entry) && this.#files.isNewLink(entry)) this.#edited.add(entry);
    this.#links.add(entry);
    return { digest: content.digest, sources: [entry, ...content.sources] };
  }

  #dependenciesOf(directory: string): readonly Dependency[] {
    const known = this.#dependencies.get(directory);
    if (known !== undefined) return known;
    const manifest = this.#reader.at(directory);
    const names = [...(manifest?.dependencies ?? [])].sort(byCodeUnits);
    const found = names.map((name) => this.#dependency(name, directory, manifest?.rangeOf(name)));
    this.#dependencies.set(directory, found);
    return found;
  }

  #dependency(name: string, from: string, range: string | undefined): Dependency {
    const entry = isFramework(name) ? undefined : this.#entryOf(name, from);
    if (entry === undefined) return { name, directory: undefined, content: NO_CONTENT };
    const directory = this.#reader.linked(entry)?.directory ?? entry;
    return { name, directory, content: this.#withEntry(entry, this.#contentOf(directory, range)) };
  }

  /** The entry of a `node_modules` directory at or above a package, as Node looks it up. */
  #entryOf(name: string, from: string): string | undefined {
    const key = `${name}\0${from}`;
    if (this.#entries.has(key)) return this.#entries.get(key);
    const modules = basename(from) === 'node_modules' ? from : join(from, 'node_modules');
    const entry = join(modules, name);
    const parent = dirname(from);
    const found =
      this.#reader.linked(entry) !== undefined ? entry : parent === from ? undefined : this.#entryOf(name, parent);
    this.#entries.set(key, found);
    return found;
  }

  #contentOf(directory: string, range: string | undefined): Content {
    const isPublished =
      installedPackageOf(directory) === directory &&
      this.#reader.at(directory)?.version !== undefined &&
      !UNPUBLISHED_RANGE.test(range ?? '') &&
      !isUnpublishedInStore(directory, this.#reader.at(directory));
    return isPublished ? NO_CONTENT : this.#digestOfFiles(directory);
  }

  #digestOfFiles(directory: string): Content {
    const known = this.#contents.get(directory);
    if (known !== undefined) return known;
    const sources = filesBelow(directory, this.#files);
    const parts = sources.flatMap((path) => {
      const file = this.#files.read(path);
      if (file?.edited === true) this.#edited.add(path);
      return [relativePath(directory, path), file?.digest ?? ''];
    });
    const content = { digest: digestList(parts), sources };
    this.#contents.set(directory, content);
    return content;
  }
}

/**
 * Memo's own packages run ops, they are not what ops compute: the step version has a schema of its own for that. Leaving
 * them out means that an upgrade of memo recomputes nothing.
 */
export function isFramework(name: string): boolean {
  return /^@memo\/(?:core|io-[a-z0-9-]+|strategy-[a-z0-9-]+)$/.test(name);
}

/** The same for what imports name: a package, or something in it. */
export function isFrameworkModule(specifier: string): boolean {
  return specifier.startsWith('@memo/') && isFramework(specifier.split('/').slice(0, 2).join('/'));
}

function labelOf(manifest: PackageJson | undefined, directory: string): string {
  const [patch = ''] = /patch_hash=[^)_/\\]*/.exec(storeSegment(directory) ?? '') ?? [];
  return packageLabel(manifest?.name ?? basename(directory), manifest?.version ?? '', patch);
}

/** How a package is written in the text of a tree. Lockfiles are written the same way, so that trees that agree have one digest. */
export function packageLabel(name: string, version: string, patch: string): string {
  return `${name}@${version}${patch === '' ? '' : `+${patch}`}`;
}

/** How a dependency is written in the text of a tree: its name, the number of its package, its content where that counts. */
export function edgeLine(name: string, number: number, content: string): string {
  return `${name} ${number} ${content}`;
}

/** `dep@1.0.0_peer@2` of `…/.pnpm/dep@1.0.0_peer@2/node_modules/dep`. */
function storeSegment(directory: string): string | undefined {
  const segments = directory.split(sep);
  const store = segments.lastIndexOf('.pnpm');
  return store === -1 ? undefined : segments[store + 1];
}

/** pnpm names the directory of a package after where it came from: a git or file dependency has no plain version there. */
function isUnpublishedInStore(directory: string, manifest: PackageJson | undefined): boolean {
  const segment = storeSegment(directory);
  if (segment === undefined || manifest?.name === undefined) return false;
  return !segment.startsWith(`${manifest.name.replace('/', '+')}@${manifest.version}`);
}
