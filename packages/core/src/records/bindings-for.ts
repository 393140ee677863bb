import { join } from 'node:path';
import type { IOManager, MemoizableIOManager } from '../io/io-manager.ts';
import { projectDirectory } from '../io/project-directory.ts';
import { BindingLog } from './binding-log.ts';
import type { Bindings } from './bindings.ts';
import { fileRecordStore } from './file-record-store.ts';

const logs = new WeakMap<IOManager, Bindings>();
const byDirectory = new Map<string, BindingLog>();

/**
 * The bindings that belong to a job's default manager: in its own records, else in `.memo/records` of the project for a store
 * that outlives the process, else in memory for as long as the manager lives.
 */
export function bindingsFor(manager: IOManager): Bindings {
  const known = logs.get(manager);
  if (known !== undefined) return known;
  const log = openLog(manager as MemoizableIOManager);
  logs.set(manager, log);
  return log;
}

/** Says where the bindings of a manager are, for managers that are made of others. */
export function useBindings(manager: IOManager, bindings: Bindings): void {
  logs.set(manager, bindings);
}

function openLog(manager: MemoizableIOManager): BindingLog {
  if (manager.records !== undefined) return new BindingLog(manager.records);
  if (manager.capabilities?.durable !== true) return new BindingLog(undefined);
  const directory = join(projectDirectory(), '.memo', 'records');
  const known = byDirectory.get(directory) ?? new BindingLog(fileRecordStore(directory));
  byDirectory.set(directory, known);
  return known;
}
