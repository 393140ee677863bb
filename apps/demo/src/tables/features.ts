import { pick, pickText, type TextColumn } from './text-column.ts';

/**
 * What is known of a flight at the moment when it leaves the gate, and whether it then arrived late.
 * Nothing here is learned from the outcome of this flight or of a later one.
 */
export interface Features {
  rows: number;
  /** Quarter of an hour of the day of departure, 0 to 95. */
  clock: Uint8Array;
  /** 0 is Monday. */
  weekday: Uint8Array;
  /** 0 is January. */
  month: Uint8Array;
  /** Direction of travel in sixteenths of a circle; 0 is north, 4 is east. */
  heading: Uint8Array;
  /** Miles. */
  distance: Uint16Array;
  origin: TextColumn;
  destination: TextColumn;
  /** Departures from the origin in the hour before, at most 255. */
  traffic: Uint8Array;
  /** Of the flights that landed at the origin in the two hours before, how many in 255 were late. */
  lateAtOrigin: Uint8Array;
  /** The same at the destination. */
  lateAtDestination: Uint8Array;
  /** A draw from 0 to 65535 by what identifies the flight: the same flight draws the same, whatever rows are around it. */
  lot: Uint16Array;
  /** The outcome: 1 when it arrived late. */
  late: Uint8Array;
}

/** The rows at the given places, in that order. */
export function pickFeatures(features: Features, rows: Uint32Array): Features {
  return {
    rows: rows.length,
    clock: pick(features.clock, rows, Uint8Array),
    weekday: pick(features.weekday, rows, Uint8Array),
    month: pick(features.month, rows, Uint8Array),
    heading: pick(features.heading, rows, Uint8Array),
    distance: pick(features.distance, rows, Uint16Array),
    origin: pickText(features.origin, rows),
    destination: pickText(features.destination, rows),
    traffic: pick(features.traffic, rows, Uint8Array),
    lateAtOrigin: pick(features.lateAtOrigin, rows, Uint8Array),
    lateAtDestination: pick(features.lateAtDestination, rows, Uint8Array),
    lot: pick(features.lot, rows, Uint16Array),
    late: pick(features.late, rows, Uint8Array),
  };
}
