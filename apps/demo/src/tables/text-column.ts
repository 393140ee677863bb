/** A column of strings: row `i` holds `dictionary[codes[i]]`. Two bytes a row, however long the strings are. */
export interface TextColumn {
  codes: Uint16Array;
  dictionary: string[];
}

/** The string in one row. */
export function textAt(column: TextColumn, row: number): string {
  return column.dictionary[column.codes[row] ?? -1] ?? '';
}

/** The rows of `column` at the given places, over the same dictionary. */
export function pickText(column: TextColumn, rows: Uint32Array): TextColumn {
  return { codes: pick(column.codes, rows, Uint16Array), dictionary: column.dictionary };
}

/** The values of a typed array at the given places. */
export function pick<A extends Uint8Array | Uint16Array | Uint32Array | Int16Array>(
  values: A,
  rows: Uint32Array,
  Column: new (length: number) => A,
): A {
  const picked = new Column(rows.length);
  for (let i = 0; i < rows.length; i++) picked[i] = values[rows[i] as number] as number;
  return picked;
}
