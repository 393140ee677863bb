import { describe, expect, test } from 'vitest';
import { earliestEdit, processClock } from '../src/process-clock.ts';

const MAIN = { timeOrigin: 1_000_000, environment: 22, bootstrapComplete: 32, elapsed: 500, now: 1_000_500 };

describe('an edit after the first load of a module has a stamp of at least', () => {
  test('the start of the process, less the lag of stamps before the first load', () => {
    expect(earliestEdit(MAIN)).toBe(1_000_012);
  });

  test('the start of the process where Node starts faster than stamps lag', () => {
    expect(earliestEdit({ ...MAIN, environment: 4, bootstrapComplete: 9 })).toBe(1_000_000);
  });

  test('the start of the thread in a worker', () => {
    expect(earliestEdit({ ...MAIN, environment: 400, bootstrapComplete: 440 })).toBe(1_000_400);
  });

  test('a time before the start of the thread while that is not complete', () => {
    expect(earliestEdit({ ...MAIN, environment: 400, bootstrapComplete: -1 })).toBe(1_000_380);
  });

  test('as much less as the clock was set back since', () => {
    expect(earliestEdit({ ...MAIN, now: MAIN.now - 60_005 })).toBe(1_000_012 - 60_000);
  });

  test('no less when the clock was set forward, or when it slept', () => {
    expect(earliestEdit({ ...MAIN, now: MAIN.now + 60_000 })).toBe(1_000_012);
  });
});

test('this process began to load before now', () => {
  expect(processClock.loadingBegan()).toBeLessThan(processClock.now());
  expect(processClock.loadingBegan()).toBeGreaterThan(processClock.now() - process.uptime() * 1_000 - 1_000);
});
