/** Steps that are ready, by pool, so that a full pool does not hold up the others. First come, first served within a pool. */
export class StepQueue {
  readonly #pools = new Map<string, Pool>();
  readonly #limits: Readonly<Record<string, number>>;
  #size = 0;

  constructor(limits: Readonly<Record<string, number>>) {
    this.#limits = limits;
  }

  get size(): number {
    return this.#size;
  }

  push(step: number, pool: string | undefined): void {
    this.#pool(pool).waiting.push(step);
    this.#size++;
  }

  /** Takes a step whose pool has room, and a place in that pool with it. */
  take(): number | undefined {
    for (const pool of this.#pools.values()) {
      if (pool.running >= pool.limit || pool.next >= pool.waiting.length) continue;
      const step = pool.waiting[pool.next++] as number;
      pool.running++;
      this.#size--;
      if (pool.next > 1_024 && pool.next * 2 > pool.waiting.length) {
        pool.waiting.splice(0, pool.next);
        pool.next = 0;
      }
      return step;
    }
    return undefined;
  }

  /** Gives the place in a pool back. */
  release(pool: string | undefined): void {
    this.#pool(pool).running--;
  }

  /** Takes everything out. */
  clear(): readonly number[] {
    const left = [...this.#pools.values()].flatMap((pool) => pool.waiting.slice(pool.next));
    for (const pool of this.#pools.values()) {
      pool.waiting.length = 0;
      pool.next = 0;
    }
    this.#size = 0;
    return left;
  }

  #pool(name: string | undefined): Pool {
    const key = name ?? '';
    const known = this.#pools.get(key);
    if (known !== undefined) return known;
    const limit = name === undefined ? Number.POSITIVE_INFINITY : (this.#limits[name] ?? Number.POSITIVE_INFINITY);
    const pool: Pool = { waiting: [], next: 0, running: 0, limit };
    this.#pools.set(key, pool);
    return pool;
  }
}

interface Pool {
  readonly waiting: number[];
  next: number;
  running: number;
  readonly limit: number;
}
