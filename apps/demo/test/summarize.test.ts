import { expect, test } from 'vitest';
import { summarizeFlights } from '../src/ops/summarize.ts';
import { airportsOf, flight, flightsOf, NEW_YEAR, realFlights } from './support/flights.ts';

test('every group adds up to all flights', () => {
  const flights = realFlights();
  const summary = summarizeFlights(flights, airportsOf(flights.origin.dictionary), 15);
  const late = flights.delay.filter((delay) => delay >= 15).length;
  for (const groups of [summary.hours, summary.days, summary.airports]) {
    expect(groups.reduce((sum, { rows }) => sum + rows, 0)).toBe(flights.rows);
    expect(groups.reduce((sum, group) => sum + group.rows * group.late, 0)).toBeCloseTo(late, 6);
  }
  expect(summary.delays.reduce((sum, { rows }) => sum + rows, 0)).toBe(flights.rows);
  expect(summary.late).toBeCloseTo(late / flights.rows, 12);
  expect(summary.medianDelay).toBe(flights.delay.toSorted()[Math.floor(flights.rows / 2)]);
  expect(summary.worstRoutes[0]?.late).toBeGreaterThan(summary.bestRoutes[0]?.late ?? 1);
});

test('days, hours and routes are named', () => {
  const rows = Array.from({ length: 10 }, (_, i) => flight({ minute: NEW_YEAR + 61 + i, delay: i < 5 ? 20 : 0 }));
  const summary = summarizeFlights(flightsOf(rows), airportsOf(['AUS', 'BOS']), 15);
  expect(summary.days).toEqual([{ day: '2001-01-01', rows: 10, late: 0.5, meanDelay: 10 }]);
  expect(summary.hours).toEqual([{ weekday: 0, hour: 1, rows: 10, late: 0.5, meanDelay: 10 }]);
  expect(summary.worstRoutes).toEqual([
    {
      origin: 'AUS',
      destination: 'BOS',
      from: 'City of AUS, TX',
      to: 'City of BOS, TX',
      distance: 500,
      rows: 10,
      late: 0.5,
      meanDelay: 10,
    },
  ]);
  expect([summary.firstDay, summary.lastDay, summary.routes, summary.judgedFrom]).toEqual([
    '2001-01-01',
    '2001-01-01',
    1,
    10,
  ]);
});

test('delays beyond the axis are counted in its first and last bins', () => {
  const rows = [-300, -60, -56, 179, 180, 999].map((delay) => flight({ delay }));
  const { delays } = summarizeFlights(flightsOf(rows), airportsOf(['AUS', 'BOS']), 15);
  expect(delays.filter((bin) => bin.rows > 0)).toEqual([
    { from: -60, rows: 3 },
    { from: 175, rows: 1 },
    { from: 180, rows: 2 },
  ]);
});

test('no flights cannot be summarized', () => {
  expect(() => summarizeFlights(flightsOf([]), airportsOf([]), 15)).toThrow('no flight');
});
