import type { Ground } from './footprint.ts';
import { History } from './history.ts';
import { PromptClock } from './prompt-clock.ts';

/** One call of an op's function that got as far as computing something. */
export interface Call {
  readonly step: string;
  readonly op: string;
  readonly run: string;
  readonly version: string | undefined;
}

/** What lies outside of a job: what ops read and do beside their inputs and outputs, and what a test can see of it. */
export class World {
  readonly clock: PromptClock;
  /** Every execution, in order. */
  readonly calls: Call[] = [];
  readonly history: History;
  /** What effects published last, by step. */
  readonly published = new Map<string, string>();
  /** Ops that fail now, by name. */
  readonly broken = new Set<string>();
  /** Setups and teardowns of resources: `+name` and `-name`. */
  readonly resourceLog: string[] = [];
  /** What volatile ops read. */
  state = 0;
  /** Is called before each execution. */
  onCall: (call: Call) => void = () => undefined;
  /** What asynchronous ops wait for before they go on. */
  turn: (what: string) => Promise<void> = () => Promise.resolve();
  readonly #counts: Map<string, number>;
  readonly #ground: Ground | undefined;

  /**
   * @param past a world that this one goes on from: what chance gave there it does not give again.
   * @param ground is told which ops are executed.
   */
  constructor(clock: PromptClock = new PromptClock(), past?: World, ground?: Ground) {
    this.clock = clock;
    this.#ground = ground;
    this.#counts = new Map(past === undefined ? [] : past.#counts);
    this.history = new History(past?.history);
  }

  /** Notes an execution. */
  add(call: Call): void {
    this.#ground?.footprint.write('ops', call.op);
    this.calls.push(call);
  }

  /** How many times an op with chance was executed before, in periods. */
  draw(op: string, period: number): number {
    const count = this.#counts.get(op) ?? 0;
    this.#counts.set(op, count + 1);
    return Math.floor(count / period);
  }

  /** Ids of the steps whose ops were executed since a call count, in order. */
  since(count: number): readonly string[] {
    return this.calls.slice(count).map(({ step }) => step);
  }
}
