import type { DefinitionFrame } from '../definition-file.ts';
import type { GraphNode } from '../graph-node.ts';
import type { SourceFacts } from '../source-facts.ts';
import type { Linker, Target } from './linker.ts';
import type { OpUnit } from './unit.ts';

/** What the calls that made a definition come from. */
export interface DefinitionRoots {
  /** One list for each call, innermost first. */
  readonly targets: readonly (readonly Target[])[];
  /** The op or resource itself, where it is defined in place. */
  readonly op: OpUnit | undefined;
  /** Files whose part could not be told, so that they count as a whole. */
  readonly unplaced: readonly string[];
}

/** Finds the units that made a definition. A call whose place is not certain stands for its whole file. */
export function definitionRoots(
  frames: readonly DefinitionFrame[],
  name: string,
  program: { readonly linker: Linker; node(path: string): GraphNode | undefined },
): DefinitionRoots {
  const unplaced: string[] = [];
  let op: OpUnit | undefined;
  const targets = frames.map((frame, index) => {
    const file = program.node(frame.file);
    if (file?.facts === undefined) return [];
    const offset = offsetOf(frame, file);
    const found = index === 0 ? opAt(file, name, { offset, frame }) : undefined;
    if (found !== undefined) {
      op = found;
      return [{ part: program.linker.unit(file, found, indexOf(file, found)), bind: 0 }];
    }
    const units = program.linker.unitsOf(file);
    const around = units.filter(({ unit }) => offset !== undefined && unit.start <= offset && offset < unit.end);
    if (around.length === 0 && units.length > 1) unplaced.push(frame.file);
    return (around.length === 0 ? units : around).map((part) => ({ part, bind: 0 }));
  });
  return { targets, op, unplaced };
}

/** The op whose defining call stands at a place; else the only one of its name in the file, for code outside of functions. */
function opAt(
  { facts }: GraphNode,
  name: string,
  { offset, frame }: { readonly offset: number | undefined; readonly frame: DefinitionFrame },
): OpUnit | undefined {
  const ops = (facts?.units.ops ?? []).filter(({ definedName }) => definedName === undefined || definedName === name);
  if (offset !== undefined) return ops.filter((op) => op.callStart <= offset && offset < op.start).at(-1);
  const named = ops.filter(({ definedName }) => definedName === name);
  return named.length === 1 && !frame.isNamed ? named[0] : undefined;
}

/** The place of the unit around an op in the order of evaluation. */
function indexOf(file: GraphNode, op: OpUnit): number {
  return (file.facts?.units.units ?? []).findIndex(({ start, end }) => start <= op.callStart && op.callEnd <= end);
}

/** Where a call stands in the text of a file; `undefined` when no place is certain. */
function offsetOf({ positions }: DefinitionFrame, file: GraphNode): number | undefined {
  if (file.facts === undefined) return undefined;
  const { units } = file.facts;
  if (units.isWhole) return 0;
  const lines = lineStarts(file.facts);
  const calls = new Set(units.calls);
  const exact = positions.map(({ line, column }) => (lines[line - 1] ?? Number.NaN) + column - 1);
  // A runner that maps positions means the text of the file; the runtime's own are those of what it was given.
  const [first] = positions.length > 1 ? exact.slice(0, 1) : exact;
  if (first !== undefined && calls.has(first)) return first;
  return onlyCallInLine(positions[0]?.line ?? 0, lines, file);
}

/** A runner may keep lines and not columns: then a line will do, as long as all its calls are of one unit. */
function onlyCallInLine(line: number, lines: readonly number[], file: GraphNode): number | undefined {
  const [start, end] = [lines[line - 1] ?? Number.POSITIVE_INFINITY, lines[line] ?? Number.POSITIVE_INFINITY];
  const inLine = (file.facts?.units.calls ?? []).filter((call) => start <= call && call < end);
  const [first] = inLine;
  if (first === undefined) return undefined;
  const { units = [], ops = [] } = file.facts?.units ?? {};
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
