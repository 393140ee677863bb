/**
 * One computation of a version at a time within a process: whoever comes second waits, and then looks again. Across processes two
 * may compute the same; one content wins there.
 */
export class SingleFlight {
  readonly #flights = new Map<string, Promise<void>>();

  /** Takes a key, or gives the promise of whoever has it. */
  take(key: string): { readonly release: () => void } | Promise<void> {
    const flying = this.#flights.get(key);
    if (flying !== undefined) return flying;
    let land: () => void = () => undefined;
    const flight = new Promise<void>((resolve) => {
      land = resolve;
    });
    this.#flights.set(key, flight);
    return {
      release: () => {
        this.#flights.delete(key);
        land();
      },
    };
  }
}

const flights = new WeakMap<object, SingleFlight>();

/** The flights of everything that shares `owner`: the bindings of one store. */
export function flightsOf(owner: object): SingleFlight {
  const known = flights.get(owner) ?? new SingleFlight();
  flights.set(owner, known);
  return known;
}
