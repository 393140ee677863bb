import { FileGone } from '../file-gone.ts';
import type { GraphNode } from '../graph-node.ts';
import type { Target, UnitPart } from './part.ts';
import { unitAround } from './placement.ts';
import type { FileUnits, Unit } from './unit.ts';

/** What others may ask of a unit without a look at its file. */
export type KnownUnit = Pick<Unit, 'holds' | 'isAssigned'>;

/** A unit of a file that is known and need not have been read: it is looked at when somebody asks for more than its place. */
export class PlacedUnit implements UnitPart {
  readonly kind = 'unit';
  readonly file: GraphNode;
  /** Among the units of its file; less than zero for what lies in one: see {@link innerUnits}. */
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
    return this.place >= 0 || facts === undefined ? this.place : unitAround(this.unit, facts);
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
  return facts && unitOf(facts.units, place);
}

export function unitOf(units: FileUnits, place: number): Unit | undefined {
  return place < 0 ? innerUnits(units)[-1 - place] : units.units[place];
}

/** What counts by itself though it lies in a unit: ops, and members of objects. */
export function innerUnits({ ops, members }: FileUnits): readonly Unit[] {
  return members.length === 0 ? ops : [...ops, ...members];
}

/** The place of a unit among those of its file, less than zero for what lies in one. */
export function placeIn(file: GraphNode, unit: Unit, index: number): number {
  const parts = file.facts?.units;
  return parts === undefined || parts.units[index] === unit ? index : -1 - innerUnits(parts).indexOf(unit);
}

export function knownOf(part: UnitPart): KnownUnit {
  return (part instanceof PlacedUnit ? part.file.parts?.unitAt(part.place) : undefined) ?? part.unit;
}
