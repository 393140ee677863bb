import { MINUTES_A_DAY } from '../tables/calendar.ts';
import type { Flights } from '../tables/flights.ts';

/** For how long a landing counts as recent, in minutes. */
const WINDOW = 120;
/** A quiet airport is judged by the whole network, as if it had seen this many of its landings. */
const PRIOR_LANDINGS = 4;
/** The share that stands for a network in which nothing has landed yet. */
const UNKNOWN_SHARE = 0.2;
const SCALE = 255;

/**
 * Of the flights that landed at an airport shortly before a departure, the share that was late: what a dispatcher sees on
 * the board. It follows the clock strictly. A landing counts only once it has happened, so no flight sees its own
 * outcome or that of a later one.
 */
export function recentLateness(flights: Flights, lateAfter: number): { origin: Uint8Array; destination: Uint8Array } {
  const landings = inOrderOfLanding(flights);
  const board = new ArrivalsBoard(flights.origin.dictionary.length);
  const origin = new Uint8Array(flights.rows);
  const destination = new Uint8Array(flights.rows);
  let landed = 0;
  let forgotten = 0;
  for (let row = 0; row < flights.rows; row++) {
    const now = flights.minute[row] as number;
    for (; landed < landings.order.length; landed++) {
      const other = landings.order[landed] as number;
      if ((landings.minute[other] as number) >= now) break;
      board.count(flights.destination.codes[other] as number, (flights.delay[other] as number) >= lateAfter, 1);
    }
    for (; forgotten < landed; forgotten++) {
      const other = landings.order[forgotten] as number;
      if ((landings.minute[other] as number) >= now - WINDOW) break;
      board.count(flights.destination.codes[other] as number, (flights.delay[other] as number) >= lateAfter, -1);
    }
    origin[row] = Math.round(board.share(flights.origin.codes[row] as number) * SCALE);
    destination[row] = Math.round(board.share(flights.destination.codes[row] as number) * SCALE);
  }
  return { origin, destination };
}

/** Counts of landings and of late ones, at each airport and over all. */
class ArrivalsBoard {
  readonly #landed: Int32Array;
  readonly #late: Int32Array;
  #allLanded = 0;
  #allLate = 0;

  constructor(airports: number) {
    this.#landed = new Int32Array(airports);
    this.#late = new Int32Array(airports);
  }

  count(airport: number, late: boolean, change: 1 | -1): void {
    this.#landed[airport] = (this.#landed[airport] as number) + change;
    this.#allLanded += change;
    if (!late) return;
    this.#late[airport] = (this.#late[airport] as number) + change;
    this.#allLate += change;
  }

  share(airport: number): number {
    const network = (this.#allLate + UNKNOWN_SHARE) / (this.#allLanded + 1);
    const late = (this.#late[airport] as number) + PRIOR_LANDINGS * network;
    return late / ((this.#landed[airport] as number) + PRIOR_LANDINGS);
  }
}

/** Flights in the order in which they land: a counting sort by minute. */
function inOrderOfLanding(flights: Flights): { order: Uint32Array; minute: Uint32Array } {
  const minute = new Uint32Array(flights.rows);
  for (let row = 0; row < flights.rows; row++) {
    minute[row] = (flights.minute[row] as number) + minutesInTheAir(flights.distance[row] as number);
  }
  const first = flights.minute[0] ?? 0;
  const span = (flights.minute[flights.rows - 1] ?? 0) - first + MINUTES_A_DAY;
  const start = new Uint32Array(span + 1);
  for (let row = 0; row < flights.rows; row++) {
    const after = (minute[row] as number) - first + 1;
    start[after] = (start[after] as number) + 1;
  }
  for (let i = 1; i < start.length; i++) start[i] = (start[i] as number) + (start[i - 1] as number);
  const order = new Uint32Array(flights.rows);
  for (let row = 0; row < flights.rows; row++) {
    const landing = (minute[row] as number) - first;
    const place = start[landing] as number;
    order[place] = row;
    start[landing] = place + 1;
  }
  return { order, minute };
}

/** Gate to gate: taxiing, climb and descent, then eight miles a minute. Time zones are ignored. */
function minutesInTheAir(distance: number): number {
  return 35 + Math.round(distance / 8);
}
