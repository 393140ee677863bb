import type { Uncertainty } from '@memo/core/plugin';
import type { LocatedFinding } from '../finding.ts';
import type { GraphNode } from '../graph-node.ts';
import { asksMachine } from '../machine-values.ts';
import type { Declarations } from './declarations.ts';
import type { Linker } from './linker.ts';
import type { Target } from './part.ts';

interface Program {
  readonly linker: Linker;
  readonly declarations: Declarations;
  node(path: string): GraphNode | undefined;
}

/** What is left of findings, and the entries of `exclude` that the others were left out for. */
export interface KeptFindings {
  readonly findings: readonly LocatedFinding[];
  readonly excluded: readonly string[];
}

/** Leaves out what code that is declared irrelevant or pure asks of the world while modules are loaded. */
export function findingsUnderDeclarations(
  findings: readonly LocatedFinding[],
  roots: readonly (readonly Target[])[],
  program: Program,
): KeptFindings {
  const excluded = new Set<string>();
  const kept = findings.filter(({ kind, place, offset }) => {
    if (kind !== 'impure-initialiser' && !asksMachine({ kind })) return true;
    const file = program.node(place.file);
    const isHere = ({ start, end }: { readonly start: number; readonly end: number }): boolean =>
      start <= offset && offset < end;
    const around = file === undefined ? [] : program.linker.unitsOf(file).filter(({ unit }) => isHere(unit));
    if (around.length === 0) return true;
    if (around.every((part) => program.declarations.isPure(part))) return false;
    // What a version is asked for counts, whatever is declared.
    if (roots.flat().some(({ part }) => part.kind === 'unit' && part.file === file && isHere(part.unit))) return true;
    const entries = around.map((part) => program.declarations.excludedBy(part));
    if (entries.includes(undefined)) return true;
    for (const entry of entries) if (entry !== undefined) excluded.add(entry);
    return false;
  });
  return { findings: kept, excluded: [...excluded] };
}

/** Says which declarations a version rests on, and which name nothing. */
export function declarationNotes(declared: readonly string[], unmatched: readonly string[]): readonly Uncertainty[] {
  return [
    ...declared.map((entry): Uncertainty => {
      if (entry.startsWith('exclude ')) {
        return { kind: 'declared-irrelevant', message: `${entry}: declared not to matter for what is computed` };
      }
      return { kind: 'declared-pure', message: `${entry}: declared to change nothing that other code sees` };
    }),
    ...unmatched.map((entry): Uncertainty => {
      return { kind: 'unmatched-override', message: `${entry}: names nothing in the files of the program` };
    }),
  ];
}
