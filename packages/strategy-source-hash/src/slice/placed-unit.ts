import { FileGone } from '../file-gone.ts';
import type { GraphNode } from '../graph-node.ts';
import type { Target, UnitPart } from './part.ts';
import { unitAround } from './placement.ts';
import type { OpUnit, Unit } from './unit.ts';

/** What others may ask of a unit without a look at its file. */
export type KnownUnit = Pick<Unit, 'holds' | 'isAssigned'>;

/** A unit of a file that is known and need not have been read: it is looked at when somebody asks for more than its place. */
export class PlacedUnit implements UnitPart {
  readonly kind = 'unit';
  readonly file: GraphNode;
  /** Among the units of its file; less than zero for ops. */
  readonly place: number;

  constructor(file: GraphNode, place: number) {
    this.file = file;
    this.place = place;
  }

  get unit(): Unit {
    const unit = unitAt(this.file, this.place);
    if (unit === undefined) throw new FileGone(this.file.path);
    return unit;
  }

  get index(): number {
    const { facts } = this.file;
    return this.place >= 0 || facts === undefined ? this.place : unitAround(this.unit as OpUnit, facts);
  }
}

/** Units by their places: each is one object, so that parts can be compared. */
export class PlacedUnits {
  readonly #units = new Map<GraphNode, Map<number, PlacedUnit>>();

  at(file: GraphNode, place: number): UnitPart {
    const units = this.#units.get(file) ?? new Map<number, PlacedUnit>();
    this.#units.set(file, units);
    const known = units.get(place) ?? new PlacedUnit(file, place);
    units.set(place, known);
    return known;
  }

  /** What an exported name of a file stands for; `undefined` where that is not known without a look at it. */
  exported(file: GraphNode, name: string): readonly Target[] | undefined {
    return file.parts?.exported(name)?.map(([place, bind]) => ({ part: this.at(file, place), bind }));
  }
}

export function unitAt({ facts }: GraphNode, place: number): Unit | undefined {
  return place < 0 ? facts?.units.ops[-1 - place] : facts?.units.units[place];
}

/** The place of a unit among those of its file, less than zero for ops. */
export function placeIn(file: GraphNode, unit: Unit, index: number): number {
  const parts = file.facts?.units;
  return parts?.units[index] === unit ? index : -1 - (parts?.ops.indexOf(unit as OpUnit) ?? -1);
}

export function knownOf(part: UnitPart): KnownUnit {
  return (part instanceof PlacedUnit ? part.file.parts?.unitAt(part.place) : undefined) ?? part.unit;
}
