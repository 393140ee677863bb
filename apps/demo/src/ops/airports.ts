import { op } from '@memo/core';
import { dataset } from '../resources/dataset.ts';
import type { Airports } from '../tables/airports.ts';
import { parseCsv } from '../tables/csv.ts';

/** Reads the airports. */
export const airports = op('airports', {
  description: 'Reads the table of airports',
  uses: { dataset },
  run: async (_: object, { use }) => parseAirports(await use.dataset.readAirports()),
});

const COLUMNS = ['iata', 'name', 'city', 'state', 'latitude', 'longitude'] as const;

/** The table of all airports, from the text of `airports.csv`. */
export function parseAirports(csv: string): Airports {
  const [header = [], ...rows] = parseCsv(csv);
  const places = COLUMNS.map((name) => header.indexOf(name));
  const missing = COLUMNS.filter((_, i) => (places[i] ?? -1) < 0);
  if (missing.length > 0) throw new Error(`airports.csv has no column ${missing.join(', ')}`);
  const [iata, name, city, state, latitude, longitude] = places.map((place) => rows.map((row) => row[place] ?? ''));
  return {
    iata: iata ?? [],
    name: name ?? [],
    city: city ?? [],
    state: state ?? [],
    latitude: Float64Array.from(latitude ?? [], Number),
    longitude: Float64Array.from(longitude ?? [], Number),
  };
}
