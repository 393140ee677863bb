import { Analysis } from './analysis.ts';
import type { Circumstances } from './asker.ts';
import { BUILT, mapPaths } from './bundle-marks.ts';
import type { Digest } from './digest.ts';
import type { LocatedFinding } from './finding.ts';
import { GlobFiles } from './glob-files.ts';
import { GraphDigests } from './graph-digest.ts';
import type { GraphNode } from './graph-node.ts';
import type { InstalledTree } from './installed-packages.ts';
import { lateNodes, lateSources, loadsLate } from './late-code.ts';
import { loadTimeFindings } from './load-time-findings.ts';
import { LoadedFiles } from './loaded-files.ts';
import type { SourceCache } from './process-cache.ts';
import { Sightings } from './sightings.ts';
import { type KnownProgram, SliceReader } from './slice/slice-reader.ts';
import type { SourceFiles } from './source-files.ts';
import { type GraphOptions, SourceGraph } from './source-graph.ts';
import type { UnitTexts } from './unit-texts.ts';

/** A file with everything that it reaches. */
export interface Closure {
  readonly digest: Digest;
  readonly nodes: readonly GraphNode[];
  /** Name and version of the installed packages that are reached, each once. */
  readonly packages: ReadonlySet<string>;
  readonly findings: readonly LocatedFinding[];
  /** Files of the closure that were edited after this process could have loaded them. */
  readonly edited: readonly string[];
  /** True when some of it may be loaded, read or started only while an op runs. */
  readonly loadsLate: boolean;
}

interface ClosureParts {
  readonly texts?: UnitTexts | undefined;
  readonly known?: KnownProgram;
}

/** Closures over one graph, each computed once. */
export class ClosureReader {
  readonly graph: SourceGraph;
  readonly slices: SliceReader;
  /** All that was looked at. */
  readonly sightings: Sightings;
  readonly globs: GlobFiles;
  /** Where the texts of symbols are kept, if they are. */
  readonly texts: UnitTexts | undefined;
  readonly #files: SourceFiles;
  readonly #digests: GraphDigests;
  readonly #closures = new Map<string, Closure | undefined>();
  readonly #shared = new Map<string, unknown>();
  readonly #loadTime = new Map<GraphNode, readonly LocatedFinding[]>();

  /** `sightings` are those that its files are noted in; `known` gives the parts of programs that are known already. */
  constructor(options: GraphOptions, sightings: Sightings = new Sightings(), { texts, known }: ClosureParts = {}) {
    this.sightings = sightings;
    this.texts = texts;
    this.#files = options.files;
    this.globs = new GlobFiles(options.files);
    this.graph = new SourceGraph(options);
    this.slices = new SliceReader(this.graph, options.effects ?? 'evaluated', known);
    this.#digests = new GraphDigests(this.graph);
  }

  /** True when nothing that was read looks changed. */
  isCurrent(): boolean {
    return this.graph.isCurrent() && this.globs.isCurrent();
  }

  /** It counts what a path of loaded code leads to, and whether it is a bundle. */
  noteDefinition(file: string): void {
    this.shared(`definition\0${file}`, () => {
      const real = this.#files.kindOf(file) === 'file' ? this.#files.realPath(file) : '';
      const text = BUILT.test(real) ? this.#files.read(real)?.bytes.toString('utf8') : undefined;
      if (text !== undefined) for (const map of mapPaths(real, text)) this.#files.read(map);
    });
  }

