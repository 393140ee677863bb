import fc from 'fast-check';
import { expect, test } from 'vitest';
import { drawLots } from '../src/model/lot.ts';
import { recentLateness } from '../src/model/recent-lateness.ts';
import { makeFeatures } from '../src/ops/features.ts';
import { splitByLot } from '../src/ops/split.ts';
import { pickFlights } from '../src/tables/flights.ts';
import { airportsOf, flight, flightsOf, NEW_YEAR, realFlights } from './support/flights.ts';

const SETTINGS = { lateAfter: 15, seed: 1 };

const someFlights = fc
  .array(
    fc.record({
      minute: fc.integer({ min: NEW_YEAR, max: NEW_YEAR + 900 }),
      delay: fc.integer({ min: -30, max: 90 }),
      distance: fc.integer({ min: 50, max: 2_000 }),
      origin: fc.constantFrom('AUS', 'BOS', 'CLT'),
      destination: fc.constantFrom('AUS', 'BOS', 'CLT'),
    }),
    { minLength: 2, maxLength: 40 },
  )
  .map(flightsOf);

test('clock, weekday, month and heading are read off the flight', () => {
  const flights = flightsOf([
    flight({ minute: NEW_YEAR + 14, origin: 'AUS', destination: 'BOS' }),
    flight({ minute: NEW_YEAR + 31 * 1440 + 23 * 60 + 59, origin: 'BOS', destination: 'AUS' }),
  ]);
  const features = makeFeatures(flights, airportsOf(['AUS', 'BOS']), SETTINGS);
  expect([...features.clock]).toEqual([0, 95]);
  expect([...features.weekday]).toEqual([0, 3]);
  expect([...features.month]).toEqual([0, 1]);
  expect([...features.heading]).toEqual([4, 12]);
});

test('late is a delay of the threshold or more', () => {
  const flights = flightsOf([14, 15, 16].map((delay, i) => flight({ delay, minute: NEW_YEAR + i })));
  expect([...makeFeatures(flights, airportsOf(['AUS', 'BOS']), SETTINGS).late]).toEqual([0, 1, 1]);
});

test('traffic counts the departures of the hour before from the same airport', () => {
  fc.assert(
    fc.property(someFlights, (flights) => {
      const { traffic } = makeFeatures(flights, airportsOf(flights.origin.dictionary), SETTINGS);
      for (let row = 0; row < flights.rows; row++) {
        const now = flights.minute[row] ?? 0;
        const before = Array.from({ length: row }, (_, other) => other).filter(
          (other) =>
            flights.origin.codes[other] === flights.origin.codes[row] && (flights.minute[other] ?? 0) >= now - 60,
        );
        expect(traffic[row]).toBe(before.length);
      }
    }),
  );
});

test('no flight sees its own outcome or that of a flight that has not landed', () => {
  fc.assert(
    fc.property(someFlights, fc.nat(), (flights, pick) => {
      const changed = pick % flights.rows;
      const before = recentLateness(flights, 15);
      const other = { ...flights, delay: flights.delay.slice() };
      other.delay[changed] = (flights.delay[changed] ?? 0) >= 15 ? 0 : 60;
      const after = recentLateness(other, 15);
      const landed = (flights.minute[changed] ?? 0) + 35 + Math.round((flights.distance[changed] ?? 0) / 8);
      for (let row = 0; row < flights.rows; row++) {
        if ((flights.minute[row] ?? 0) > landed) continue;
        expect(after.origin[row]).toBe(before.origin[row]);
        expect(after.destination[row]).toBe(before.destination[row]);
      }
    }),
  );
});

test('late landings are seen by those who leave soon after, and forgotten two hours later', () => {
  const late = (minute: number) =>
    flight({ minute: NEW_YEAR + minute, delay: 60, distance: 40, origin: 'BOS', destination: 'AUS' });
  const leaves = (minute: number) =>
    flight({ minute: NEW_YEAR + minute, delay: 0, distance: 2_000, origin: 'AUS', destination: 'BOS' });
  const { origin } = recentLateness(flightsOf([late(0), late(1), late(2), leaves(30), leaves(60), leaves(300)]), 15);
  const [, , , tooEarly = 0, soon = 0, forgotten = 0] = origin;
  expect(soon).toBeGreaterThan(tooEarly);
  expect(forgotten).toBeLessThan(soon);
});

test('a flight draws the same lot whatever rows are around it', () => {
  fc.assert(
    fc.property(someFlights, fc.integer(), fc.infiniteStream(fc.boolean()), (flights, seed, keep) => {
      const kept = Uint32Array.from(
        Array.from({ length: flights.rows }, (_, row) => row).filter(() => keep.next().value),
      );
      const lots = drawLots(flights, seed);
      expect([...drawLots(pickFlights(flights, kept), seed)]).toEqual([...kept].map((row) => lots[row]));
    }),
  );
});

test('lots follow the seed, and the split follows the ratio', () => {
  const flights = realFlights();
  expect(drawLots(flights, 1)).not.toEqual(drawLots(flights, 2));
  const features = makeFeatures(flights, airportsOf(flights.origin.dictionary), SETTINGS);
  const { train, test: held } = splitByLot(features, 0.8);
  expect(train.rows + held.rows).toBe(flights.rows);
  expect(train.rows / flights.rows).toBeCloseTo(0.8, 1);
  expect(train.late).toHaveLength(train.rows);
  expect(Math.max(...train.lot)).toBeLessThan(Math.min(...held.lot));
});

test('features are the same, bit for bit, each time', () => {
  const flights = realFlights();
  const places = airportsOf(flights.origin.dictionary);
  expect(makeFeatures(flights, places, SETTINGS)).toEqual(makeFeatures(flights, places, SETTINGS));
});
