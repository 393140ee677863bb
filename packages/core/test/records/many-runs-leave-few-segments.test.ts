import { expect, test } from 'vitest';
import type { RecordStore } from '../../src/io/record-store.ts';
import { BindingLog } from '../../src/records/binding-log.ts';
import { MOST_PIECES, MOST_SEGMENTS } from '../../src/records/compaction.ts';
import { memoryRecordStore } from '../../src/records/memory-record-store.ts';
import { bindingOf, placeOfBinding } from '../support/binding.ts';

test('ended segments are merged, and no binding is lost', async () => {
  const store = memoryRecordStore();
  const runs = MOST_SEGMENTS * 2 + 10;
  for (let run = 0; run < runs; run++) {
    const log = new BindingLog(store);
    await log.append(bindingOf(run), placeOfBinding(run), false);
    await log.close();
  }
  expect((await store.segments()).length).toBeLessThanOrEqual(MOST_SEGMENTS + 1);
  const reader = new BindingLog(store);
  await reader.refresh();
  const known = new Set([...reader.table.live().bindings()].map(({ stepVersion }) => stepVersion));
  expect(known.size).toBe(runs);
});

test('a segment whose writer has not ended it is left alone', async () => {
  const store = memoryRecordStore();
  const open = new BindingLog(store);
  await open.append(bindingOf(1_000_000), placeOfBinding(1), true);
  const [unended] = await store.segments();
  for (let run = 0; run <= MOST_SEGMENTS; run++) {
    const log = new BindingLog(store);
    await log.append(bindingOf(run), placeOfBinding(run), false);
    await log.close();
  }
  expect((await store.segments()).map(({ name }) => name)).toContain(unended?.name);
});

test('a run that ends leaves the segment to nobody: what another run of the process appends goes elsewhere', async () => {
  const store = memoryRecordStore();
  const log = new BindingLog(store);
  await log.append(bindingOf(1), placeOfBinding(1), true);
  const closing = log.close();
  await log.append(bindingOf(2), placeOfBinding(2), true);
  await closing;
  await log.close();
  expect(await store.segments()).toHaveLength(2);
  const reader = new BindingLog(store);
  await reader.refresh();
  expect([...reader.table.live().bindings()]).toHaveLength(2);
});

test('what a compaction merges while another process reads is read from where it went', async () => {
  const store = memoryRecordStore();
  for (let run = 0; run < MOST_SEGMENTS; run++) {
    const log = new BindingLog(store);
    await log.append(bindingOf(run), placeOfBinding(run), false);
    await log.close();
  }
  let raced = false;
  const racing = {
    ...store,
    append: store.append.bind(store),
    segments: store.segments.bind(store),
    remove: store.remove.bind(store),
    getDocument: store.getDocument.bind(store),
    putDocument: store.putDocument.bind(store),
    documents: store.documents.bind(store),
    read: async (segment: string, offset: number) => {
      if (!raced) {
        raced = true;
        const writer = new BindingLog(store);
        await writer.append(bindingOf(MOST_SEGMENTS), placeOfBinding(1), false);
        await writer.close();
      }
      return store.read(segment, offset);
    },
  };
  const reader = new BindingLog(racing);
  await reader.refresh();
  const known = new Set([...reader.table.live().bindings()].map(({ stepVersion }) => stepVersion));
  expect(known.size).toBe(MOST_SEGMENTS + 1);
});

test('a run that leaves its segment in many pieces writes it anew as one, and no binding is lost', async () => {
  const { store, pieces } = inPieces();
  const killed = new BindingLog(store);
  const [few, many] = [MOST_PIECES, MOST_PIECES + 1];
  for (let append = 0; append < many; append++) await killed.append(bindingOf(100 + append), placeOfBinding(1), true);
  for (const [run, appends] of [few, many].entries()) {
    const log = new BindingLog(store);
    // The end of the segment is the last piece.
    for (let append = 1; append < appends; append++) {
      await log.append(bindingOf(10 * run + append), placeOfBinding(run), true);
    }
    await log.close();
  }
  expect([...pieces.values()]).toEqual([many, few, 1]);
  const reader = new BindingLog(store);
  await reader.refresh();
  expect([...reader.table.live().bindings()]).toHaveLength(many + (few - 1) + (many - 1));
});

/** A store that keeps each append for itself, and how many each segment has. */
function inPieces(): { readonly store: RecordStore; readonly pieces: ReadonlyMap<string, number> } {
  const store = memoryRecordStore();
  const pieces = new Map<string, number>();
  return {
    pieces,
    store: {
      ...store,
      append(segment, bytes, options) {
        pieces.set(segment, (pieces.get(segment) ?? 0) + 1);
        return store.append(segment, bytes, options);
      },
      async segments() {
        return (await store.segments()).map((each) => ({ ...each, pieces: pieces.get(each.name) ?? 1 }));
      },
      remove(segment) {
        pieces.delete(segment);
        return store.remove(segment);
      },
    },
  };
}
