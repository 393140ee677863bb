import { widthOf } from '@memo/core/inspect';
import type { Terminal } from './terminal.ts';
import { wrapText } from './wrap-text.ts';

/** A row of a table: a text for each column, and how one of them is painted. */
export interface TableRow {
  readonly cells: readonly string[];
  readonly paint?: (text: string, column: number) => string;
}

export interface Table {
  readonly head: readonly string[];
  readonly rows: readonly TableRow[];
}

/** The width of the widest of some texts. */
export function widestOf(texts: readonly string[]): number {
  return texts.reduce((widest, text) => Math.max(widest, widthOf(text)), 0);
}

const GAP = 2;

/**
 * A table in lines that fit into the terminal. Columns without a value are left out. Where the others are too wide together, each row becomes a
 * record: its first cell, then the others with their names. Nothing is cut.
 */
export function tableLines(table: Table, terminal: Terminal): readonly string[] {
  const { head, rows } = table;
  if (rows.length === 0) return [];
  const widths = head.map((name, column) => {
    const widest = widestOf(rows.map(({ cells }) => cells[column] ?? ''));
    return widest === 0 ? 0 : Math.max(widest, widthOf(name));
  });
  const width = widths.filter((of) => of > 0).reduce((sum, of) => sum + of + GAP, -GAP);
  return width <= terminal.columns
    ? gridLines(table, widths, terminal)
    : rows.flatMap((row) => recordLines(head, row, terminal));
}

function gridLines({ head, rows }: Table, widths: readonly number[], { paint }: Terminal): readonly string[] {
  const columns = [...widths.keys()].filter((column) => widths[column] !== 0);
  const line = (cellOf: (column: number) => string, paintCell: TableRow['paint'] = (text) => text): string =>
    columns
      .map((column) => {
        const text = cellOf(column);
        return paintCell(text, column) + ' '.repeat(Math.max(0, (widths[column] ?? 0) - widthOf(text)));
      })
      .join(' '.repeat(GAP))
      .trimEnd();
  const top = line((column) => head[column] ?? '');
  return [
    paint('dim', top),
    ...rows.map(({ cells, paint: painted }) => line((column) => cells[column] ?? '', painted)),
  ];
}

function recordLines(
  head: readonly string[],
  { cells, paint: paintCell = (text) => text }: TableRow,
  terminal: Terminal,
): readonly string[] {
  const { paint, columns } = terminal;
  const [first = '', ...others] = cells;
  const lines = [...wrapText(first, columns)].map((text) => paintCell(text, 0));
  let used = columns;
  for (const [index, cell] of others.entries()) {
    if (cell === '') continue;
    const name = head[index + 1] ?? '';
    const width = widthOf(name) + 1 + widthOf(cell);
    const pair = `${paint('dim', name)} ${paintCell(cell, index + 1)}`;
    const fits = used + GAP + width <= columns;
    if (fits) lines[lines.length - 1] += ' '.repeat(GAP) + pair;
    else lines.push(' '.repeat(GAP) + pair);
    used = fits ? used + GAP + width : GAP + width;
  }
  return lines;
}
