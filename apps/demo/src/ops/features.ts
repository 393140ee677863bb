import { op } from '@memo/core';
import { z } from 'zod';
import { drawLots } from '../model/lot.ts';
import { recentLateness } from '../model/recent-lateness.ts';
import type { Airports } from '../tables/airports.ts';
import { MINUTES_A_DAY, monthOf, weekdayOf } from '../tables/calendar.ts';
import type { Features } from '../tables/features.ts';
import type { Flights } from '../tables/flights.ts';

/** What is known of each flight when it leaves the gate. */
export const features = op('features', {
  description: 'What is known of each flight when it leaves the gate',
  config: z.object({ lateAfter: z.number(), seed: z.number() }),
  run: ({ flights, places }: { flights: Flights; places: Airports }, { config }) =>
    makeFeatures(flights, places, config),
});

const MINUTES_A_QUARTER = 15;
const HEADINGS = 16;

/**
 * What is known of each flight when it leaves the gate.
 *
 * @param settings `lateAfter`: minutes of delay from which a flight counts as late; `seed`: of the draw for the split
 */
export function makeFeatures(
  flights: Flights,
  places: Airports,
  settings: { lateAfter: number; seed: number },
): Features {
  const recent = recentLateness(flights, settings.lateAfter);
  return {
    rows: flights.rows,
    ...timeOf(flights),
    heading: headingOf(flights, places),
    distance: flights.distance,
    origin: flights.origin,
    destination: flights.destination,
    traffic: trafficOf(flights),
    lateAtOrigin: recent.origin,
    lateAtDestination: recent.destination,
    lot: drawLots(flights, settings.seed),
    late: Uint8Array.from(flights.delay, (delay) => (delay >= settings.lateAfter ? 1 : 0)),
  };
}

function timeOf(flights: Flights): Pick<Features, 'clock' | 'weekday' | 'month'> {
  const clock = new Uint8Array(flights.rows);
  const weekday = new Uint8Array(flights.rows);
  const month = new Uint8Array(flights.rows);
  let today = -1;
  let weekdayToday = 0;
  let monthToday = 0;
  for (let row = 0; row < flights.rows; row++) {
    const minute = flights.minute[row] as number;
    const day = Math.floor(minute / MINUTES_A_DAY);
    if (day !== today) {
      today = day;
      weekdayToday = weekdayOf(day);
      monthToday = monthOf(day);
    }
    clock[row] = Math.floor((minute % MINUTES_A_DAY) / MINUTES_A_QUARTER);
    weekday[row] = weekdayToday;
    month[row] = monthToday;
  }
  return { clock, weekday, month };
}

/** Departures from the same airport in the hour before: two pointers over rows that are in order of time. */
function trafficOf(flights: Flights): Uint8Array {
  const traffic = new Uint8Array(flights.rows);
  const departures = new Uint16Array(flights.origin.dictionary.length);
  let oldest = 0;
  for (let row = 0; row < flights.rows; row++) {
    const now = flights.minute[row] as number;
    for (; (flights.minute[oldest] as number) < now - 60; oldest++) {
      const left = flights.origin.codes[oldest] as number;
      departures[left] = (departures[left] as number) - 1;
    }
    const origin = flights.origin.codes[row] as number;
    const before = departures[origin] as number;
    traffic[row] = Math.min(255, before);
    departures[origin] = before + 1;
  }
  return traffic;
}

function headingOf(flights: Flights, places: Airports): Uint8Array {
  const count = places.iata.length;
  const headings = new Uint8Array(count * count);
  for (let from = 0; from < count; from++) {
    for (let to = 0; to < count; to++) headings[from * count + to] = headingBetween(places, from, to);
  }
  const heading = new Uint8Array(flights.rows);
  for (let row = 0; row < flights.rows; row++) {
    const from = flights.origin.codes[row] as number;
    heading[row] = headings[from * count + (flights.destination.codes[row] as number)] as number;
  }
  return heading;
}

/** The course at the start of the great circle, in sixteenths of a circle from north. */
function headingBetween(places: Airports, from: number, to: number): number {
  const radians = Math.PI / 180;
  const start = (places.latitude[from] as number) * radians;
  const end = (places.latitude[to] as number) * radians;
  const turn = ((places.longitude[to] as number) - (places.longitude[from] as number)) * radians;
  const east = Math.sin(turn) * Math.cos(end);
  const north = Math.cos(start) * Math.sin(end) - Math.sin(start) * Math.cos(end) * Math.cos(turn);
  const circle = Math.atan2(east, north) / (2 * Math.PI);
  return Math.round((circle + 1) * HEADINGS) % HEADINGS;
}
