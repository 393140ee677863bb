import assert from 'node:assert/strict';
import type { StoredOutput } from '@memo/core/plugin';
import type { IOManagerCase } from '../io-manager-case.ts';
import { numbered, numberedValue, valueOfWriter, writerOf } from '../numbered-output.ts';
import { assertStored } from '../stored-output.ts';
import { type IOManagerTrial, pairOf } from '../trial.ts';

/** Publishing creates, and what is there is whole. */
export const PUBLISHING: readonly IOManagerCase[] = [
  {
    id: 'publishing/tells-created',
    title: 'the first writer of an address is told that it created the output',
    needs: ['atomicCreate'],
    async run({ open }) {
      const stored = await (await open()).store(numbered(1), 'first');
      assert.equal(stored?.outcome, 'created');
    },
  },
  {
    id: 'publishing/never-replaces',
    title: 'a second writer is told that the output exists, and the first value stays',
    needs: ['atomicCreate'],
    async run(trial) {
      const [one, other] = await pairOf(trial);
      await one.store(numbered(1, { contentDigest: 'vf1:first' }), 'first');
      const again = await other.store(numbered(1, { contentDigest: 'vf1:second' }), { longer: 'second value' });
      assert.equal(again?.outcome, 'exists');
      assert.ok([undefined, 'vf1:first'].includes(again?.contentDigest), 'the digest must be that of the stored value');
      await assertStored(other, numbered(1), 'first');
      await assertStored(one, numbered(1), 'first');
      if (again?.contentDigest === undefined) return;
      // Who keeps the digest can tell that what is there is not what was asked for.
      const asked = other.load(numbered(1, { contentDigest: 'vf1:second' }));
      await assert.rejects(asked, { code: 'M5003' }, 'another content than `context.contentDigest` must be refused');
    },
  },
  {
    id: 'publishing/again-is-no-error',
    title: 'storing an output twice is no error and leaves one whole value',
    async run(trial) {
      const [one, other] = await pairOf(trial);
      await one.store(numbered(1), valueOfWriter(1, 5000));
      await other.store(numbered(1), valueOfWriter(2, 10));
      assert.ok([1, 2].includes(writerOf(await one.load(numbered(1))) ?? 0), 'the value is not one of the stored ones');
    },
  },
  {
    id: 'publishing/one-of-many-writers-wins',
    title: 'of 50 writers of one address exactly one creates it, and its value is what all read',
    needs: ['atomicCreate'],
    async run(trial) {
      for (let round = 0; round < 4; round++) {
        const { outcomes, read } = await raceOfWriters(trial, `round ${round}`);
        const created = outcomes.flatMap((stored, writer) => (stored?.outcome === 'created' ? [writer] : []));
        assert.equal(created.length, 1, `${created.length} writers were told that they created the output`);
        assert.deepEqual(read, new Set(created), 'the value is not that of the writer who created it');
      }
    },
  },
  {
    id: 'publishing/racing-writers-leave-a-whole-value',
    title: 'of 50 writers of one address any one may win, with a whole value',
    unless: ['atomicCreate'],
    async run(trial) {
      for (let round = 0; round < 4; round++) {
        const { read } = await raceOfWriters(trial, `round ${round}`);
        assert.equal(read.size, 1, `the readers saw the values of ${read.size} writers`);
        assert.ok(!read.has(undefined), 'a value was mixed from those of several writers, or cut off');
      }
    },
  },
  {
    id: 'publishing/never-half-there',
    title: 'whoever looks while an output is written sees nothing or the whole value',
    async run(trial) {
      const [writer, reader] = await pairOf(trial);
      for (let round = 0; round < 12; round++) await watchOneWrite({ writer, reader, round });
    },
  },
  {
    id: 'publishing/many-at-once',
    title: '200 outputs that are stored at once are all there, each with its own value',
    async run({ openSeveral }) {
      const managers = await openSeveral(4);
      const numbers = Array.from({ length: 200 }, (_, index) => index);
      const from = (number: number) => managers[number % managers.length] ?? assert.fail();
      await Promise.all(numbers.map((number) => from(number).store(numbered(number), { number })));
      for (const number of numbers) await assertStored(from(number + 1), numbered(number), { number });
    },
  },
  {
    id: 'publishing/one-writer-alone-is-not-disturbed',
    title: 'a large output that is stored beside many small ones is whole',
    async run(trial) {
      const [one, other] = await pairOf(trial);
      const large = numberedValue(3);
      await Promise.all([
        one.store(numbered('large'), large),
        ...Array.from({ length: 50 }, (_, index) => other.store(numbered(index), { index })),
      ]);
      await assertStored(other, numbered('large'), large);
    },
  },
];

interface Race {
  readonly outcomes: readonly (StoredOutput | undefined)[];
  /** Whose values were read afterwards; `undefined` for what is nobody's whole value. */
  readonly read: ReadonlySet<number | undefined>;
}

async function raceOfWriters({ openSeveral }: IOManagerTrial, label: string): Promise<Race> {
  const managers = await openSeveral(5);
  const context = numbered(label);
  const writers = Array.from({ length: 50 }, (_, writer) => writer);
  const outcomes = await Promise.all(
    writers.map((writer) =>
      (managers[writer % managers.length] ?? assert.fail()).store(context, valueOfWriter(writer, 500 + writer * 100)),
    ),
  );
  const read = await Promise.all(managers.map(async (manager) => writerOf(await manager.load(context))));
  return { outcomes, read: new Set(read) };
}

async function watchOneWrite({ writer, reader, round }: Watched): Promise<void> {
  const context = numbered(`watched ${round}`);
  let done = false;
  const writing = writer.store(context, valueOfWriter(round, 400_000)).finally(() => {
    done = true;
  });
  while (!done) {
    if (await reader.has(context)) {
      assert.equal(writerOf(await reader.load(context)), round, 'an output was there before it was whole');
    }
    await new Promise(setImmediate);
  }
  await writing;
  assert.equal(writerOf(await reader.load(context)), round);
}

interface Watched {
  readonly writer: Awaited<ReturnType<IOManagerTrial['open']>>;
  readonly reader: Awaited<ReturnType<IOManagerTrial['open']>>;
  readonly round: number;
}
