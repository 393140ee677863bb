import type { Codec } from '@memo/core/plugin';
import { Table, tableFromArrays, tableFromIPC, tableToIPC } from 'apache-arrow';
import type { NamedValues } from '../src/index.ts';

/** Tables of Apache Arrow, whole and with their types: what a third party writes for values that memo cannot look into. */
export const codec: Codec<Table> = {
  id: 'arrow-ipc/1',
  accepts: (value) => value instanceof Table,
  encode: (table) => tableToIPC(table, 'stream'),
  // Columns are windows on the bytes, which must begin where numbers can.
  decode: (bytes) => tableFromIPC(new Uint8Array(bytes)),
};

const flights = (rows: number): Table =>
  tableFromArrays({
    number: Int32Array.from({ length: rows }, (_, index) => index),
    delay: Float64Array.from({ length: rows }, (_, index) => index / 3),
    origin: Array.from({ length: rows }, (_, index) => ['ZRH', 'GVA', 'BSL'][index % 3] ?? ''),
  });

export const values: NamedValues = {
  'a table': () => flights(1000),
  'one row': () => flights(1),
  'big integers': () => tableFromArrays({ id: BigInt64Array.from([1n, -(2n ** 62n)]) }),
  'missing values': () => tableFromArrays({ note: ['a', null, 'c'] }),
};

/** Whether two tables have the same schema and rows. */
export function same(actual: unknown, expected: unknown): boolean {
  return actual instanceof Table && expected instanceof Table && textOf(actual) === textOf(expected);
}

function textOf(table: Table): string {
  return JSON.stringify([String(table.schema), table.toArray()], (_, value: unknown) =>
    typeof value === 'bigint' ? `${value}n` : value,
  );
}
