import { expect, test } from 'vitest';
import { cleanFlights, type Limits } from '../src/ops/clean.ts';
import { flight, flightsOf, NEW_YEAR } from './support/flights.ts';

const LIMITS: Limits = {
  earliest: -90,
  latest: 1380,
  shortest: 10,
  longest: 5500,
  from: '2001-01-01',
  until: '2001-07-01',
};

test('when every flight is believed, the table is handed on as it is and nothing is rejected', () => {
  const flights = flightsOf([flight(), flight({ minute: NEW_YEAR, delay: -90 }), flight({ delay: 1380 })]);
  const cleaned = cleanFlights(flights, LIMITS);
  expect(cleaned).toEqual({ flights });
  expect('rejected' in cleaned).toBe(false);
});

test('each impossible flight is counted for the first rule that it breaks, with examples', () => {
  const flights = flightsOf([
    flight({ minute: NEW_YEAR + 1 }),
    flight({ minute: NEW_YEAR + 2, delay: -91 }),
    flight({ minute: NEW_YEAR + 3, delay: 1381, distance: 9 }),
    flight({ minute: NEW_YEAR + 4, distance: 9 }),
    flight({ minute: NEW_YEAR + 5, destination: 'AUS' }),
    flight({ minute: NEW_YEAR - 1 }),
    flight({ minute: NEW_YEAR + 181 * 1440 }),
    flight({ minute: NEW_YEAR + 6 }),
  ]);
  const { flights: kept, rejected } = cleanFlights(flights, LIMITS);
  expect([...kept.minute]).toEqual([NEW_YEAR + 1, NEW_YEAR + 6]);
  expect(rejected?.rows).toBe(6);
  expect(rejected?.rules.map(({ rule, rows }) => [rule, rows])).toEqual([
    ['arrived more than 90 minutes early', 1],
    ['arrived more than 1,380 minutes late', 1],
    ['shorter than 10 or longer than 5,500 miles', 1],
    ['landed where it started', 1],
    ['left before 2001-01-01, or on 2001-07-01 or later', 2],
  ]);
  expect(rejected?.rules[3]?.examples).toEqual([
    { minute: NEW_YEAR + 5, delay: 0, distance: 500, origin: 'AUS', destination: 'AUS' },
  ]);
});
