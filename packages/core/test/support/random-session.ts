import fc from 'fast-check';
import { edits, record } from './random-job.ts';
import type { Command, RunAsk } from './session.ts';
import { FULL_STORE, SMALLEST_STORE, type StoreTraits } from './shared-store.ts';

const at = fc.nat({ max: 99 });
const optional = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.oneof({ weight: 3, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary });
const some = fc.array(at, { minLength: 1, maxLength: 6 });

/** What random runs are asked for; faults hit in the middle of a run where they are allowed. */
export function runAsks({ faults }: { readonly faults: boolean }): fc.Arbitrary<RunAsk> {
  return record({
    only: optional(fc.array(at, { minLength: 1, maxLength: 3 })),
    force: optional(fc.oneof(fc.constant(true as const), fc.array(at, { minLength: 1, maxLength: 3 }))),
    onFailure: fc.constantFrom('continue', 'stop', 'abort'),
    concurrency: fc.constantFrom(8, 1, 2),
    fault: faults
      ? optional(
          record({
            call: fc.nat({ max: 12 }),
            how: fc.constantFrom('lose' as const, 'damage' as const),
            values: some,
          }),
        )
      : fc.constant(undefined),
  });
}

/** What may happen in a random session. */
export interface SessionTraits {
  /** Values are lost and damaged. */
  readonly faults: boolean;
  /** Bindings, commit marks and pins are lost. */
  readonly lostRecords: boolean;
  /** Runs at once in two instances over one storage; otherwise all runs at once are of one instance. */
  readonly instances: boolean;
  readonly failures: boolean;
}

/** Random things that happen to a job. */
export function commands(traits: SessionTraits): fc.Arbitrary<readonly Command[]> {
  const { faults, lostRecords, instances, failures } = traits;
  const ask = runAsks({ faults });
  const twice = fc.constant('run twice at once' as const);
  const always: fc.WeightedArbitrary<Command>[] = [
    { weight: 6, arbitrary: record({ do: fc.constant('run' as const), ask }) },
    { weight: 5, arbitrary: record({ do: fc.constant('edit' as const), edit: edits }) },
    { weight: 3, arbitrary: record({ do: twice, in: fc.constant('one instance' as const), asks: fc.tuple(ask, ask) }) },
    { weight: 1, arbitrary: record({ do: fc.constant('let results expire' as const) }) },
    { weight: 1, arbitrary: record({ do: fc.constant('change the world' as const), to: fc.nat({ max: 2 }) }) },
  ];
  const severally: fc.WeightedArbitrary<Command>[] = [
    { weight: 1, arbitrary: record({ do: fc.constant('reopen' as const) }) },
    {
      weight: 3,
      arbitrary: record({
        do: twice,
        in: fc.constant('two instances' as const),
        asks: fc.tuple(ask, ask),
      }),
    },
  ];
  const disturb = (...what: readonly ('lose values' | 'damage values' | 'lose segments' | 'lose documents')[]) =>
    what.map((kind) => ({ weight: 2, arbitrary: record({ do: fc.constant(kind), which: some }) }));
  const fail: fc.WeightedArbitrary<Command>[] = [
    { weight: 1, arbitrary: record({ do: fc.constant('break' as const), op: at }) },
    { weight: 2, arbitrary: record({ do: fc.constant('mend' as const) }) },
  ];
  return fc.array(
    fc.oneof(
      ...always,
      ...(instances ? severally : []),
      ...(faults ? disturb('lose values', 'damage values') : []),
      ...(lostRecords ? disturb('lose segments', 'lose documents') : []),
      ...(failures ? fail : []),
    ),
    { minLength: 1, maxLength: 8, size: 'max' },
  );
}

/** Stores with everything, with the three methods alone, and between. */
export const storeTraits: fc.Arbitrary<StoreTraits> = fc.oneof(
  fc.constant(FULL_STORE),
  fc.constant(SMALLEST_STORE),
  record({
    atomicCreate: fc.boolean(),
    records: fc.boolean(),
    bulk: fc.boolean(),
    deletes: fc.boolean(),
    promises: fc.boolean(),
  }),
);
