import { expect, test } from 'vitest';
import type { Binding } from '../../src/records/binding.ts';
import { BindingLog } from '../../src/records/binding-log.ts';
import { memoryRecordStore } from '../../src/records/memory-record-store.ts';
import { bindingOf, placeOfBinding } from '../support/binding.ts';

const first: Binding = { ...bindingOf(1), pub: '1'.repeat(64), when: 1 };
const later: Binding = { ...first, pub: '2'.repeat(64), when: 2, later: true };

/** The log that wrote both bindings, and one of another process. */
async function logs(): Promise<readonly BindingLog[]> {
  const store = memoryRecordStore();
  const writer = new BindingLog(store);
  for (const binding of [first, later]) await writer.append(binding, placeOfBinding(1), true);
  const reader = new BindingLog(store);
  await reader.refresh();
  return [writer, reader];
}

test('a later execution counts only where its generation is asked for', async () => {
  for (const { table } of await logs()) {
    expect(table.live().get(first.stepVersion)?.pub).toBe(first.pub);
    expect(table.live().get(first.stepVersion, later.pub)?.pub).toBe(later.pub);
    expect(table.live().get(first.stepVersion, '3'.repeat(64))).toBeUndefined();
  }
});

test('what another process wrote later beats what this one wrote', async () => {
  const store = memoryRecordStore();
  const [one, other] = [new BindingLog(store), new BindingLog(store)];
  await one.append(first, placeOfBinding(1), true);
  await other.append({ ...first, when: 5, run: bindingOf(2).run }, placeOfBinding(1), true);
  await one.refresh();
  expect(one.table.live().get(first.stepVersion)?.when).toBe(5);
  expect(one.table.live().latestAt(placeOfBinding(1).site)?.when).toBe(5);
});

test('flushing reaches what a store was given before, and holds back', async () => {
  const store = memoryRecordStore();
  const flushed: boolean[] = [];
  const watched = {
    ...store,
    append: (segment: string, bytes: Uint8Array, options?: { readonly flush?: boolean }) => {
      flushed.push(options?.flush === true);
      return store.append(segment, bytes, options);
    },
  };
  const log = new BindingLog(watched);
  await log.append({ ...bindingOf(1), step: 'x'.repeat(1_000_000) }, placeOfBinding(1), false);
  await log.flush();
  await log.flush();
  expect(flushed).toEqual([false, true]);
});
