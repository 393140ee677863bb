import { expect, test } from 'vitest';
import { findDataset } from '../src/dataset-files.ts';
import { parseAirports } from '../src/ops/airports.ts';
import { joinAirports } from '../src/ops/join.ts';
import { flight, flightsOf, realFlights } from './support/flights.ts';

const table = parseAirports(await findDataset().readAirports());

test('the real table has a place for every row', () => {
  expect(table.iata).toHaveLength(3376);
  expect(table.latitude.every(Number.isFinite)).toBe(true);
  expect(table.name[table.iata.indexOf('BTR')]).toBe('Baton Rouge Metropolitan, Ryan');
});

test('a table without a column that is needed is refused by name', () => {
  expect(() => parseAirports('iata,name,city,state,latitude\n')).toThrow('longitude');
});

test('the join follows the dictionary of the flights', () => {
  const places = joinAirports(flightsOf([flight({ origin: 'SFO', destination: 'ATL' })]), table);
  expect(places.iata).toEqual(['ATL', 'SFO']);
  expect(places.city).toEqual(['Atlanta', 'San Francisco']);
  expect(places.longitude[1]).toBeCloseTo(-122.37, 1);
});

test('every airport of the real flights is known; one that is not is an error that names it', () => {
  const flights = realFlights();
  expect(joinAirports(flights, table).iata).toEqual(flights.origin.dictionary);
  expect(() => joinAirports(flightsOf([flight({ origin: '???' })]), table)).toThrow('???');
});
