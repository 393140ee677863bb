import { dirname, extname, resolve } from 'node:path';
import { ALGORITHM } from './algorithm.ts';
import { Analysis } from './analysis.ts';
import { CompilerOptionsReader, compilerFindings, formsFor } from './compiler-options.ts';
import { assetNode, jsonAspect, jsonNode, leaf } from './data-node.ts';
import { type Digest, digestList, digestText } from './digest.ts';
import { filesBelow } from './files-below.ts';
import { locate } from './finding.ts';
import type { GraphNode } from './graph-node.ts';
import { InstalledPackages, isFramework } from './installed-packages.ts';
import { jsxFactories, jsxRuntimes } from './jsx-compilation.ts';
import { keptReferences } from './kept-references.ts';
import { lateNodes } from './late-code.ts';
import type { ModuleReference } from './module-references.ts';
import { ModuleResolver, type ModuleTarget } from './module-resolver.ts';
import { PackageIdentities, packageName } from './npm/package-identity.ts';
import { endKey, OutgoingEdges } from './outgoing-edges.ts';
import { PackageJsonReader } from './package-json.ts';
import { NotedResolution } from './package-resolution.ts';
import { relativePath } from './relative-path.ts';
import type { RuntimeConditions } from './runtime-conditions.ts';
import type { EffectsMode } from './slice/source-slice.ts';
import { leadsAspect, SOURCE_ASPECT } from './source-aspect.ts';
import { type Aspect, FilesOnDisk, type Leads, type ReadFile, type SourceFiles } from './source-files.ts';

export interface GraphOptions {
  readonly files: SourceFiles;
  readonly conditions: RuntimeConditions;
  readonly tsconfig: string | undefined;
  /** True when the runtime strips types itself and keeps imports that are marked as types one by one. */
  readonly nativeTypes: boolean;
  /** Whose module-level statements count for a slice. Default: `evaluated`. */
  readonly effects?: EffectsMode;
  /** Default: one without a cache. */
  readonly analysis?: Analysis;
  /** What is known of a path already; `read` looks at it. */
  known?(path: string, read: () => GraphNode | undefined): GraphNode | undefined;
}

const CODE = /\.[cm]?[jt]sx?$/;
const TYPED_CODE = /\.(?:[cm]?ts|tsx|jsx)$/;
/** Formats that are compiled to code and may import more of it: not parsed, but never taken for data. */
const FOREIGN_CODE = /\.(?:vue|svelte|astro|mdx|marko|riot|coffee|civet|imba)$/;

/**
 * The files that code depends on, as this process loaded them. Made once; {@link isCurrent} says whether it still holds.
 */
export class SourceGraph {
  /** Files that were edited after this process could have loaded them. */
  readonly edited: Set<string> = new Set();
  readonly #options: GraphOptions;
  readonly analysis: Analysis;
  readonly #nodes = new Map<string, GraphNode | undefined>();
  readonly #resolver: ModuleResolver;
  readonly #manifests: PackageJsonReader;
  readonly #packages: InstalledPackages;
  readonly #identities: PackageIdentities;
  readonly #compilers: CompilerOptionsReader;
  readonly #circumstances: string;
  readonly #resolved: { readonly reference: ModuleReference; readonly from: string; readonly found: string }[] = [];

  constructor(options: GraphOptions) {
    const { files } = options;
    this.#options = options;
    this.analysis = options.analysis ?? new Analysis();
    const packages = new NotedResolution(options.conditions, options.tsconfig, files);
    this.#resolver = new ModuleResolver(packages, files);
    this.#manifests = new PackageJsonReader(files, this.edited);
    this.#packages = new InstalledPackages(this.#manifests, files, this.edited);
    this.#identities = new PackageIdentities(this.#manifests, this.#packages, { files, edited: this.edited });
    const { conditions, tsconfig, nativeTypes } = options;
    const circumstances = digestText(JSON.stringify([ALGORITHM, conditions, tsconfig ?? '', nativeTypes]));
    this.#circumstances = leadsAspect(circumstances.slice(0, 16));
    this.#compilers = new CompilerOptionsReader({ ...options, packages }, this.analysis, this.edited);
  }

  get manifests(): PackageJsonReader {
    return this.#manifests;
  }

  get packages(): InstalledPackages {
    return this.#packages;
  }

