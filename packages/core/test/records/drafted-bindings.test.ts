import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { valueDigest } from '../../src/hash/value-digest.ts';
import { type IOManager, job, memory, op } from '../../src/index.ts';
import type { JobPlan } from '../../src/plan/job-plan.ts';
import type { Binding } from '../../src/records/binding.ts';
import { placeOfBinding } from '../../src/records/binding-place.ts';
import { bindingsFor } from '../../src/records/bindings-for.ts';
import { pubOf, versionOfRecord } from '../../src/versions/record-key.ts';

/** What is kept is so for ever: a collector that has not come to it yet needs a few turns. */
const MOST_TURNS = 50;

/** Steps below one that gives something else each time, over a store of their own. */
function drawing(io: IOManager) {
  let drawn = 0;
  const draw = op('draw', { version: '1', run: () => ++drawn });
  const twice = op('twice', { version: '1', run: ({ of }: { of: number }) => 2 * of });
  const sum = op('sum', { version: '1', run: ({ all }: { all: number[] }) => all.reduce((a, b) => a + b, 0) });
  return job('drawing', {
    io,
    tags: { 'memo/is_memoized_run': 'true' },
    build: () => {
      const one = draw();
      return sum({ all: [twice({ of: one }), 7, one] });
    },
  });
}

function bindingsIn(io: IOManager): readonly Binding[] {
  return [...bindingsFor(io).table.live().bindings()];
}

test('a binding says what its step read when it ran, though nobody has read it until something else counted', async () => {
  const [asked, unasked] = [memory(), memory()];
  const read: Binding[][] = [];
  for (const io of [asked, unasked]) {
    const drawn = drawing(io);
    for (let run = 0; run < 3; run++) {
      (await drawn.run(run === 0 ? {} : { force: 'draw' })).unwrap();
      if (io === asked) bindingsIn(io);
    }
    read.push([...bindingsIn(io)]);
  }
  const [atOnce = [], late = []] = read;
  expect(late.map(({ step }) => step)).toEqual(Array.from({ length: 3 }, () => ['draw', 'twice', 'sum']).flat());
  const fixed = (binding: Binding): object => ({ ...binding, run: '', when: 0, duration: 0 });
  expect(late.map(fixed)).toEqual(atOnce.map(fixed));
  for (const { record, stepVersion, outputs, pub } of late) {
    expect(versionOfRecord(record)).toBe(stepVersion);
    expect(pubOf(outputs as never)).toBe(pub);
  }
  expect(late.filter(({ step }) => step === 'twice').map(({ consumed }) => consumed)).toEqual(
    [1, 2, 3].map((of) => ({ of: valueDigest(of) })),
  );
  expect(late.filter(({ step }) => step === 'sum').map(({ consumed }) => consumed)).toEqual(
    [1, 2, 3].map((one) => ({ all: [valueDigest(2 * one), null, valueDigest(one)] })),
  );
  expect(new Set(late.filter(({ step }) => step !== 'draw').map(({ contentKey }) => contentKey)).size).toBe(6);
});

test('bindings of few steps of a large plan do not keep the plan', async () => {
  const plans: WeakRef<object>[] = [];
  const io = memory();
  const own = op('own', { version: '1', run: ({ of }: { of: number }) => of });
  const growing = (last: number) =>
    job('growing', {
      io,
      tags: { 'memo/is_memoized_run': 'true' },
      build: () => ({ all: [0, 1, 2, 3, 4, 5, 6, last].map((of) => own({ of })) }),
    });
  for (let last = 7; last < 12; last++) {
    const { plan } = await growing(last).run();
    plans.push(new WeakRef((plan as JobPlan).parts.traced));
  }
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  // Of the first one all steps ran, and the last one may still be at hand.
  const kept = (): readonly WeakRef<object>[] => plans.slice(1, -1).filter((plan) => plan.deref() !== undefined);
  // Whoever asks a reference keeps what it names until the turn ends, and the engine's other threads may hold it a little longer.
  for (let turn = 0; turn < MOST_TURNS && kept().length > 0; turn++) {
    await new Promise((resolve) => setImmediate(resolve));
    collect();
  }
  expect(kept()).toHaveLength(0);
  expect(bindingsIn(io)).toHaveLength(12);
  const view = bindingsFor(io).table.live();
  for (const binding of bindingsIn(io))
    expect(view.latestAt(placeOfBinding(binding).site)?.document()?.step).toBe(binding.step);
});
