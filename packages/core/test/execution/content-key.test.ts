import { expect, test } from 'vitest';
import { sha256 } from '../../src/hash/digest.ts';
import { job, memory, op } from '../../src/index.ts';
import type { Binding } from '../../src/records/binding.ts';
import { bindingsFor } from '../../src/records/bindings-for.ts';
import { part, recordKey } from '../../src/versions/record-key.ts';
import type { InputRecord, UpstreamRecord } from '../../src/versions/step-version-record.ts';
import { SharedStorage } from '../support/shared-storage.ts';
import { FULL_STORE, openSharedStore } from '../support/shared-store.ts';

const number = op('number', { version: '1', run: ({ value }: { value: number }) => value });
const sum = op('sum', {
  version: '1',
  salt: 'salted',
  run: ({ first, others }: { first: number; others: readonly number[] }) =>
    others.reduce((total, other) => total + other, first),
});

async function bindingsOfRun(): Promise<ReadonlyMap<string, Binding>> {
  const io = memory();
  const sums = job('sums', {
    io,
    tags: { 'memo/is_memoized_run': 'true' },
    build: () => {
      const [one, two] = [number({ value: 1 }, { id: 'one' }), number({ value: 2 }, { id: 'two' })];
      return sum({ first: one, others: [two, 5, one] }, { id: 'sum', after: two });
    },
  });
  (await sums.run()).unwrap();
  return new Map([...bindingsFor(io).table.live().bindings()].map((binding) => [binding.step, binding]));
}

function byContent(bindings: ReadonlyMap<string, Binding>, { record }: Binding): string {
  const content = (upstream: UpstreamRecord): UpstreamRecord => {
    const output = bindings.get(upstream.step)?.outputs[upstream.output];
    if (output === undefined || output === 'absent') throw new Error(`Nothing is known of ${upstream.step}.`);
    return { ...upstream, form: 'content', version: part(output.digest) };
  };
  const inputs = Object.entries(record.inputs).map(([name, input]): [string, InputRecord] => {
    if (input.from === 'output') return [name, { from: 'output', output: content(input.output) }];
    if (input.from !== 'list') return [name, input];
    return [name, { from: 'list', items: input.items.map((item) => ('key' in item ? item : content(item))) }];
  });
  return sha256(`memo.content-key/1;${recordKey({ ...record, inputs: Object.fromEntries(inputs) })}`);
}

test('the content key of a binding is its record with content digests in place of versions', async () => {
  const bindings = await bindingsOfRun();
  expect([...bindings.keys()].sort()).toEqual(['one', 'sum', 'two']);
  for (const binding of bindings.values()) expect(binding.contentKey).toBe(byContent(bindings, binding));
});

test('a list without its left out items is the same content wherever they stood', async () => {
  const maybe = op('maybe', { version: '1', outputs: { found: { optional: true } }, run: () => ({}) });
  let counted = 0;
  const count = op('count', {
    version: '1',
    run: ({ items }: { items: readonly unknown[] }) => {
      counted++;
      return items.length;
    },
  });
  const io = openSharedStore(new SharedStorage(), { traits: FULL_STORE, prefix: 'store' });
  const counts = (times: number) =>
    job('counts', {
      io,
      tags: { 'memo/is_memoized_run': 'true' },
      build: () => ({ counted: count({ items: [...Array.from({ length: times }, () => maybe().found), 'last'] }) }),
    });
  expect(await (await counts(1).run()).loadAll()).toEqual({ counted: 1 });
  const result = await counts(2).run();
  expect([await result.loadAll(), result.executed, counted]).toEqual([{ counted: 1 }, [], 1]);
});
