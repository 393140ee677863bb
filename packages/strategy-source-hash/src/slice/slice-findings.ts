import type { LocatedFinding } from '../finding.ts';
import type { GraphNode } from '../graph-node.ts';
import { loadTimeFindings } from '../load-time-findings.ts';
import type { SourceGraph } from '../source-graph.ts';
import type { Evaluation } from './evaluation.ts';
import type { UnitPart } from './linker.ts';
import type { Slice } from './slicer.ts';

/** Everything in a slice that a hash of source cannot see through, each place once. */
export function findingsOf(slice: Slice, graph: SourceGraph, evaluation: Evaluation): readonly LocatedFinding[] {
  const found = new Map<string, LocatedFinding>();
  const add = (findings: readonly LocatedFinding[]): void => {
    for (const finding of findings) {
      const key = `${finding.kind} ${finding.place.file}:${finding.place.line}`;
      if (!found.has(key)) found.set(key, finding);
    }
  };
  for (const { part } of slice.reached) {
    if (part.kind === 'unit') add(unitFindings(part, graph));
    else if (part.kind === 'leaf' && part.file !== undefined) add(part.file.findings);
  }
  for (const file of evaluation.files) if (file.bare.length > 0) add(findingsOfImports(file, bareSpecifiers(file)));
  return [...found.values()];
}

const known = new WeakMap<UnitPart, readonly LocatedFinding[]>();

function unitFindings(part: UnitPart, graph: SourceGraph): readonly LocatedFinding[] {
  const before = known.get(part);
  if (before !== undefined) return before;
  const { file, unit } = part;
  const inside = file.findings.filter(({ kind, offset }) => {
    return kind === 'compiler-options' || (unit.start <= offset && offset < unit.end);
  });
  const imported = new Set(unit.refs.flatMap((ref) => (ref.to === 'own' ? [] : [ref.from])));
  const findings = [...inside, ...findingsOfImports(file, imported), ...loadTimeFindings(file, graph, unit)];
  known.set(part, findings);
  return findings;
}

/** What is said about import statements counts where what they import is used. */
function findingsOfImports(file: GraphNode, specifiers: ReadonlySet<string>): readonly LocatedFinding[] {
  if (file.findings.length === 0) return [];
  const statements = (file.facts?.references ?? []).filter(({ lazy, specifier }) => !lazy && specifiers.has(specifier));
  return file.findings.filter(({ offset }) => statements.some((statement) => statement.offset === offset));
}

function bareSpecifiers(file: GraphNode): ReadonlySet<string> {
  const bare = (file.facts?.references ?? []).filter(({ isBare }) => isBare === true);
  return new Set(bare.map(({ specifier }) => specifier));
}
