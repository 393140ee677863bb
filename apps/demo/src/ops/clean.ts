import { op } from '@memo/core';
import { z } from 'zod';
import { minuteOf } from '../tables/calendar.ts';
import { type Flights, pickFlights } from '../tables/flights.ts';
import { textAt } from '../tables/text-column.ts';

/** What a flight must satisfy to be believed; what the numbers mean is told by `Limits`. */
export const limits = z.strictObject({
  earliest: z.number().int().max(0).default(-90),
  latest: z.number().int().min(0).default(1380),
  shortest: z.number().int().min(0).default(10),
  longest: z.number().int().min(0).default(5500),
  from: z.iso.date().default('2001-01-01'),
  until: z.iso.date().default('2001-07-01'),
});

/** Drops the flights that cannot be. */
export const clean = op('clean', {
  description: 'Drops the flights that cannot be, and says which',
  config: limits,
  outputs: { flights: {}, rejected: { optional: true } },
  run: ({ flights }: { flights: Flights }, { config }) => cleanFlights(flights, config),
});

/** What a flight must satisfy to be believed. */
export interface Limits {
  /** Minutes early beyond which the record is taken for a mistake, as a negative delay. */
  earliest: number;
  /** Minutes late beyond which the record is taken for a mistake. */
  latest: number;
  /** Miles. */
  shortest: number;
  longest: number;
  /** First day of the period, and the first day after it: `2001-01-01`. */
  from: string;
  until: string;
}

/** What was set aside, rule by rule. A flight counts for the first rule that it breaks. */
export interface Rejected {
  rows: number;
  rules: { rule: string; rows: number; examples: RejectedFlight[] }[];
}

export interface RejectedFlight {
  minute: number;
  delay: number;
  distance: number;
  origin: string;
  destination: string;
}

interface Rule {
  says: string;
  breaks(flights: Flights, row: number): boolean;
}

const EXAMPLES = 3;

/** Drops the flights that cannot be, and says which. `rejected` is absent when every flight was believed. */
export function cleanFlights(flights: Flights, limits: Limits): { flights: Flights; rejected?: Rejected } {
  const rules = rulesOf(limits);
  const kept = new Uint32Array(flights.rows);
  const broken = rules.map(() => [] as number[]);
  let keptRows = 0;
  for (let row = 0; row < flights.rows; row++) {
    const rule = rules.findIndex((candidate) => candidate.breaks(flights, row));
    if (rule < 0) kept[keptRows++] = row;
    else broken[rule]?.push(row);
  }
  if (keptRows === flights.rows) return { flights };
  return { flights: pickFlights(flights, kept.subarray(0, keptRows)), rejected: describe(flights, rules, broken) };
}

function rulesOf({ earliest, latest, shortest, longest, from, until }: Limits): Rule[] {
  const first = minuteOf(from);
  const end = minuteOf(until);
  return [
    {
      says: `arrived more than ${amount(-earliest)} minutes early`,
      breaks: ({ delay }, row) => (delay[row] as number) < earliest,
    },
    {
      says: `arrived more than ${amount(latest)} minutes late`,
      breaks: ({ delay }, row) => (delay[row] as number) > latest,
    },
    {
      says: `shorter than ${amount(shortest)} or longer than ${amount(longest)} miles`,
      breaks: ({ distance }, row) => (distance[row] as number) < shortest || (distance[row] as number) > longest,
    },
    {
      says: 'landed where it started',
      breaks: ({ origin, destination }, row) => origin.codes[row] === destination.codes[row],
    },
    {
      says: `left before ${from}, or on ${until} or later`,
      breaks: ({ minute }, row) => (minute[row] as number) < first || (minute[row] as number) >= end,
    },
  ];
}

function describe(flights: Flights, rules: readonly Rule[], broken: readonly number[][]): Rejected {
  const found = rules
    .map(({ says }, i) => ({
      rule: says,
      rows: broken[i]?.length ?? 0,
      examples: (broken[i] ?? []).slice(0, EXAMPLES).map((row) => flightAt(flights, row)),
    }))
    .filter(({ rows }) => rows > 0);
  return { rows: found.reduce((sum, { rows }) => sum + rows, 0), rules: found };
}

function flightAt(flights: Flights, row: number): RejectedFlight {
  return {
    minute: flights.minute[row] as number,
    delay: flights.delay[row] as number,
    distance: flights.distance[row] as number,
    origin: textAt(flights.origin, row),
    destination: textAt(flights.destination, row),
  };
}

const amount = (value: number): string => value.toLocaleString('en-US');
