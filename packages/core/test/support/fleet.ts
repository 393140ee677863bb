import { type TierPolicy, tiered } from '@memo/core';
import fc from 'fast-check';
import { flakyStore } from './flaky-store.ts';
import type { JobModel } from './job-model.ts';
import type { Managers } from './model-job.ts';
import { record } from './random-job.ts';
import { commands, type SessionTraits } from './random-session.ts';
import { type Command, Session } from './session.ts';
import { SharedStorage } from './shared-storage.ts';
import { FULL_STORE, openSharedStore, type StoreTraits } from './shared-store.ts';
import { World } from './world.ts';

/** What a machine of a fleet is like. */
export interface Machine {
  readonly policy: TierPolicy;
  readonly local: StoreTraits;
  /** Whether the store of the key `other` is tiered too. */
  readonly bothTiered: boolean;
}

/** One thing that happens on one machine, or to the shared store. */
export interface FleetCommand {
  readonly machine: number;
  readonly command: Command;
  /** Which calls of the shared store fail from now on: every nth, none, or all. */
  readonly failing: 'none' | 'all' | number;
  /** What is lost or damaged in the shared store before. */
  readonly harm: { readonly how: 'lose' | 'damage'; readonly which: readonly number[] } | undefined;
}

/** Machines with stores of their own, and one store that they share and that may fail. */
export class Fleet {
  readonly storage: SharedStorage = new SharedStorage();
  readonly world: World = new World();
  readonly machines: readonly Session[];
  failing: FleetCommand['failing'] = 'none';
  #calls = 0;

  constructor(model: JobModel, machines: readonly Machine[]) {
    this.machines = machines.map(
      (machine) =>
        new Session(model, machine.local, new SharedStorage(), this.world, (own) => this.#tiers(own, machine)),
    );
  }

  machine(number: number): Session {
    return this.machines[number % this.machines.length] as Session;
  }

  prepare({ failing, harm }: FleetCommand): void {
    this.failing = failing;
    if (harm?.how === 'lose') this.storage.loseObjects(harm.which);
    else if (harm?.how === 'damage') this.storage.damageObjects(harm.which);
  }

  #tiers(own: Managers, { policy, bothTiered }: Machine): Managers {
    const behind = (prefix: 'default' | 'other') =>
      flakyStore(openSharedStore(this.storage, { traits: { ...FULL_STORE, promises: true }, prefix }), () =>
        this.#isBad(),
      );
    const main = tiered(own.default, behind('default'), { policy });
    return {
      default: main,
      other: bothTiered ? tiered(own.other, behind('other'), { policy, bindings: main }) : own.other,
    };
  }

  #isBad(): boolean {
    this.#calls++;
    if (this.failing === 'none' || this.failing === 'all') return this.failing === 'all';
    return this.#calls % this.failing === 0;
  }
}

const localTraits = record({ bulk: fc.boolean(), promises: fc.boolean() }).map((some) => ({ ...FULL_STORE, ...some }));

/** Random fleets of two or three machines. */
export const machines: fc.Arbitrary<readonly Machine[]> = fc.array(
  record({
    policy: fc.constantFrom('read-write' as const, 'read-write' as const, 'read-only' as const),
    local: localTraits,
    bothTiered: fc.boolean(),
  }),
  { minLength: 2, maxLength: 3 },
);

/** Random things that happen to a fleet. */
export function fleetCommands(traits: SessionTraits): fc.Arbitrary<readonly FleetCommand[]> {
  const which = fc.array(fc.nat({ max: 99 }), { minLength: 1, maxLength: 4 });
  const command = commands(traits).map((some) => some[0] as Command);
  return fc.array(
    record({
      machine: fc.nat({ max: 2 }),
      command: fc.oneof(
        { weight: 2, arbitrary: fc.constant<Command>({ do: 'run', ask: {} }) },
        { weight: 3, arbitrary: command },
      ),
      failing: fc.oneof(
        { weight: 4, arbitrary: fc.constant('none' as const) },
        { weight: 1, arbitrary: fc.constant('all' as const) },
        { weight: 2, arbitrary: fc.integer({ min: 2, max: 40 }) },
      ),
      harm: fc.oneof(
        { weight: 4, arbitrary: fc.constant(undefined) },
        { weight: 1, arbitrary: record({ how: fc.constantFrom('lose' as const, 'damage' as const), which }) },
      ),
    }),
    { minLength: 2, maxLength: 10, size: 'max' },
  );
}
