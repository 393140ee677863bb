import type { Linker } from './linker.ts';
import type { Part, Target, UnitPart } from './part.ts';
import { runsAtLoad } from './part-traits.ts';
import { knownOf } from './placed-unit.ts';
import type { Pass, Write } from './unit.ts';
import { isChangedBy } from './value-changes.ts';

/**
 * True for a unit that by itself changes nothing, runs nothing as it is loaded, and reads nothing then: a function that only calls functions, for
 * example. What it calls may do all that.
 */
export function isStill(part: UnitPart, linker: Linker): boolean {
  const { unit } = part;
  const edges = linker.edges(part);
  const isLoud = unit.isAssigned || unit.awaits || unit.isGlobal || unit.hasTraps || unit.holds === 'made';
  if (isLoud || unit.writesParams || unit.traits.includes('fills') || unit.writesGlobals || !readsNothing(part, linker))
    return false;
  const isMade = unit.makers.length > 0 && unit.holds !== 'framework';
  const writes = (write: Write): boolean => (edges[write.ref] ?? []).every(({ part: one }) => isCallOnly(write, one));
  return !isMade && unit.writes.every(writes) && unit.passes.every((pass) => isHandedToFunction(pass, edges));
}

/** True for a unit that neither runs code as it is loaded nor reads anything then but its own name, and what packages export. */
export function readsNothing(part: UnitPart, linker: Linker): boolean {
  if (runsAtLoad(part)) return false;
  const edges = linker.edges(part);
  return part.unit.reads.every((index) =>
    (edges[index] ?? []).every((target) => target.part === part || target.part.kind === 'leaf'),
  );
}

/** Calling a function, or asking a package for something, changes neither. */
function isCallOnly({ how, isCall }: Write, called: Part): boolean {
  if (how === 'assign' || called.kind === 'namespace') return false;
  if (called.kind === 'leaf') return how !== 'statement' || called.token.startsWith('framework');
  // Whether a method of a literal only asks for something is decided by what others do to it.
  const unit = knownOf(called);
  return unit.holds !== 'literal' && !isChangedBy({ unit }, { how, isCall }, () => false);
}

/** Whether that changes what it is given is known of the function. */
function isHandedToFunction({ callee, how }: Pass, edges: readonly (readonly Target[])[]): boolean {
  const isFunction = ({ part }: Target): boolean => part.kind === 'unit' && knownOf(part).holds === 'function';
  return how !== 'statement' || (callee !== undefined && (edges[callee] ?? []).every(isFunction));
}
