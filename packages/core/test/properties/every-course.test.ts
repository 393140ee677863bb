import { expect, test } from 'vitest';
import { IS_WHOLE } from '../../../../tools/test-form.mjs';
import { RACES, tryRace } from '../support/two-writers.ts';

/** Another process goes on at most so many times although the last one could: twice in CI and in the long form. */
const SWITCHES = IS_WHOLE ? 2 : 1;

test.each(RACES)(
  'whatever course two processes take over $name, each result comes from one execution of each step version',
  async (race) => {
    expect(await tryRace(race, SWITCHES)).toBeGreaterThan(10);
  },
);
