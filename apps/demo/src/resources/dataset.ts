import { resource } from '@memo/core';

/** The data, wherever it lies. */
export interface Dataset {
  /** `vega-datasets 3.2.1` */
  source: string;
  /** Path of the Parquet file with the flights. */
  flights: string;
  /** Text of `airports.csv`. */
  readAirports(): Promise<string>;
  /** Text of `us-10m.json`. */
  readStates(): Promise<string>;
}

/**
 * Steps say that they need the data, and nothing more. The job provides it, with a version: no hash of code can tell that
 * a file was replaced.
 */
export const dataset = resource('dataset', {
  description: 'Where the data lies',
  setup: (): Dataset => {
    throw new Error('A job provides the data: provide(dataset, …, { version })');
  },
});
