import type { DefinitionFrame } from '../definition-file.ts';
import type { GraphNode } from '../graph-node.ts';
import type { Linker } from './linker.ts';
import type { Target } from './part.ts';
import { placementIn } from './placement.ts';
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
    const placed = placementIn(file.facts, frame, index === 0 ? name : undefined);
    const found = file.facts.units.ops[placed.op?.[0] ?? -1];
    if (found !== undefined) {
      op = found;
      return [{ part: program.linker.unit(file, found, placed.op?.[1] ?? -1), bind: 0 }];
    }
    if (placed.isUnplaced) unplaced.push(frame.file);
    const units = program.linker.unitsOf(file);
    return placed.units.flatMap((at) => units[at] ?? []).map((part) => ({ part, bind: 0 }));
  });
  return { targets, op, unplaced };
}
