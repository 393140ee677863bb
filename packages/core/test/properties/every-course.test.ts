import { expect, test } from 'vitest';
import { RACES, tryRace } from '../support/two-writers.ts';

/** Another process goes on at most so many times although the last one could. */
const SWITCHES = process.env['MEMO_TEST_FULL'] === undefined ? 1 : 2;

test.each(RACES)(
  'whatever course two processes take over $name, each result comes from one execution of each step version',
  async (race) => {
    expect(await tryRace(race, SWITCHES)).toBeGreaterThan(10);
  },
);
