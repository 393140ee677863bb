import { op } from '@memo/core';
import { z } from 'zod';
import { Tally } from '../model/tally.ts';
import type { Airports } from '../tables/airports.ts';
import { isoDay, MINUTES_A_DAY, weekdayOf } from '../tables/calendar.ts';
import type { Flights } from '../tables/flights.ts';
import type { AirportSummary, DelaySummary, RouteSummary, Summary } from '../tables/summary.ts';

/** Adds the flights up. */
export const summarize = op('summarize', {
  description: 'Adds the flights up in every way that the report shows',
  config: z.object({ lateAfter: z.number() }),
  run: ({ flights, places }: { flights: Flights; places: Airports }, { config }) =>
    summarizeFlights(flights, places, config.lateAfter),
});

/** A route is judged from this share of all flights on, but not below `FEWEST` flights. */
const JUDGED_SHARE = 1 / 3_000;
const FEWEST = 10;
const LISTED = 10;
const BIN = 5;
const FIRST_BIN = -60;
const LAST_BIN = 180;

/** Adds the flights up in every way that the report shows. */
export function summarizeFlights(flights: Flights, places: Airports, lateAfter: number): Summary {
  if (flights.rows === 0) throw new Error('there is no flight to summarize');
  const tallies = tallyFlights(flights, lateAfter);
  const { all, hours, days, airports, routes } = tallies;
  const judgedFrom = Math.max(FEWEST, Math.round(flights.rows * JUDGED_SHARE));
  const ranked = rankRoutes(routes, places, { judgedFrom, distance: tallies.distance });
  return {
    ...all.of(0),
    routes: routes.groups().length,
    lateAfter,
    firstDay: isoDay(tallies.firstDay),
    lastDay: isoDay(tallies.firstDay + (days.groups().at(-1) ?? 0)),
    medianDelay: medianOf(flights.delay),
    hours: hours.groups().map((group) => ({ weekday: Math.floor(group / 24), hour: group % 24, ...hours.of(group) })),
    days: days.groups().map((group) => ({ day: isoDay(tallies.firstDay + group), ...days.of(group) })),
    airports: summarizeAirports(airports, places),
    worstRoutes: ranked.slice(0, LISTED),
    bestRoutes: ranked.slice(-LISTED).reverse(),
    judgedFrom,
    delays: countDelays(flights.delay),
  };
}

interface Tallies {
  firstDay: number;
  all: Tally;
  /** By weekday and hour. */
  hours: Tally;
  /** By days since `firstDay`. */
  days: Tally;
  airports: Tally;
  /** By origin and destination. */
  routes: Tally;
  /** Miles of each route. */
  distance: Uint16Array;
}

function tallyFlights(flights: Flights, lateAfter: number): Tallies {
  const count = flights.origin.dictionary.length;
  const firstDay = Math.floor((flights.minute[0] ?? 0) / MINUTES_A_DAY);
  const lastDay = Math.floor((flights.minute[flights.rows - 1] ?? 0) / MINUTES_A_DAY);
  const tallies: Tallies = {
    firstDay,
    all: new Tally(1),
    hours: new Tally(7 * 24),
    days: new Tally(lastDay - firstDay + 1),
    airports: new Tally(count),
    routes: new Tally(count * count),
    distance: new Uint16Array(count * count),
  };
  for (let row = 0; row < flights.rows; row++) {
    const minute = flights.minute[row] as number;
    const delay = flights.delay[row] as number;
    const origin = flights.origin.codes[row] as number;
    const route = origin * count + (flights.destination.codes[row] as number);
    const day = Math.floor(minute / MINUTES_A_DAY);
    const late = delay >= lateAfter;
    tallies.all.add(0, delay, late);
    tallies.hours.add(weekdayOf(day) * 24 + Math.floor((minute % MINUTES_A_DAY) / 60), delay, late);
    tallies.days.add(day - firstDay, delay, late);
    tallies.airports.add(origin, delay, late);
    tallies.routes.add(route, delay, late);
    tallies.distance[route] = flights.distance[row] as number;
  }
  return tallies;
}

function summarizeAirports(airports: Tally, places: Airports): AirportSummary[] {
  return airports
    .groups()
    .map((group) => ({
      iata: places.iata[group] ?? '',
      name: places.name[group] ?? '',
      city: places.city[group] ?? '',
      state: places.state[group] ?? '',
      latitude: places.latitude[group] ?? Number.NaN,
      longitude: places.longitude[group] ?? Number.NaN,
      ...airports.of(group),
    }))
    .sort((a, b) => b.rows - a.rows);
}

/** The most often late first; of equals, the one with more flights. */
function rankRoutes(
  routes: Tally,
  places: Airports,
  { judgedFrom, distance }: { judgedFrom: number; distance: Uint16Array },
): RouteSummary[] {
  const count = places.iata.length;
  const town = (place: number): string => `${places.city[place] ?? ''}, ${places.state[place] ?? ''}`;
  return routes
    .groups()
    .filter((route) => routes.rows(route) >= judgedFrom)
    .map((route) => {
      const [origin, destination] = [Math.floor(route / count), route % count];
      return {
        origin: places.iata[origin] ?? '',
        destination: places.iata[destination] ?? '',
        from: town(origin),
        to: town(destination),
        distance: distance[route] ?? 0,
        ...routes.of(route),
      };
    })
    .sort((a, b) => b.late - a.late || b.rows - a.rows);
}

function countDelays(delays: Int16Array): DelaySummary[] {
  const rows = new Uint32Array((LAST_BIN - FIRST_BIN) / BIN + 1);
  for (let row = 0; row < delays.length; row++) {
    const delay = Math.min(LAST_BIN, Math.max(FIRST_BIN, delays[row] as number));
    const bin = Math.floor((delay - FIRST_BIN) / BIN);
    rows[bin] = (rows[bin] as number) + 1;
  }
  return Array.from(rows, (count, bin) => ({ from: FIRST_BIN + bin * BIN, rows: count }));
}

function medianOf(delays: Int16Array): number {
  return delays.toSorted()[Math.floor(delays.length / 2)] ?? 0;
}
