import type { RecordStore } from '../io/record-store.ts';
import type { Binding } from './binding.ts';
import { BindingLog } from './binding-log.ts';

/**
 * Every binding of a record store, oldest segment first; damaged ones are left out.
 *
 * @throws MemoError M5009 when the records cannot be read.
 */
export async function* readBindings(store: RecordStore): AsyncGenerator<Binding> {
  const log = new BindingLog(store);
  await log.refresh();
  yield* log.table.live().bindings();
}
