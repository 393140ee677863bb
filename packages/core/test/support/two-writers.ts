import { expect, vi } from 'vitest';
import { applyPrune } from '../../src/retention/apply-prune.ts';
import { planPruneAt } from '../../src/retention/plan-prune.ts';
import { type Actor, everyCourse, type Tried } from './every-course.ts';
import { Ground } from './footprint.ts';
import type { InputModel, JobModel, OpModel, StepModel } from './job-model.ts';
import { checkOneExecution } from './one-execution.ts';
import { failuresOf, type Loaded, type ModelResult, type RunAsk, Session } from './session.ts';
import { SharedStorage } from './shared-storage.ts';
import { FULL_STORE, openSharedStore } from './shared-store.ts';
import { World } from './world.ts';

/** Two processes that run a job at once over one storage, and what happens beside. */
export interface Race {
  readonly name: string;
  readonly model: JobModel;
  /** What each of the two asks for. */
  readonly asks: readonly [RunAsk, RunAsk];
  /** What happens beside: values of an op are lost; or what nobody used for long is pruned. */
  readonly beside?: { readonly lose: string } | 'prune';
}

const OP: OpModel = {
  code: 0,
  outputs: 'single',
  kind: 'plain',
  chance: 1,
  coarse: 0,
  resources: [],
  io: 'default',
  expires: false,
  flaky: false,
  later: false,
  hurried: false,
};

const PAIR = [
  { optional: false, io: 'default' },
  { optional: true, io: 'default' },
] as const;

/** The ops of a job, each with what it reads: outputs of ops before it, by number. */
function jobOf(
  ...ops: readonly (Partial<OpModel> & { readonly reads?: readonly number[]; readonly inner?: true })[]
): JobModel {
  const steps = ops.map(
    ({ reads = [], inner }, op): StepModel => ({
      op,
      id: undefined,
      inputs: reads.map((at): InputModel => ({ kind: 'output', at })),
      after: [],
      config: 0,
      salt: 0,
      returned: inner !== true,
      twinOf: undefined,
    }),
  );
  return { ops: ops.map(({ reads: _reads, inner: _inner, ...op }) => ({ ...OP, ...op })), resources: [], steps };
}

const CHAIN = jobOf({}, { reads: [0] });
const FORK = jobOf({ inner: true }, { reads: [0] }, { reads: [0] });
const PAIRED = jobOf({ outputs: PAIR }, { reads: [0] });
const BELOW = jobOf({ chance: 0 }, { reads: [0], outputs: PAIR }, { reads: [1] });
const EVERYTHING: RunAsk = { concurrency: 1 };

/** Races in their smallest form. */
export const RACES: readonly Race[] = [
  { name: 'a step and one that reads it', model: CHAIN, asks: [EVERYTHING, EVERYTHING] },
  { name: 'a value that is lost', model: CHAIN, asks: [EVERYTHING, EVERYTHING], beside: { lose: 'op0' } },
  {
    name: 'a value that is lost, and two steps that read it, each asked for by one',
    model: FORK,
    asks: [
      { ...EVERYTHING, only: [1] },
      { ...EVERYTHING, only: [2] },
    ],
    beside: { lose: 'op0' },
  },
  { name: 'a step of several outputs', model: PAIRED, asks: [EVERYTHING, EVERYTHING] },
  {
    name: 'a step of several outputs below one that is lost',
    model: BELOW,
    asks: [EVERYTHING, EVERYTHING],
    beside: { lose: 'op0' },
  },
  { name: 'a step that one of them forces', model: CHAIN, asks: [EVERYTHING, { ...EVERYTHING, force: [0] }] },
  { name: 'a prune', model: CHAIN, asks: [EVERYTHING, { ...EVERYTHING, only: [0] }], beside: 'prune' },
];

const GRACE_MS = 2 * 3_600_000;

/**
 * Tries every course of a race with at most so many switches. Each result comes from one execution of each step version, nothing that a run returned is
 * lost but by the loss itself, and afterwards everything is there to stay.
 *
 * @returns how many courses there were.
 */
export async function tryRace(race: Race, switches: number): Promise<Tried> {
  const past = race.beside === 'prune' ? await storeOfLongAgo(race.model) : undefined;
  // Records are written after a second, too: how fast the machine is must not decide which courses there are.
  let time = 0;
  const clock = vi.spyOn(performance, 'now').mockImplementation(() => time++);
  try {
    return await everyCourse(switches, () => {
      time = 0;
      const scene = new Scene(race, past);
      return { actors: scene.actors(), ground: scene.ground, check: () => scene.check() };
    });
  } finally {
    clock.mockRestore();
  }
}

