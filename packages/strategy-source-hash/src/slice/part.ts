import type { GraphNode } from '../graph-node.ts';
import type { InstalledTree } from '../installed-packages.ts';
import type { Unit } from './unit.ts';

/** A part of the program that behaviour can depend on. */
export type Part = UnitPart | NamespacePart | LeafPart;

/** A unit of a source file. */
export interface UnitPart {
  readonly kind: 'unit';
  readonly file: GraphNode;
  readonly unit: Unit;
  /** Its place in the order of evaluation within the file. */
  readonly index: number;
}

/** All exports of a module, as a value. */
export interface NamespacePart {
  readonly kind: 'namespace';
  readonly file: GraphNode;
}

/** What is not taken apart: a package, a builtin module, data. */
export interface LeafPart {
  readonly kind: 'leaf';
  /** All that counts of it. */
  readonly token: string;
  /** What changes of it change: a package or file, whichever of its exports is named. */
  readonly whole: string;
  readonly file?: GraphNode;
  readonly tree?: Pick<InstalledTree, 'packages'>;
  /** The members of a JSON file that it stands for; `undefined` for the whole value. Several where they have one value. */
  readonly members?: Set<string | undefined>;
}

/** A part, and which of the names that it binds is meant. */
export interface Target {
  readonly part: Part;
  readonly bind: number;
}

/** A file that code loads by itself. */
export interface Load {
  readonly path: string;
  /** True where it may be run as a program of its own, which evaluates all that it imports anew, in an order of its own. */
  readonly isProgram: boolean;
}
