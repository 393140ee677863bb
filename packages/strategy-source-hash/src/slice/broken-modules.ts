import type { GraphNode } from '../graph-node.ts';
import type { Linker } from './linker.ts';
import type { LeafPart, Target } from './part.ts';

/**
 * Why a module may not be loaded: names that it exports or uses and that nobody may declare, for nobody knows what a file
 * exports that counts as a whole, and mistakes.
 */
export function brokenIn(file: GraphNode, linker: Linker): readonly string[] {
  const exported = (file.facts?.units.exports ?? []).flatMap(({ name }) =>
    mayBeMissing(linker.exported(file.path, name)) ? [name] : [],
  );
  const used = linker
    .unitsOf(file)
    .flatMap((part) =>
      part.unit.refs.flatMap((ref, index) =>
        ref.to === 'import' && mayBeMissing(linker.edges(part)[index] ?? []) ? [ref.name] : [],
      ),
    );
  return [...new Set([...exported, ...used, ...(file.facts?.units.mistakes ?? [])])].sort();
}

/** The packages that a file names: without one, or when it lacks an export, the module cannot be loaded. */
export function packagesNamedIn(file: GraphNode, linker: Linker): readonly LeafPart[] {
  const named = linker
    .unitsOf(file)
    .flatMap((part) => [...part.unit.refs.keys()].flatMap((at) => linker.edges(part)[at]));
  const exported = (file.facts?.units.exports ?? []).flatMap(({ name }) => linker.exported(file.path, name));
  const parts = [...named, ...exported].flatMap((target) => target?.part ?? []);
  return [...new Set(parts)].filter((part): part is LeafPart => part.kind === 'leaf' && part.file === undefined);
}

function mayBeMissing(targets: readonly Target[]): boolean {
  return targets.every(({ part }) => part.kind === 'unit' && part.file.facts?.units.isWhole === true);
}
