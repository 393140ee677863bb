/**
 * One computation of a version at a time within a process: whoever comes second waits, and then looks again. Across processes two
 * may compute the same; one content wins there.
 */
export class SingleFlight {
  readonly #flights = new Map<string, Flight>();

  /** Takes a key until it is released; a promise of its release where somebody else has it. */
  take(key: string): Promise<void> | undefined {
    const flying = this.#flights.get(key);
    if (flying === undefined) this.#flights.set(key, { landed: undefined, land: undefined });
    else flying.landed ??= new Promise<void>((resolve) => (flying.land = resolve));
    return flying?.landed;
  }

  /** Gives a key back. */
  release(key: string): void {
    const flight = this.#flights.get(key);
    this.#flights.delete(key);
    flight?.land?.();
  }
}

/** The promise is made when somebody waits for it: hardly anybody does. */
interface Flight {
  landed: Promise<void> | undefined;
  land: (() => void) | undefined;
}

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
