/**
 * One computation of a version at a time within a process: whoever comes second waits, and then looks again. Across processes two
 * may compute the same; one content wins there.
 */
export class SingleFlight {
  readonly #flights = new Map<string, Flight>();

  /** Takes a key until it is released; a promise of its release where somebody else has it. */
  take(key: string): Promise<void> | undefined {
    const flying = this.#flights.get(key);
    if (flying === undefined) {
      this.#flights.set(key, UNWATCHED);
      return undefined;
    }
    if (flying !== UNWATCHED) return flying.landed;
    const watched = watchedFlight();
    this.#flights.set(key, watched);
    return watched.landed;
  }

  /** Gives a key back. */
  release(key: string): void {
    const flight = this.#flights.get(key);
    this.#flights.delete(key);
    flight?.land();
  }
}

/** A flight, and who is told of its end. */
interface Flight {
  readonly landed: Promise<void>;
  readonly land: () => void;
}

function watchedFlight(): Flight {
  let land: () => void = () => undefined;
  const landed = new Promise<void>((resolve) => {
    land = resolve;
  });
  return { landed, land };
}

/** Nobody waits for the end of nearly all flights. */
const UNWATCHED: Flight = { landed: Promise.resolve(), land: () => undefined };

/** Resolves when a flight is over, or when the run that waits for it is aborted. */
export function landed(flight: Promise<void>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      signal.removeEventListener('abort', end);
      resolve();
    };
    signal.addEventListener('abort', end);
    if (signal.aborted) end();
    flight.then(end, end);
  });
}

const flights = new WeakMap<object, SingleFlight>();

/** The flights of everything that shares `owner`: the bindings of one store. */
export function flightsOf(owner: object): SingleFlight {
  const known = flights.get(owner) ?? new SingleFlight();
  flights.set(owner, known);
  return known;
}