  /** The node of a file or directory; `undefined` when there is nothing at the path. */
  node(path: string): GraphNode | undefined {
    const known = this.#nodes.get(path);
    if (known !== undefined || this.#nodes.has(path)) return known;
    const found = this.#options.known?.(path, () => this.#find(path)) ?? this.#find(path);
    this.#nodes.set(path, found);
    return found;
  }

  /** Has later graphs of this process know where the references of files led when they were loaded: files may go away, or links lead elsewhere. */
  noteLeads(): void {
    for (const path of this.#nodes.keys()) this.noteLeadsOf(path);
  }

  noteLeadsOf(path: string): void {
    const node = this.#nodes.get(path);
    const leads = this.#leadsOf(node);
    if (leads === undefined || node === undefined || this.#isEdited(node)) return;
    this.#options.files.noteLeads(path, leads);
  }

  /** How many paths were asked for. */
  get size(): number {
    return this.#nodes.size;
  }

  /** All nodes that were asked for. */
  *known(): Generator<GraphNode> {
    for (const node of this.#nodes.values()) if (node !== undefined) yield node;
  }

  /** True when nothing that the graph was made from looks changed, and modules loaded late would still be the same files. */
  isCurrent(): boolean {
    this.#resolver.forget();
    const readers = [this.#manifests, this.#compilers, this.#identities];
    if (this.edited.size > 0 || !readers.every((reader) => reader.isCurrent())) return false;
    for (const [path, node] of this.#nodes) {
      if (!this.#isCurrent(path, node)) return false;
    }
    return this.#findsTheSame();
  }

  #findsTheSame(): boolean {
    const late = new Set(lateNodes([...this.#nodes.values()], this));
    const open = this.#resolved.filter(({ reference, from }) => {
      const node = this.#nodes.get(from);
      return reference.lazy || (node !== undefined && late.has(node));
    });
    if (open.length === 0) return true;
    // What one resolver has found it finds again: only a new one looks.
    const { conditions, tsconfig } = this.#options;
    const files = new FilesOnDisk();
    const resolver = new ModuleResolver(new NotedResolution(conditions, tsconfig, files), files);
    return (
      this.#manifests.areAbsentStill() &&
      open.every(({ reference, from, found }) => namesOf(resolver.targets(reference, from)) === found)
    );
  }

  #isCurrent(path: string, node: GraphNode | undefined): boolean {
    if (node?.kind === 'directory') return this.#read(path)?.digest === node.digest;
    return this.#options.files.looksUnchanged(path, this.#aspectOf(path));
  }

  #find(path: string): GraphNode | undefined {
    const node = this.#read(path);
    const leads = this.#leadsOf(node);
    if (leads !== undefined && this.#options.files.hasLedElsewhere(path, leads)) this.edited.add(path);
    return node;
  }

  #leadsOf(node: GraphNode | undefined): Leads | undefined {
    const digest = node?.kind === 'directory' ? node.digest : node?.surroundings;
    return digest === undefined ? undefined : { name: this.#circumstances, digest };
  }

  #isEdited({ path, targets, sources }: GraphNode): boolean {
    return this.edited.size > 0 && [path, ...targets, ...sources].some((one) => this.edited.has(one));
  }

  #read(path: string): GraphNode | undefined {
    const file = this.#options.files.read(path, this.#aspectOf(path));
    if (file === undefined) return this.#readDirectory(path);
    if (file.edited) this.edited.add(path);
    if (isCode(path)) return this.#source(file);
    return extname(path) === '.json' ? jsonNode(file) : assetNode(file);
  }

  /** Of code only its normal form matters, and of JSON its value: a comment may be edited while the process runs. */
  #aspectOf(path: string): Aspect | undefined {
    if (extname(path) === '.json') return jsonAspect;
    return isCode(path) ? { name: SOURCE_ASPECT, of: (bytes) => this.analysis.factsOf(path, bytes).digest } : undefined;
  }

  #readDirectory(path: string): GraphNode | undefined {
    const files = safeFilesBelow(path, this.#options.files);
    if (files === undefined) return undefined;
    const parts = files.map((name) => `${relativePath(path, name)} ${this.#digestOf(name)}`);
    return { ...leaf('directory', path, digestList(['directory', ...parts])), sources: [path, ...files] };
  }

  #digestOf(path: string): Digest {
    const file = this.#options.files.read(path);
    if (file?.edited === true) this.edited.add(path);
    return file?.digest ?? '';
  }

  #source({ path, bytes }: ReadFile): GraphNode {
    const facts = this.analysis.factsOf(path, bytes);
    const manifest = this.#manifests.nearest(dirname(path));
    const options = TYPED_CODE.test(path) ? this.#compilers.for(dirname(path)) : undefined;
    const edges = new OutgoingEdges(path);
    const elides = options?.keepsTypeImports === false && !this.#options.nativeTypes;
    for (const reference of keptReferences(facts, options, this.#options)) {
      this.#connect(reference, edges);
      if (elides && reference.elidable !== undefined) continue;
      for (const end of edges.ends.get(endKey(reference.kind, reference.specifier)) ?? []) {
        if (end.path !== undefined) edges.evaluate(end.path, !reference.lazy);
      }
    }
    const isScript = facts.units.isWhole || manifest?.type !== 'module';
    const compiled = formsFor(options, { hasJsx: facts.jsxImportSource !== undefined, isScript });
    const setting = digestList(['setting', manifest?.type ?? '', ...compiled]);
    const findings = [...facts.findings, ...edges.findings, ...compilerFindings(options)];
    const surroundings = [manifest?.type ?? '', ...compiled, ...edges.labels];
    return {
      path,
      kind: 'source',
      digest: digestList(['source', facts.digest, ...surroundings]),
      surroundings: digestList(surroundings),
      targets: [...edges.targets],
      imports: edges.imports,
      findings: findings.map((finding) => locate(finding, path, facts.text)),
      trees: edges.trees,
      sources: [path, ...(manifest === undefined ? [] : [manifest.path]), ...(options?.files ?? []), ...edges.sources],
      facts,
      late: edges.late,
      ends: edges.ends,
      evaluated: [...edges.evaluated],
      eager: edges.eager,
      bare: edges.bare,
      setting,
      jsxRuntimes: jsxRuntimes(facts, options),
      jsxFactories: jsxFactories(facts, options),
    };
  }

  #connect(reference: ModuleReference, edges: OutgoingEdges): void {
    const targets = this.#resolver.targets(reference, edges.from);
    this.#resolved.push({ reference, from: edges.from, found: namesOf(targets) });
    if (
      isFramework(packageName(reference.specifier)) &&
      !targets.some((target) => this.#isOwnSource(target, reference))
    ) {
      edges.add(reference, 'framework');
    } else if (targets.length === 0) this.#missing(reference, edges);
    else for (const target of targets) this.#follow(reference, target, edges);
  }

  /** A file that was loaded and is gone now was deleted, or moved, if its directory changed since. */
  #missing(reference: ModuleReference, edges: OutgoingEdges): void {
    const archived = this.#identities.inArchive(edges.from, reference.specifier);
    if (typeof archived === 'object') return edges.installed(reference, archived, reference.specifier);
    edges.missing(reference, archived);
    if (reference.lazy || reference.elidable !== undefined || !reference.specifier.startsWith('.')) return;
    const path = resolve(dirname(edges.from), reference.specifier);
    if (!this.#options.files.hasChangedEntries(dirname(path))) return;
    this.edited.add(path);
    edges.sources.push(path);
  }

  /** True when a path alias leads the name of one of memo's packages to other code. */
  #isOwnSource(target: ModuleTarget, reference: ModuleReference): boolean {
    if (target.kind !== 'file') return false;
    return this.#manifests.nearest(dirname(target.path))?.name !== packageName(reference.specifier);
  }

