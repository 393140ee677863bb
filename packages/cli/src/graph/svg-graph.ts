import { cutMiddle, oneLine } from '@memo/core/inspect';
import { layeredLayout, type Placed } from './layered-layout.ts';
import type { StepGraph } from './step-graph.ts';
import { type Direction, FILL } from './text-formats.ts';

const NODE = { width: 150, height: 36 };
const GAP = { across: 48, along: 20 };
const MARGIN = 20;
const LONGEST_LABEL = 20;

/** A text inside of XML. */
export function xmlText(text: string): string {
  return oneLine(text).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** A graph as one SVG document without scripts or foreign parts; readable on light and dark ground. */
export function svgGraph(graph: StepGraph, direction: Direction): string {
  const places = layeredLayout(graph);
  const slots = [...places.values()].map(({ slot }) => slot);
  const low = slots.reduce((least, slot) => Math.min(least, slot), 0);
  const high = slots.reduce((most, slot) => Math.max(most, slot), 0);
  const layers = [...places.values()].reduce((most, { layer }) => Math.max(most, layer), 0) + 1;
  const across = direction === 'lr';
  const step = across
    ? { layer: NODE.width + GAP.across, slot: NODE.height + GAP.along }
    : { layer: NODE.height + GAP.across, slot: NODE.width + GAP.along };
  const at = ({ layer, slot }: Placed): readonly [x: number, y: number] => {
    const [along, beside] = [MARGIN + layer * step.layer, MARGIN + (slot - low) * step.slot];
    return across ? [along, beside] : [beside, along];
  };
  const length = 2 * MARGIN + (layers - 1) * step.layer + (across ? NODE.width : NODE.height);
  const breadth = 2 * MARGIN + (high - low) * step.slot + (across ? NODE.height : NODE.width);
  const [width, height] = across ? [length, breadth] : [breadth, length];
  const position = (id: string): readonly [number, number] => at(places.get(id) as Placed);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${round(width)} ${round(height)}" width="${round(width)}" height="${round(height)}" role="img" aria-label="Steps of ${xmlText(graph.job)}" font-family="system-ui,sans-serif" font-size="13">`,
    ...graph.edges.map(({ from, to, label }) => edgePath(position(from), position(to), { across, label })),
    ...graph.nodes.map(({ id, label, action }) => nodeBox(position(id), label, action)),
    '</svg>',
  ].join('\n');
}

function edgePath(
  [x1, y1]: readonly [number, number],
  [x2, y2]: readonly [number, number],
  { across, label }: { readonly across: boolean; readonly label: string },
): string {
  const [sx, sy] = across ? [x1 + NODE.width, y1 + NODE.height / 2] : [x1 + NODE.width / 2, y1 + NODE.height];
  const [tx, ty] = across ? [x2, y2 + NODE.height / 2] : [x2 + NODE.width / 2, y2];
  const bend = (across ? tx - sx : ty - sy) / 2;
  const [c1, c2] = across
    ? [`${round(sx + bend)} ${round(sy)}`, `${round(tx - bend)} ${round(ty)}`]
    : [`${round(sx)} ${round(sy + bend)}`, `${round(tx)} ${round(ty - bend)}`];
  const dash = label === '' ? ' stroke-dasharray="4 3"' : '';
  return `<path d="M${round(sx)} ${round(sy)} C${c1} ${c2} ${round(tx)} ${round(ty)}" fill="none" stroke="#a1a1aa"${dash}><title>${xmlText(label)}</title></path>`;
}

function nodeBox([x, y]: readonly [number, number], label: string, action: keyof typeof FILL): string {
  const box = `<rect x="${round(x)}" y="${round(y)}" width="${NODE.width}" height="${NODE.height}" rx="8" fill="${FILL[action]}" stroke="#52525b"/>`;
  const text = `<text x="${round(x + NODE.width / 2)}" y="${round(y + 22)}" text-anchor="middle" fill="#18181b">${xmlText(cutMiddle(oneLine(label), LONGEST_LABEL))}</text>`;
  return `<g>${box}${text}<title>${xmlText(`${label}: ${action}`)}</title></g>`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