interface Past {
  readonly storage: SharedStorage;
  readonly world: World;
}

async function storeOfLongAgo(model: JobModel): Promise<Past> {
  const session = new Session(model, FULL_STORE);
  await session.run();
  return { storage: session.storage, world: session.world };
}

type Turn = (what: string) => Promise<void>;

const AT_ONCE: Turn = () => Promise.resolve();

class Scene {
  readonly ground: Ground = new Ground();
  readonly #race: Race;
  readonly #storage: SharedStorage;
  readonly #world: World;
  readonly #ended: { readonly session: Session; readonly result: ModelResult; readonly beforePrune: boolean }[] = [];
  #isPruning = false;

  constructor(race: Race, past: Past | undefined) {
    this.#race = race;
    this.#storage = new SharedStorage(past?.storage, this.ground);
    this.#world = new World(undefined, past?.world, this.ground);
    if (past !== undefined) this.#world.clock.advance(4 * GRACE_MS);
  }

  actors(): readonly Actor[] {
    const { asks, beside } = this.#race;
    const runs = asks.map((ask) => ({ act: (turn: Turn) => this.#run(ask, turn) }));
    if (beside === undefined) return runs;
    return [...runs, { act: (turn: Turn) => (beside === 'prune' ? this.#prune(turn) : this.#lose(beside.lose, turn)) }];
  }

  async check(): Promise<void> {
    for (const { session, result, beforePrune } of this.#ended) {
      expect(failuresOf(result)).toEqual([]);
      await checkOneExecution(session, result);
      const mayMiss = this.#race.beside !== undefined && !(this.#race.beside === 'prune' && beforePrune);
      if (!mayMiss) expect([...(await session.load(result)).values()]).not.toContain('lost');
    }
    await this.#checkRest();
  }

  /** A later process makes up for what was lost; the next one has nothing to do, and gets the same. */
  async #checkRest(): Promise<void> {
    const session = this.#open(AT_ONCE);
    let given: ReadonlyMap<string, Loaded> | undefined;
    let executed: readonly string[] = ['everything'];
    for (let run = 0; executed.length > 0 && run < MOST_REPAIRS; run++) {
      session.reopen();
      const result = await session.run();
      expect(failuresOf(result)).toEqual([]);
      await checkOneExecution(session, result);
      given = await session.load(result);
      ({ executed } = result);
    }
    expect(executed).toEqual([]);
    expect([...(given?.values() ?? [])]).not.toContain('lost');
  }

  async #run(ask: RunAsk, turn: Turn): Promise<void> {
    const session = this.#open(turn);
    const result = await session.run(ask);
    this.ground.footprint.read('scene', 'pruning');
    this.#ended.push({ session, result, beforePrune: !this.#isPruning });
  }

  async #lose(op: string, turn: Turn): Promise<void> {
    await turn('lose');
    for (const key of this.#storage.objects.keys()) if (key.includes(`/${op}/`)) this.#storage.objects.delete(key);
  }

  async #prune(turn: Turn): Promise<void> {
    const limits = {
      pinned: [],
      keep: [],
      grace: GRACE_MS,
      slowerThan: Number.POSITIVE_INFINITY,
      keepsNonDeterministic: false,
    };
    const plan = await planPruneAt(this.#stores(turn), {
      now: this.#world.clock.now(),
      olderThan: GRACE_MS,
      keepRuns: 0,
      maxBytes: Number.POSITIVE_INFINITY,
      ...limits,
    });
    this.ground.footprint.write('scene', 'pruning');
    this.#isPruning = true;
    await applyPrune(plan);
  }

  #open(turn: Turn): Session {
    const traits = { ...FULL_STORE, promises: true };
    return new Session(this.#race.model, traits, this.#storage, this.#world, () => this.#stores(turn));
  }

  #stores(turn: Turn) {
    const open = (prefix: string) =>
      openSharedStore(this.#storage, { traits: { ...FULL_STORE, promises: true }, prefix, turn });
    return { default: open('default'), other: open('other') };
  }
}

const MOST_REPAIRS = 4;