  #follow(reference: ModuleReference, target: ModuleTarget, edges: OutgoingEdges): void {
    switch (target.kind) {
      case 'types':
      case 'inline':
        edges.add(reference, target.kind);
        break;
      case 'builtin':
        edges.add(reference, `builtin ${target.name}`);
        break;
      case 'directory':
        edges.lead(reference, target.path, '');
        break;
      case 'file':
        this.#followFile(reference, target.path, edges);
        break;
    }
  }

  #followFile(reference: ModuleReference, path: string, edges: OutgoingEdges): void {
    if (/\.d\.[cm]?ts$/.test(path)) edges.add(reference, 'types');
    else if (!this.#followPackage(reference, path, edges)) this.#followSource(reference, path, edges);
  }

  #followPackage(reference: ModuleReference, path: string, edges: OutgoingEdges): boolean {
    const identity = this.#identities.of({ importer: edges.from, specifier: reference.specifier, file: path });
    if (identity === undefined) return false;
    edges.installed(reference, identity, relativePath(identity.directory, path));
    return true;
  }

  #followSource(reference: ModuleReference, path: string, edges: OutgoingEdges): void {
    if (extname(path) === '.node') edges.nativeAddon(reference);
    // A file whose place is asked for may be read as text, layout and all.
    edges.lead(reference, path, reference.kind === 'locate' ? this.#digestOf(path) : '');
  }
}

function isCode(path: string): boolean {
  return CODE.test(path) || FOREIGN_CODE.test(path) || extname(path) === '';
}

function safeFilesBelow(path: string, files: SourceFiles): readonly string[] | undefined {
  try {
    return filesBelow(path, files);
  } catch {
    return undefined;
  }
}

function namesOf(targets: readonly ModuleTarget[]): string {
  return targets.map((target) => ('path' in target ? target.path : target.kind)).join('\0');
}
