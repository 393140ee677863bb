import { op } from '@memo/core';
import { COLUMNS, type Encoder, type EncoderColumn, MAX_BINS } from '../model/encoder.ts';
import type { Features } from '../tables/features.ts';

/** Learns how to turn features into small numbers. */
export const encode = op('encode', {
  description: 'Learns from the training half how to turn features into small numbers',
  run: ({ train }: { train: Features }) => learnEncoder(train),
});

/**
 * A route or an airport is judged by its own flights if it has so many, else it has the average. With few flights, the
 * outcome of a training row would show through the rate of its own route, and the model would learn to read it there.
 */
const FEWEST_FLIGHTS = 400;

/**
 * Learns from the training half, and from nothing else, how to turn each feature into at most 64 bins of about equal
 * population. Airports and routes have no order of their own: they are put in order of how often they were late.
 */
export function learnEncoder(train: Features): Encoder {
  const airports = train.origin.dictionary.length;
  return {
    airports,
    columns: COLUMNS.map((column): EncoderColumn => {
      const counts = countValues(column.valuesOf(train), train.late, column.domain(airports));
      const order = column.orderedBy === 'value' ? counts.rows.map((_, value) => value) : ratesOf(counts);
      return { name: column.name, title: column.title, ...fillBins(order, counts.rows) };
    }),
  };
}

interface ValueCounts {
  rows: Uint32Array;
  late: Uint32Array;
}

function countValues(values: Uint8Array | Uint16Array, late: Uint8Array, domain: number): ValueCounts {
  const counts = { rows: new Uint32Array(domain), late: new Uint32Array(domain) };
  for (let row = 0; row < values.length; row++) {
    const value = values[row] as number;
    counts.rows[value] = (counts.rows[value] as number) + 1;
    counts.late[value] = (counts.late[value] as number) + (late[row] as number);
  }
  return counts;
}

/** The share of late flights of each value; the average for a value that is too rare. */
function ratesOf({ rows, late }: ValueCounts): Float64Array {
  const average = sum(late) / Math.max(1, sum(rows));
  return Float64Array.from(rows, (count, value) =>
    count < FEWEST_FLIGHTS ? average : (late[value] as number) / count,
  );
}

/**
 * Deals values out to bins in the given order; a bin is full when it has its share of the rows. Values of one rank stay
 * together.
 */
function fillBins(rank: Float64Array | Uint32Array, rows: Uint32Array): { bins: number; table: Uint8Array } {
  const values = rows.map((_, value) => value).sort((a, b) => (rank[a] as number) - (rank[b] as number) || a - b);
  const table = new Uint8Array(rows.length);
  let bin = 0;
  let inBin = 0;
  let left = sum(rows);
  for (const [i, value] of values.entries()) {
    const count = rows[value] as number;
    const newRank = i === 0 || rank[value] !== rank[values[i - 1] as number];
    if (newRank && count > 0 && inBin > 0 && bin < MAX_BINS - 1 && inBin + count / 2 > left / (MAX_BINS - bin)) {
      left -= inBin;
      inBin = 0;
      bin++;
    }
    table[value] = bin;
    inBin += count;
  }
  return { bins: bin + 1, table };
}

function sum(counts: Uint32Array): number {
  let total = 0;
  for (const count of counts) total += count;
  return total;
}
