import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findDataset } from '../../src/dataset-files.ts';
import type { Airports } from '../../src/tables/airports.ts';
import type { Flights } from '../../src/tables/flights.ts';

export interface FlightRow {
  minute: number;
  delay: number;
  distance: number;
  origin: string;
  destination: string;
}

/** The first minute of 2001. */
export const NEW_YEAR = Date.UTC(2001, 0, 1) / 60_000;

/** Columns from rows, in order of time. */
export function flightsOf(rows: readonly FlightRow[]): Flights {
  const sorted = [...rows].sort((a, b) => a.minute - b.minute);
  const dictionary = [...new Set(sorted.flatMap(({ origin, destination }) => [origin, destination]))].sort();
  const codes = (name: 'origin' | 'destination') => ({
    codes: Uint16Array.from(sorted, (row) => dictionary.indexOf(row[name])),
    dictionary,
  });
  return {
    rows: sorted.length,
    minute: Uint32Array.from(sorted, ({ minute }) => minute),
    delay: Int16Array.from(sorted, ({ delay }) => delay),
    distance: Uint16Array.from(sorted, ({ distance }) => distance),
    origin: codes('origin'),
    destination: codes('destination'),
  };
}

/** A row with defaults. */
export function flight(row: Partial<FlightRow> = {}): FlightRow {
  return { minute: NEW_YEAR + 600, delay: 0, distance: 500, origin: 'AUS', destination: 'BOS', ...row };
}

/** Twenty thousand real flights, from the small file of the same package. */
export function realFlights(): Flights {
  const file = join(findDataset().flights, '..', 'flights-20k.json');
  const rows = JSON.parse(readFileSync(file, 'utf8')) as (Omit<FlightRow, 'minute'> & { date: string })[];
  return flightsOf(
    rows.map(({ date, ...row }) => ({ ...row, minute: Date.parse(`${date.replaceAll('/', '-')}Z`) / 60_000 })),
  );
}

/** Airports on a line along the equator, a degree apart. */
export function airportsOf(iata: readonly string[]): Airports {
  return {
    iata: [...iata],
    name: iata.map((code) => `${code} Field`),
    city: iata.map((code) => `City of ${code}`),
    state: iata.map(() => 'TX'),
    latitude: new Float64Array(iata.length),
    longitude: Float64Array.from(iata, (_, i) => i - 100),
  };
}
