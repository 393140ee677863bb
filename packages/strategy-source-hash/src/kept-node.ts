import { FileGone } from './file-gone.ts';
import type { LocatedFinding } from './finding.ts';
import type { GraphNode, KnownParts } from './graph-node.ts';
import type { InstalledTree } from './installed-packages.ts';
import { ALL_EXPORTS, FILE, type KeptFile, type KeptProgram } from './kept-program.ts';
import type { End, LateEdges } from './outgoing-edges.ts';
import type { KnownUnit } from './slice/placed-unit.ts';
import type { SourceFacts } from './source-facts.ts';
import { unitOfKind } from './unit-traits.ts';

/** A file that is as it was: how it hangs together with others is known, and it is read when somebody asks for more. */
export class KeptNode implements GraphNode, KnownParts {
  readonly path: string;
  readonly #file: KeptFile;
  readonly #number: number;
  readonly #program: KeptProgram;
  readonly #read: () => GraphNode | undefined;
  #whole: GraphNode | undefined;

  /** `number` is that of the file in its program. */
  constructor(program: KeptProgram, number: number, read: () => GraphNode | undefined) {
    const file = program.files[number] as KeptFile;
    this.#file = file;
    this.#number = number;
    this.#program = program;
    this.path = file.path;
    this.#read = read;
  }

  get kind(): GraphNode['kind'] {
    return this.#file.kind;
  }

  get setting(): string {
    return this.#file.setting;
  }

  get targets(): readonly string[] {
    return this.#pathsAt(this.#file.targets);
  }

  get evaluated(): readonly string[] {
    return this.#pathsAt(this.#file.evaluated);
  }

  get eager(): ReadonlySet<string> {
    return new Set(this.#pathsAt(this.#file.eager));
  }

  #pathsAt(numbers: readonly number[]): readonly string[] {
    return numbers.map((one) => this.#program.files[one]?.path ?? '');
  }

  get whole(): GraphNode {
    this.#whole ??= this.#read();
    if (this.#whole === undefined) throw new FileGone(this.path);
    return this.#whole;
  }

  get bare(): readonly End[] {
    return (this.#file.traits & FILE.bare) === 0 ? [] : this.whole.bare;
  }

  get late(): LateEdges | undefined {
    return (this.#file.traits & FILE.late) === 0 ? undefined : this.whole.late;
  }

  get parts(): KnownParts {
    return this;
  }

  /** Who exports something of another file need not export the same of it after an edit of that. */
  exported(name: string): readonly (readonly [place: number, bind: number])[] | undefined {
    if (this.kind !== 'source' || (this.#file.traits & FILE.open) !== 0) return undefined;
    const { files, units } = this.#program.rows;
    const [, targets = []] = this.#file.exports.find(([one]) => one === name) ?? [];
    const places: (readonly [number, number])[] = [];
    for (let at = 0; at < targets.length; at += 2) {
      const row = targets[at] ?? -1;
      const place = files[row] === this.#number ? (units[row] ?? ALL_EXPORTS) : ALL_EXPORTS;
      if (place === ALL_EXPORTS) return undefined;
      places.push([place, targets[at + 1] ?? 0]);
    }
    return places;
  }

  unitAt(place: number): KnownUnit | undefined {
    const unit = place < 0 ? this.#file.inner[-1 - place] : this.#file.units[place];
    return unit && unitOfKind(unit.kind);
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
