const COLUMNS = [
  ['shape', ({ shape }) => shape],
  ['n', ({ n }) => String(n)],
  ['phase', ({ phase }) => phase],
  ['program', ({ peer }) => peer],
  ['ran', ({ executed }) => String(executed)],
  ['wall ms', ({ wallMs }) => wallMs.toFixed(0)],
  ['CPU ms', ({ cpuMs }) => cpuMs?.toFixed(0) ?? '–'],
  ['µs/step inside', ({ insideUs }) => insideUs?.toFixed(1) ?? '–'],
  ['peak MB', ({ rssMb }) => rssMb?.toFixed(0) ?? '–'],
];

/** The rows as an aligned text table, by shape, size and phase, so that programs stand below each other. */
export function formatTable(rows) {
  const sorted = [...rows].sort((a, b) => (order(a) < order(b) ? -1 : 1));
  const cells = [COLUMNS.map(([title]) => title), ...sorted.map((row) => COLUMNS.map(([, text]) => text(row)))];
  const widths = COLUMNS.map((_, column) => Math.max(...cells.map((line) => line[column].length)));
  return cells
    .map((line) =>
      line.map((text, column) => (column < 4 ? text.padEnd(widths[column]) : text.padStart(widths[column]))).join('  '),
    )
    .join('\n');
}

function order({ shape, n, phase, peer }) {
  return `${shape}|${String(n).padStart(9, '0')}|${phase}|${peer === 'memo' ? '' : peer}`;
}
