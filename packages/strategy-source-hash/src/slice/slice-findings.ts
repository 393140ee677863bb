import type { LocatedFinding } from '../finding.ts';
import type { GraphNode } from '../graph-node.ts';
import { loadTimeFindings } from '../load-time-findings.ts';
import type { SourceGraph } from '../source-graph.ts';
import type { Evaluation } from './evaluation.ts';
import type { Part, UnitPart } from './part.ts';

/** What a hash of source cannot see through. */
export class SliceFindings {
  readonly #graph: SourceGraph;
  readonly #ofBareImports = new Map<Evaluation, readonly LocatedFinding[]>();

  constructor(graph: SourceGraph) {
    this.#graph = graph;
  }

  /** What is found in a part. */
  of(part: Part): readonly LocatedFinding[] {
    if (part.kind === 'leaf') return part.file?.findings ?? [];
    return part.kind === 'unit' ? unitFindings(part, this.#graph) : [];
  }

  /** What is found in parts, and in the bare imports of the modules that are loaded with them: each place once. */
  with(
    findings: readonly LocatedFinding[],
    evaluation: Evaluation,
    bareFiles: (evaluation: Evaluation) => readonly GraphNode[],
  ): readonly LocatedFinding[] {
    const known = this.#ofBareImports.get(evaluation);
    const bare = known ?? bareFiles(evaluation).flatMap((file) => findingsOfImports(file, bareSpecifiers(file)));
    this.#ofBareImports.set(evaluation, bare);
    const found = new Map<string, LocatedFinding>();
    for (const finding of [...findings, ...bare]) {
      const key = `${finding.kind} ${finding.place.file}:${finding.place.line}`;
      if (!found.has(key)) found.set(key, finding);
    }
    return [...found.values()];
  }
}

function unitFindings({ file, unit }: UnitPart, graph: SourceGraph): readonly LocatedFinding[] {
  const inside = file.findings.filter(({ kind, offset }) => {
    return kind === 'compiler-options' || (unit.start <= offset && offset < unit.end);
  });
  const imported = new Set(unit.refs.flatMap((ref) => (ref.to === 'own' ? [] : [ref.from])));
  return [...inside, ...findingsOfImports(file, imported), ...loadTimeFindings(file, graph, unit)];
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
