import type { Flights } from '../tables/flights.ts';

/**
 * A draw from 0 to 65535 for each flight, from what identifies it: its minute, its route and the seed, and nothing else.
 * So a flight stays on its side of the split whatever rows are dropped, sampled or added around it, and two records of
 * one flight never end up on both sides.
 */
export function drawLots(flights: Flights, seed: number): Uint16Array {
  const airport = Uint32Array.from(flights.origin.dictionary, hashText);
  const lots = new Uint16Array(flights.rows);
  for (let row = 0; row < flights.rows; row++) {
    let hash = mix(seed | 0, flights.minute[row] as number);
    hash = mix(hash, airport[flights.origin.codes[row] as number] as number);
    hash = mix(hash, airport[flights.destination.codes[row] as number] as number);
    lots[row] = finish(hash) >>> 16;
  }
  return lots;
}

/** One round of MurmurHash3. */
function mix(hash: number, value: number): number {
  let word = Math.imul(value, 0xcc9e2d51);
  word = (word << 15) | (word >>> 17);
  const mixed = hash ^ Math.imul(word, 0x1b873593);
  return (Math.imul((mixed << 13) | (mixed >>> 19), 5) + 0xe6546b64) | 0;
}

/** The last round, after which each bit depends on every bit that went in. */
function finish(hash: number): number {
  let bits = hash;
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return bits ^ (bits >>> 16);
}

function hashText(text: string): number {
  let hash = 0;
  for (let i = 0; i < text.length; i++) hash = mix(hash, text.charCodeAt(i));
  return finish(hash) >>> 0;
}
