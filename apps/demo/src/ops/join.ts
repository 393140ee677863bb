import { op } from '@memo/core';
import type { Airports } from '../tables/airports.ts';
import type { Flights } from '../tables/flights.ts';

/** Looks the airports of the flights up. */
export const join = op('join', {
  description: 'Looks the airports of the flights up',
  run: ({ flights, airports }: { flights: Flights; airports: Airports }) => joinAirports(flights, airports),
});

/**
 * Looks the airports of the flights up. Three million rows are joined by 229 look-ups: the result has one row for each
 * entry of the flights' dictionary, in its order, so `places.city[flights.origin.codes[i]]` is the city of flight `i`.
 */
export function joinAirports(flights: Flights, airports: Airports): Airports {
  const rowOf = new Map(airports.iata.map((iata, row) => [iata, row]));
  const wanted = flights.origin.dictionary;
  const unknown = wanted.filter((iata) => !rowOf.has(iata));
  if (unknown.length > 0) throw new Error(`airports.csv does not list ${unknown.join(', ')}`);
  const rows = wanted.map((iata) => rowOf.get(iata) ?? -1);
  return {
    iata: [...wanted],
    name: rows.map((row) => tidyName(airports.name[row] ?? '')),
    city: rows.map((row) => airports.city[row] ?? ''),
    state: rows.map((row) => airports.state[row] ?? ''),
    latitude: Float64Array.from(rows, (row) => airports.latitude[row] ?? Number.NaN),
    longitude: Float64Array.from(rows, (row) => airports.longitude[row] ?? Number.NaN),
  };
}

/** `William B Hartsfield-Atlanta Intl` → `William B Hartsfield-Atlanta International`, without doubled spaces. */
function tidyName(name: string): string {
  return name
    .replace(/\bIntl\b/, 'International')
    .replace(/\s+/g, ' ')
    .trim();
}
