/** `count` of `total` rows, evenly spread: rows are in order of time, so a sample covers every month. */
export function evenly(total: number, count: number): Uint32Array {
  const rows = new Uint32Array(Math.min(total, count));
  for (let i = 0; i < rows.length; i++) rows[i] = Math.floor((i * total) / rows.length);
  return rows;
}
