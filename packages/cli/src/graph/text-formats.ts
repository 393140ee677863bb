import { oneLine } from '@memo/core/inspect';
import type { StepGraph } from './step-graph.ts';

/** What the drawings of all formats share: colours by what a step does. */
export const FILL: Readonly<Record<StepGraph['nodes'][number]['action'], string>> = {
  run: '#22c55e',
  reuse: '#38bdf8',
  pending: '#facc15',
  skip: '#a1a1aa',
};

/** Left to right, or top to bottom. */
export type Direction = 'lr' | 'tb';

/** A flowchart for Mermaid, which GitHub draws in Markdown. */
export function mermaidGraph({ nodes, edges }: StepGraph, direction: Direction): string {
  const name = new Map(nodes.map(({ id }, index) => [id, `n${index}`]));
  return [
    `flowchart ${direction.toUpperCase()}`,
    ...nodes.map(({ id, label, action }) => `  ${name.get(id)}["${mermaidText(label)}"]:::${action}`),
    ...edges.map(({ from, to, label }) =>
      label === '' ? `  ${name.get(from)} -.-> ${name.get(to)}` : `  ${name.get(from)} --> ${name.get(to)}`,
    ),
    ...Object.entries(FILL).map(([action, fill]) => `  classDef ${action} fill:${fill},stroke:#3f3f46,color:#18181b`),
  ].join('\n');
}

function mermaidText(text: string): string {
  return oneLine(text).replace(/[#&<>"`[\]{}|]/g, (character) => `#${character.charCodeAt(0)};`);
}

/** A graph for Graphviz. */
export function dotGraph({ job, nodes, edges }: StepGraph, direction: Direction): string {
  const quoted = (text: string): string => `"${oneLine(text).replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
  return [
    `digraph ${quoted(job)} {`,
    `  rankdir=${direction.toUpperCase()};`,
    '  node [shape=box, style="rounded,filled", fontname="sans-serif"];',
    ...nodes.map(
      ({ id, label, action }) =>
        `  ${quoted(id)} [label=${quoted(label)}, fillcolor="${FILL[action]}", tooltip="${action}"];`,
    ),
    ...edges.map(
      ({ from, to, label }) =>
        `  ${quoted(from)} -> ${quoted(to)} [${label === '' ? 'style=dashed' : `tooltip=${quoted(label)}`}];`,
    ),
    '}',
  ].join('\n');
}
