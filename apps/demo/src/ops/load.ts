import { op } from '@memo/core';
import { z } from 'zod';
import { dataset } from '../resources/dataset.ts';
import { evenly } from '../tables/evenly.ts';
import type { Flights } from '../tables/flights.ts';
import { pickFlights } from '../tables/flights.ts';

/** Reads the flights. */
export const load = op('load', {
  description: 'Reads the Parquet file into typed columns',
  config: z.object({ sample: z.number().nullable() }),
  uses: { dataset },
  run: (_: object, { config, use }) => readFlights(use.dataset.flights, config.sample),
});

/**
 * Reads the Parquet file into typed columns.
 *
 * @param path the file
 * @param sample how many flights to keep, evenly spread over the file; `null` keeps all
 */
export async function readFlights(path: string, sample: number | null): Promise<Flights> {
  const { asyncBufferFromFile, parquetMetadataAsync, parquetRead } = await import('hyparquet');
  const { compressors } = await import('hyparquet-compressors');
  const file = await asyncBufferFromFile(path);
  const metadata = await parquetMetadataAsync(file);
  const names = new NameCodes();
  const flights = emptyFlights(Number(metadata.num_rows));
  const columns: Record<string, Uint32Array | Int16Array | Uint16Array> = {
    date: flights.minute,
    delay: flights.delay,
    distance: flights.distance,
    origin: flights.origin.codes,
    destination: flights.destination.codes,
  };
  await parquetRead({
    file,
    metadata,
    compressors,
    columns: Object.keys(columns),
    // Both parsers see each distinct value of a page once, not each row.
    parsers: { timestampFromMicroseconds: minuteFromMicroseconds, stringFromBytes: (bytes) => names.codeOf(bytes) },
    onChunk: ({ columnName, columnData, rowStart }) => {
      const column = columns[columnName];
      if (column === undefined) return;
      for (let i = 0; i < columnData.length; i++) column[rowStart + i] = Number(columnData[i]);
    },
  });
  const dictionary = names.sortInto(flights.origin.codes, flights.destination.codes);
  flights.origin.dictionary = dictionary;
  flights.destination.dictionary = dictionary;
  return sample === null || sample >= flights.rows ? flights : pickFlights(flights, evenly(flights.rows, sample));
}

function minuteFromMicroseconds(micros: bigint): number {
  return Number(micros / 60_000_000n);
}

function emptyFlights(rows: number): Flights {
  return {
    rows,
    minute: new Uint32Array(rows),
    delay: new Int16Array(rows),
    distance: new Uint16Array(rows),
    origin: { codes: new Uint16Array(rows), dictionary: [] },
    destination: { codes: new Uint16Array(rows), dictionary: [] },
  };
}

/** Gives each name a number, first come first served, until `sortInto` makes the numbers follow the alphabet. */
class NameCodes {
  readonly #codes = new Map<string, number>();
  readonly #decoder = new TextDecoder();

  codeOf(bytes: Uint8Array): number {
    const name = this.#decoder.decode(bytes);
    const known = this.#codes.get(name);
    if (known !== undefined) return known;
    this.#codes.set(name, this.#codes.size);
    return this.#codes.size - 1;
  }

  sortInto(...columns: Uint16Array[]): string[] {
    const dictionary = [...this.#codes.keys()].sort();
    const rank = new Uint16Array(dictionary.length);
    for (const [position, name] of dictionary.entries()) rank[this.#codes.get(name) ?? 0] = position;
    for (const codes of columns) for (let i = 0; i < codes.length; i++) codes[i] = rank[codes[i] as number] as number;
    return dictionary;
  }
}
