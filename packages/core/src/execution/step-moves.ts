import type { StepQueue } from './step-queue.ts';

/** What is being done of a step that has to be waited for. */
export interface Move {
  readonly index: number;
  readonly how: 'decide' | 'run';
}

/** What moving steps works with. */
export interface MovingScope<Begun> {
  readonly queue: StepQueue;
  /** Most steps that may run at once. */
  readonly slots: number;
  readonly poolOf: (index: number) => string | undefined;
  /** Works off what became ready. */
  readonly drain: () => void;
  /** True once nothing new is to begin. */
  readonly isStopping: () => boolean;
  /** False for a step that is not to run any more. */
  readonly isDue: (index: number) => boolean;
  /** What is to be run of a step: nothing where that turns out not to be needed, or a promise that does it. */
  readonly begin: (index: number) => Begun | Promise<void> | undefined;
  /** Runs what was begun; a promise of its end where there is something to wait for. */
  readonly run: (begun: Begun) => Promise<void> | undefined;
  /** Told what goes wrong unforeseen. */
  readonly onError: (error: unknown) => void;
  /** Told when nothing moves, and nothing waits that may move. */
  readonly onStill: () => void;
}

/** What is being decided and run, at most so many steps at once, until nothing moves. */
export class StepMoves<Begun extends { readonly index: number }> {
  readonly #scope: MovingScope<Begun>;
  readonly #pending = new Set<Move>();
  #running = 0;
  #isPumping = false;
  #isOver = false;

  constructor(scope: MovingScope<Begun>) {
    this.#scope = scope;
  }

  /** What is waited for. */
  pending(): Iterable<Move> {
    return this.#pending;
  }

  /** Nothing that still moves counts any more. */
  abandon(): void {
    this.#isOver = true;
  }

  /**
   * Begins what there is room for, then runs it. What has nothing to wait for is over at once; what there is room for then begins in the next
   * turn of promises, so that others get theirs.
   */
  readonly pump = (): void => {
    if (this.#isPumping || this.#isOver) return;
    this.#isPumping = true;
    const begun: Begun[] = [];
    let isAnyOver = this.#beginSome(begun);
    for (const step of begun) if (this.#runOne(step)) isAnyOver = true;
    this.#isPumping = false;
    if (isAnyOver) void Promise.resolve().then(this.pump);
    else this.checkStill();
  };

  /** Says so when nothing moves. */
  checkStill(): void {
    const { queue, isStopping, onStill } = this.#scope;
    if (this.#isPumping || this.#pending.size > 0) return;
    if (queue.size === 0 || isStopping()) onStill();
  }

  /** Keeps account of what is going on, and goes on when it is over. */
  async follow(move: Move, moving: Promise<void>): Promise<void> {
    this.#pending.add(move);
    try {
      await moving;
    } catch (error) {
      this.#scope.onError(error);
    }
    if (this.#isOver) return;
    if (move.how === 'run') this.#leave(move.index);
    this.#pending.delete(move);
    this.pump();
  }

  /** True where one had nothing to run after all, and is over. */
  #beginSome(begun: Begun[]): boolean {
    const { queue, slots, drain, isStopping, isDue, poolOf } = this.#scope;
    let isAnyOver = false;
    drain();
    while (this.#running < slots && !isStopping()) {
      const index = queue.take();
      if (index === undefined) break;
      if (!isDue(index)) queue.release(poolOf(index));
      else if (this.#beginOne(index, begun)) isAnyOver = true;
    }
    return isAnyOver;
  }

  #beginOne(index: number, begun: Begun[]): boolean {
    this.#running++;
    let beginning: Begun | Promise<void> | undefined;
    try {
      beginning = this.#scope.begin(index);
    } catch (error) {
      this.#scope.onError(error);
    }
    if (beginning === undefined || beginning instanceof Promise) return this.#goOn(index, beginning);
    begun.push(beginning);
    return false;
  }

  #runOne(step: Begun): boolean {
    let rest: Promise<void> | undefined;
    try {
      rest = this.#scope.run(step);
    } catch (error) {
      this.#scope.onError(error);
    }
    return this.#goOn(step.index, rest);
  }

  /** Waits for the rest of what a step does, if there is one. True for one that is over. */
  #goOn(index: number, rest: Promise<void> | undefined): boolean {
    if (rest === undefined) this.#leave(index);
    else void this.follow({ index, how: 'run' }, rest);
    return rest === undefined;
  }

  #leave(index: number): void {
    this.#running--;
    this.#scope.queue.release(this.#scope.poolOf(index));
  }
}
