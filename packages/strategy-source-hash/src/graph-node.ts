import type { Digest } from './digest.ts';
import type { LocatedFinding } from './finding.ts';
import type { InstalledTree } from './installed-packages.ts';
import type { End, LateEdges } from './outgoing-edges.ts';
import type { Unit } from './slice/unit.ts';
import type { SourceFacts } from './source-facts.ts';

/** A file that code depends on. */
export interface GraphNode {
  readonly path: string;
  readonly kind: 'source' | 'json' | 'asset' | 'directory';
  /** What the file itself says: its normal form, how it is compiled, and where its references lead. */
  readonly digest: Digest;
  /** Of source: what decides its behaviour beside its text, which is how it is compiled and where its references lead. */
  readonly surroundings?: Digest;
  /** The files that it leads to. */
  readonly targets: readonly string[];
  readonly findings: readonly LocatedFinding[];
  /** Where its module references lead, by specifier, as far as that is to source. */
  readonly imports: ReadonlyMap<string, readonly string[]>;
  /** The installed packages that it leads to. */
  readonly trees: ReadonlySet<InstalledTree>;
  /** The files that the node was made from. */
  readonly sources: readonly string[];
  readonly facts?: SourceFacts | undefined;
  /** Where its references lead, by kind and specifier. */
  readonly ends: ReadonlyMap<string, readonly End[]>;
  /** Of `targets`, those that are loaded with this file or by it, in that order. */
  readonly evaluated: readonly string[];
  /** Of these, those that are loaded before this one. */
  readonly eager: ReadonlySet<string>;
  /** What is imported for its effects alone, other than files. */
  readonly bare: readonly End[];
  /** How the file is compiled and loaded: counts for each part of it. */
  readonly setting: string;
  /** The modules that JSX is compiled to use. */
  readonly jsxRuntimes: readonly string[];
  /** Names in the file that JSX may be compiled to use. */
  readonly jsxFactories: readonly string[];
  /** A JSON module's value. */
  readonly json?: { readonly value: unknown } | undefined;
  /** What of `targets`, and of installed packages, may be loaded only when functions of the file run. */
  readonly late?: LateEdges | undefined;
  /** What is known of its parts where it need not have been read; absent for files that were. */
  readonly parts?: KnownParts | undefined;
}

/** What an earlier process knew of the parts of a file, which is as it was. */
export interface KnownParts {
  /** The units of the file that an exported name stands for; `undefined` where it may stand for something else. */
  exported(name: string): readonly (readonly [place: number, bind: number])[] | undefined;
  unitAt(place: number): Pick<Unit, 'holds' | 'isAssigned'> | undefined;
}
