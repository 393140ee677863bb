import type { LocatedFinding } from './finding.ts';
import type { GraphNode } from './graph-node.ts';
import type { InstalledTree } from './installed-packages.ts';
import { FILE, type KeptFile } from './kept-program.ts';
import type { End, LateEdges } from './outgoing-edges.ts';
import type { SourceFacts } from './source-facts.ts';

/** A file that is as it was: how it hangs together with others is known, and it is read when somebody asks for more. */
export class KeptNode implements GraphNode {
  readonly path: string;
  readonly kind: GraphNode['kind'];
  readonly setting: string;
  readonly targets: readonly string[];
  readonly evaluated: readonly string[];
  readonly eager: ReadonlySet<string>;
  readonly #traits: number;
  readonly #read: () => GraphNode | undefined;
  #whole: GraphNode | undefined;

  /** `paths` are those of all files. */
  constructor(file: KeptFile, paths: readonly string[], read: () => GraphNode | undefined) {
    const pathsAt = (numbers: readonly number[]): string[] => numbers.map((number) => paths[number] ?? '');
    this.path = file.path;
    this.kind = file.kind;
    this.setting = file.setting;
    this.targets = pathsAt(file.targets);
    this.evaluated = pathsAt(file.evaluated);
    this.eager = new Set(pathsAt(file.eager));
    this.#traits = file.traits;
    this.#read = read;
  }

  get whole(): GraphNode {
    this.#whole ??= this.#read();
    if (this.#whole === undefined) throw new FileGone(this.path);
    return this.#whole;
  }

  get bare(): readonly End[] {
    return (this.#traits & FILE.bare) === 0 ? [] : this.whole.bare;
  }

  get late(): LateEdges | undefined {
    return (this.#traits & FILE.late) === 0 ? undefined : this.whole.late;
  }

  get digest(): string {
    return this.whole.digest;
  }

  get findings(): readonly LocatedFinding[] {
    return this.whole.findings;
  }

  get imports(): ReadonlyMap<string, readonly string[]> {
    return this.whole.imports;
  }

  get trees(): ReadonlySet<InstalledTree> {
    return this.whole.trees;
  }

  get sources(): readonly string[] {
    return this.whole.sources;
  }

  get facts(): SourceFacts | undefined {
    return this.kind === 'source' ? this.whole.facts : undefined;
  }

  get ends(): ReadonlyMap<string, readonly End[]> {
    return this.whole.ends;
  }

  get jsxRuntimes(): readonly string[] {
    return this.whole.jsxRuntimes;
  }

  get jsxFactories(): readonly string[] {
    return this.whole.jsxFactories;
  }

  get json(): { readonly value: unknown } | undefined {
    return this.kind === 'json' ? this.whole.json : undefined;
  }
}

/** A file that was there a moment ago is not: whoever looks at a part of a program has to look at all of it. */
export class FileGone extends Error {}
