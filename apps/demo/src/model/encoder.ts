import type { Features } from '../tables/features.ts';

/** So many bins that a tree can look closely, so few that the sums of all bins stay in the processor's nearest cache. */
export const MAX_BINS = 64;

/** How to turn the features of a flight into small numbers that trees can split on. */
export interface Encoder {
  /** Size of the airports' dictionary that it was learned with. */
  airports: number;
  columns: EncoderColumn[];
}

export interface EncoderColumn {
  name: string;
  title: string;
  bins: number;
  /** The bin of each value of the feature. */
  table: Uint8Array;
}

interface ColumnRule {
  name: string;
  title: string;
  /** `value`: numbers whose order means something. `rate`: names, put in order by how often they were late. */
  orderedBy: 'value' | 'rate';
  /** How many values there can be. */
  domain(airports: number): number;
  valuesOf(features: Features): Uint8Array | Uint16Array;
}

/** The columns that models see, in their order. */
export const COLUMNS: readonly ColumnRule[] = [
  column('clock', 'Time of day', 96),
  column('weekday', 'Day of the week', 7),
  column('month', 'Month', 12),
  column('heading', 'Heading', 16),
  column('distance', 'Distance', 65_536),
  column('traffic', 'Departures in the last hour', 256),
  column('lateAtOrigin', 'Recent delays at the origin', 256),
  column('lateAtDestination', 'Recent delays at the destination', 256),
  {
    name: 'origin',
    title: 'Origin',
    orderedBy: 'rate',
    domain: (airports) => airports,
    valuesOf: ({ origin }) => origin.codes,
  },
  {
    name: 'destination',
    title: 'Destination',
    orderedBy: 'rate',
    domain: (airports) => airports,
    valuesOf: ({ destination }) => destination.codes,
  },
  {
    name: 'route',
    title: 'Route',
    orderedBy: 'rate',
    domain: (airports) => airports * airports,
    valuesOf: routesOf,
  },
];

type NumberColumn =
  | 'clock'
  | 'weekday'
  | 'month'
  | 'heading'
  | 'distance'
  | 'traffic'
  | 'lateAtOrigin'
  | 'lateAtDestination';

function column(name: NumberColumn, title: string, values: number): ColumnRule {
  return { name, title, orderedBy: 'value', domain: () => values, valuesOf: (features) => features[name] };
}

function routesOf({ rows, origin, destination }: Features): Uint16Array {
  const airports = origin.dictionary.length;
  if (airports > 256) throw new RangeError(`a route has no number in 16 bits among ${airports} airports`);
  const routes = new Uint16Array(rows);
  for (let row = 0; row < rows; row++) {
    routes[row] = (origin.codes[row] as number) * airports + (destination.codes[row] as number);
  }
  return routes;
}

/** Features as bins: the row's bins lie side by side, so that one line of cache holds all that a tree asks of it. */
export interface BinnedRows {
  rows: number;
  columns: number;
  bins: Uint8Array;
}

export function encodeRows(features: Features, encoder: Encoder): BinnedRows {
  if (features.origin.dictionary.length !== encoder.airports) {
    throw new RangeError(
      `the encoder knows ${encoder.airports} airports, the table has ${features.origin.dictionary.length}`,
    );
  }
  const columns = encoder.columns.length;
  const bins = new Uint8Array(features.rows * columns);
  for (const [at, { name, table }] of encoder.columns.entries()) {
    const values = COLUMNS.find((rule) => rule.name === name)?.valuesOf(features);
    if (values === undefined) throw new RangeError(`no feature is called ${name}`);
    for (let row = 0; row < features.rows; row++) bins[row * columns + at] = table[values[row] as number] as number;
  }
  return { rows: features.rows, columns, bins };
}
