import type { DefinitionFrame } from '../definition-file.ts';
import type { SourceFacts } from '../source-facts.ts';
import type { OpUnit, Unit } from './unit.ts';

/** What of a file a call belongs to that made a definition, by places in the lists of its parts. */
export interface Placement {
  /** The op that it defines, and the unit around that. */
  readonly op?: readonly [op: number, unit: number];
  /** The units around it; all of them where its place is not certain. */
  readonly units: readonly number[];
  readonly isUnplaced: boolean;
}

/** Where a call stands. `name` is that of the op or resource for the call that defines it, `undefined` for its callers. */
export function placementIn(facts: SourceFacts, frame: DefinitionFrame, name: string | undefined): Placement {
  const offset = offsetOf(frame, facts);
  const op = name === undefined ? undefined : opAt(facts, name, { offset, frame });
  if (op !== undefined)
    return { op: [facts.units.ops.indexOf(op), unitAround(op, facts)], units: [], isUnplaced: false };
  const all = facts.units.units.map((unit, at) => ({ unit, at }));
  const around = all.filter(({ unit }) => offset !== undefined && unit.start <= offset && offset < unit.end);
  const isUnplaced = around.length === 0 && all.length > 1;
  return { units: (around.length === 0 ? all : around).map(({ at }) => at), isUnplaced };
}

/** The op whose defining call stands at a place; else the only one of its name in the file, for code outside of functions. */
function opAt(
  { units }: SourceFacts,
  name: string,
  { offset, frame }: { readonly offset: number | undefined; readonly frame: DefinitionFrame },
): OpUnit | undefined {
  const ops = units.ops.filter(({ definedName }) => definedName === undefined || definedName === name);
  if (offset !== undefined) return ops.filter((op) => op.callStart <= offset && offset < op.start).at(-1);
  const named = ops.filter(({ definedName }) => definedName === name);
  return named.length === 1 && !frame.isNamed ? named[0] : undefined;
}

/** The place of the unit around an op, or around a member of an object, in the order of evaluation. */
export function unitAround(inner: Unit | OpUnit, { units }: SourceFacts): number {
  const { callStart = inner.start, callEnd = inner.end } = inner as Partial<OpUnit>;
  return units.units.findIndex(({ start, end }) => start <= callStart && callEnd <= end);
}

/** Where a call stands in the text of a file; `undefined` when no place is certain. */
function offsetOf({ positions }: DefinitionFrame, facts: SourceFacts): number | undefined {
  const { units } = facts;
  if (units.isWhole) return 0;
  const lines = lineStarts(facts);
  const exact = positions.map(({ line, column }) => (lines[line - 1] ?? Number.NaN) + column - 1);
  // A runner that maps positions means the text of the file; the runtime's own are those of what it was given.
  const [first] = positions.length > 1 ? exact.slice(0, 1) : exact;
  if (first !== undefined && units.calls.includes(first)) return first;
  return onlyCallInLine(positions[0]?.line ?? 0, lines, facts);
}

/** A runner may keep lines and not columns: then a line will do, as long as all its calls are of one unit. */
function onlyCallInLine(line: number, lines: readonly number[], facts: SourceFacts): number | undefined {
  const [start, end] = [lines[line - 1] ?? Number.POSITIVE_INFINITY, lines[line] ?? Number.POSITIVE_INFINITY];
  const inLine = facts.units.calls.filter((call) => start <= call && call < end);
  const [first] = inLine;
  if (first === undefined) return undefined;
  const { units, ops } = facts.units;
  const around = new Set(inLine.map((call) => units.find((unit) => unit.start <= call && call < unit.end)));
  const opsInLine = ops.filter(({ callStart }) => start <= callStart && callStart < end);
  if (around.size > 1 || opsInLine.length > 1) return undefined;
  return opsInLine[0]?.callStart ?? first;
}

const linesOf = new WeakMap<SourceFacts, readonly number[]>();

/** Where the lines of a text begin. */
function lineStarts(facts: SourceFacts): readonly number[] {
  const known = linesOf.get(facts);
  if (known !== undefined) return known;
  const { text } = facts;
  const starts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  linesOf.set(facts, starts);
  return starts;
}