  /** The closure of a file; `undefined` when there is no such file. */
  of(path: string): Closure | undefined {
    if (!this.#closures.has(path)) this.#closures.set(path, this.#read(path));
    return this.#closures.get(path);
  }

  /** A value that is made of closures, made once for each key. */
  shared<T>(key: string, make: () => T): T {
    if (!this.#shared.has(key)) this.#shared.set(key, make());
    return this.#shared.get(key) as T;
  }

  #read(path: string): Closure | undefined {
    const digest = this.#digests.of(path);
    if (digest === undefined) return undefined;
    const nodes = this.#reach(path);
    const trees = new Set(nodes.flatMap((node) => [...node.trees]));
    const late = nodes.some(loadsLate);
    // Nothing to look for, most of the time: then the long lists are not made.
    const isEdited = this.graph.edited.size > 0;
    if (late && isEdited) this.distrustEdited(lateSources(nodes, lateNodes(nodes, this.graph)));
    return {
      digest,
      nodes,
      packages: packagesIn(trees),
      findings: nodes.flatMap((node) => [...node.findings, ...this.#findingsAtLoad(node)]),
      edited: isEdited ? this.#editedAmong([...nodes, ...trees].flatMap(({ sources }) => sources)) : [],
      loadsLate: late,
    };
  }

  /** Of files that may be loaded at any time, an edit that was seen counts until the process ends. */
  distrustEdited(sources: readonly string[]): void {
    for (const path of this.#editedAmong(sources)) this.#files.distrust(path);
  }

  /** Closures of files in which something was edited. */
  editedAmong(paths: readonly string[]): readonly Closure[] {
    return this.graph.edited.size === 0 ? [] : paths.flatMap((path) => this.of(path) ?? []);
  }

  /** True when something that files lead to may be loaded, read or started only while an op runs. */
  loadsLate(paths: readonly string[]): boolean {
    for (const path of paths) this.slices.load(path);
    const loading = this.#loadingLate();
    return paths.some((path) => loading.has(this.graph.node(path)));
  }

  /** All files that were read and that lead to one that may load something late. */
  #loadingLate(): ReadonlySet<GraphNode | undefined> {
    const { size } = this.graph;
    return this.shared(`late among ${size}`, () => leadingTo([...this.graph.known()], loadsLate));
  }

  #reach(root: string): readonly GraphNode[] {
    const paths = new Set([root]);
    const nodes: GraphNode[] = [];
    for (const path of paths) {
      const node = this.graph.node(path);
      if (node === undefined) continue;
      nodes.push(node);
      for (const target of node.targets) paths.add(target);
    }
    return nodes;
  }

  #findingsAtLoad(node: GraphNode): readonly LocatedFinding[] {
    const found = this.#loadTime.get(node) ?? loadTimeFindings(node, this.graph);
    this.#loadTime.set(node, found);
    return found;
  }

  #editedAmong(sources: readonly string[]): readonly string[] {
    return [...new Set(sources.filter((source) => this.graph.edited.has(source)))];
  }
}

/** Of some files those for which something holds, and those that lead to them. */
function leadingTo(nodes: readonly GraphNode[], is: (node: GraphNode) => boolean): ReadonlySet<GraphNode> {
  const found = new Set(nodes.filter(is));
  if (found.size === 0) return found;
  const leading = new Map<string, GraphNode[]>();
  for (const node of nodes) {
    for (const target of node.targets) {
      const others = leading.get(target);
      if (others === undefined) leading.set(target, [node]);
      else others.push(node);
    }
  }
  for (const { path } of found) for (const node of leading.get(path) ?? []) found.add(node);
  return found;
}

function packagesIn(trees: ReadonlySet<InstalledTree>): ReadonlySet<string> {
  const packages = new Set<string>();
  for (const tree of trees) for (const label of tree.packages) packages.add(label);
  return packages;
}

/** Hashes a file with everything that it reaches; `undefined` when there is no such file. */
export function hashFile(file: string, options: GraphOptions): Closure | undefined {
  return new ClosureReader(options).of(file);
}

const readers = new Map<string, ClosureReader>();

/**
 * The reader for the code that this process loaded. Kept while nothing looks changed, and shared by all strategies of the
 * process with the same tsconfig and cache.
 */
export function closureReader(circumstances: Circumstances, cache: SourceCache | undefined): ClosureReader {
  const { conditions, nativeTypes, tsconfig } = circumstances;
  const key = `${tsconfig ?? ''}\0${cache?.facts.path ?? ''}`;
  const known = readers.get(key);
  if (known?.isCurrent() === true) return known;
  const analysis = new Analysis(cache?.facts);
  const sightings = new Sightings();
  const files = new LoadedFiles(undefined, sightings);
  const reader = new ClosureReader({ files, conditions, tsconfig, nativeTypes, analysis }, sightings, {
    texts: cache?.texts,
  });
  readers.set(key, reader);
  return reader;
}
