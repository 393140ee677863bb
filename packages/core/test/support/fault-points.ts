/** A process that was killed: nothing that it does after that has an effect. */
export class Killed extends Error {}

/** Where an instance of a store stands before, in the middle of and after each effect; it can be killed at each of these points. */
export class FaultPoints {
  /** What was reached, for people. */
  readonly passed: string[] = [];
  readonly #killAt: number;
  #dead = false;

  /** @param killAt the point at which to die, counted from 0. Default: never. */
  constructor(killAt: number = Number.POSITIVE_INFINITY) {
    this.#killAt = killAt;
  }

  get dead(): boolean {
    return this.#dead;
  }

  /** @throws Killed once it is dead. */
  checkAlive(): void {
    if (this.#dead) throw new Killed('was killed');
  }

  /** Does something that changes what is stored. `tear` is what a kill in the middle leaves. */
  effect<T>(name: string, act: () => T, tear: () => void = () => undefined): T {
    this.checkAlive();
    this.#pass(`before ${name}`);
    this.#pass(`within ${name}`, tear);
    const result = act();
    this.#pass(`after ${name}`);
    return result;
  }

  #pass(point: string, onKill: () => void = () => undefined): void {
    const at = this.passed.push(point) - 1;
    if (at !== this.#killAt) return;
    onKill();
    this.#dead = true;
    throw new Killed(`was killed ${point}`);
  }
}
