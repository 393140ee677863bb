import type { InputContext, OutputContext } from '../../src/io/io-contexts.ts';
import type { MemoizableIOManager } from '../../src/io/io-manager.ts';
import type { RecordStore } from '../../src/io/record-store.ts';

/** Says, before each call of a store, whether it fails. */
export type Weather = (what: string) => boolean;

/** A store that cannot be reached whenever the weather is bad; what it did before it failed may have happened. */
export function flakyStore(store: MemoizableIOManager, fails: Weather): MemoizableIOManager {
  const call = async <T>(what: string, act: () => T | Promise<T>): Promise<T> => {
    if (fails(`before ${what}`)) throw new Error(`${what}: no connection`);
    const result = await act();
    if (fails(`after ${what}`)) throw new Error(`${what}: connection lost`);
    return result;
  };
  const records = flakyRecords(store.records as RecordStore, call);
  return {
    name: `flaky ${store.name}`,
    capabilities: { ...store.capabilities, shared: true },
    records,
    handleOutput: (context: OutputContext, value: unknown) =>
      call('store', () => store.handleOutput(context, value) as Promise<never>),
    loadInput: (context: InputContext) => call('load', () => store.loadInput(context)),
    hasOutput: (context: OutputContext) => call('look', () => store.hasOutput(context)),
    ...(store.hasOutputs === undefined
      ? {}
      : { hasOutputs: (contexts: readonly OutputContext[]) => call('look', () => store.hasOutputs?.(contexts) ?? []) }),
    ...(store.deleteOutput === undefined
      ? {}
      : { deleteOutput: (context: OutputContext) => call('delete', () => store.deleteOutput?.(context) ?? false) }),
  };
}

function flakyRecords(
  records: RecordStore,
  call: <T>(what: string, act: () => T | Promise<T>) => Promise<T>,
): RecordStore {
  return {
    append: (segment, bytes, options) => call('append', () => records.append(segment, bytes, options)),
    segments: () => call('segments', () => records.segments()),
    read: (segment, offset) => call('read', () => records.read(segment, offset)),
    remove: (segment) => call('remove', () => records.remove(segment)),
    getDocument: (key) => call('get', () => records.getDocument(key)),
    putDocument: (key, bytes, expected) => call('put', () => records.putDocument(key, bytes, expected)),
    documents: (prefix) => call('documents', () => records.documents(prefix)),
  };
}
