import { type LocatedFinding, locate } from './finding.ts';
import type { GraphNode } from './graph-node.ts';
import type { CallByName, InitialiserFacts, Unit } from './initialisers.ts';
import type { SourceGraph } from './source-graph.ts';

/**
 * What the loading of a module asks of the world: at its top level, and in the functions that its top level calls, here or in
 * other files of the project; with `span` for that part of its top level alone. Calls are followed by name.
 */
export function loadTimeFindings(
  node: GraphNode,
  graph: SourceGraph,
  span: Span = EVERYTHING,
): readonly LocatedFinding[] {
  return lookAtLoad(node, graph, span).found;
}

/** The files whose functions a module may call as it is loaded, and those that were asked for them: what they say may be said of it. */
export function askedAtLoad(node: GraphNode, graph: Graph): ReadonlySet<string> {
  return lookAtLoad(node, graph, EVERYTHING).asked;
}

type Graph = Pick<SourceGraph, 'node'>;

function lookAtLoad(
  node: GraphNode,
  graph: Graph,
  span: Span,
): { readonly found: readonly LocatedFinding[]; readonly asked: ReadonlySet<string> } {
  const asked = new Set<string>();
  if (node.facts === undefined) return { found: [], asked };
  const isInside = ({ offset }: { readonly offset: number }): boolean => span.start <= offset && offset < span.end;
  const found: LocatedFinding[] = [];
  const visited = new Set<string>();
  const pending: { readonly node: GraphNode; readonly unit: Unit }[] = [];
  const enter = (owner: GraphNode, name: string, unit: Unit): void => {
    const key = `${name}\0${owner.path}`;
    if (visited.has(key)) return;
    visited.add(key);
    pending.push({ node: owner, unit });
  };
  const { findings, calls } = node.facts.initialisers.module;
  enter(node, '', { findings: findings.filter(isInside), calls: calls.filter(isInside) });
  for (let current = pending.pop(); current !== undefined; current = pending.pop()) {
    const owner = current.node;
    const text = owner.facts?.text ?? '';
    found.push(...current.unit.findings.map((finding) => locate(finding, owner.path, text)));
    for (const call of current.unit.calls) {
      for (const called of calledUnits(call, owner, { graph, asked })) enter(called.node, called.name, called.unit);
    }
  }
  return { found, asked };
}

interface Asking {
  readonly graph: Graph;
  readonly asked: Set<string>;
}

/** A stretch of a file. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

const EVERYTHING: Span = { start: 0, end: Number.MAX_SAFE_INTEGER };

interface CalledUnit {
  readonly node: GraphNode;
  readonly name: string;
  readonly unit: Unit;
}

function calledUnits(call: CallByName, from: GraphNode, asking: Asking): readonly CalledUnit[] {
  if (call.from === undefined) return unitIn(from, call.unit);
  const targets = from.imports.get(call.from) ?? [];
  return findExported(targets, call.unit, asking);
}

/** The exported function of that name in the given files, or in those that they import, for barrels. */
function findExported(paths: readonly string[], name: string, { graph, asked }: Asking): readonly CalledUnit[] {
  const seen = new Set<string>();
  const pending = [...paths];
  for (let path = pending.shift(); path !== undefined; path = pending.shift()) {
    if (seen.has(path)) continue;
    seen.add(path);
    asked.add(path);
    const node = graph.node(path);
    if (node?.facts === undefined) continue;
    const found = unitIn(node, name);
    if (found.length > 0) return found;
    if (node.facts.initialisers.functions.size === 0) pending.push(...node.targets);
  }
  return [];
}

function unitIn(node: GraphNode, name: string): readonly CalledUnit[] {
  const facts: InitialiserFacts | undefined = node.facts?.initialisers;
  const unit = facts?.functions.get(name) ?? facts?.functions.get(facts.aliases.get(name) ?? '');
  return unit === undefined ? [] : [{ node, name, unit }];
}
