import { pick, pickText, type TextColumn } from './text-column.ts';

/** One row a flight, ordered by departure: typed columns, twelve bytes a row. */
export interface Flights {
  rows: number;
  /** Departure as it happened, in minutes since 1970-01-01 00:00, on the clock of the airport. */
  minute: Uint32Array;
  /** Minutes late at the destination; negative is early. */
  delay: Int16Array;
  /** Miles between the airports. */
  distance: Uint16Array;
  /** IATA codes. Origin and destination have one dictionary, so that one join serves both. */
  origin: TextColumn;
  destination: TextColumn;
}

/** The flights at the given places, in that order. */
export function pickFlights(flights: Flights, rows: Uint32Array): Flights {
  return {
    rows: rows.length,
    minute: pick(flights.minute, rows, Uint32Array),
    delay: pick(flights.delay, rows, Int16Array),
    distance: pick(flights.distance, rows, Uint16Array),
    origin: pickText(flights.origin, rows),
    destination: pickText(flights.destination, rows),
  };
}
