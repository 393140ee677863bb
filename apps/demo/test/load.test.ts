import { expect, test } from 'vitest';
import { findDataset } from '../src/dataset-files.ts';
import { readFlights } from '../src/ops/load.ts';
import { isoDay, MINUTES_A_DAY } from '../src/tables/calendar.ts';
import { evenly } from '../src/tables/evenly.ts';
import { textAt } from '../src/tables/text-column.ts';

test('a sample of the Parquet file is read in order of time, from the first day to the last', async () => {
  const flights = await readFlights(findDataset().flights, 5_000);
  expect(flights.rows).toBe(5_000);
  expect(flights.minute).toHaveLength(5_000);
  expect(isoDay(Math.floor((flights.minute[0] ?? 0) / MINUTES_A_DAY))).toBe('2001-01-01');
  expect(isoDay(Math.floor((flights.minute.at(-1) ?? 0) / MINUTES_A_DAY))).toBe('2001-06-30');
  expect(flights.minute).toEqual(flights.minute.toSorted());
  expect([textAt(flights.origin, 0), textAt(flights.destination, 0), flights.delay[0], flights.distance[0]]).toEqual([
    'LAS',
    'PHL',
    33,
    2176,
  ]);
  expect(flights.origin.dictionary).toHaveLength(229);
  expect(flights.origin.dictionary).toEqual([...flights.origin.dictionary].sort());
});

test('rows of a sample are evenly spread and never twice the same', () => {
  expect([...evenly(10, 4)]).toEqual([0, 2, 5, 7]);
  expect([...evenly(3, 9)]).toEqual([0, 1, 2]);
});
