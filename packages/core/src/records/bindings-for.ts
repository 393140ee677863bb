import { join } from 'node:path';
import type { IOManager, MemoizableIOManager } from '../io/io-manager.ts';
import { projectDirectory } from '../io/project-directory.ts';
import type { RecordStore } from '../io/record-store.ts';
import { BindingLog } from './binding-log.ts';
import type { Bindings } from './bindings.ts';
import { fileRecordStore } from './file-record-store.ts';

const logs = new WeakMap<IOManager, Bindings>();
const byDirectory = new Map<string, ProjectRecords>();

/** The records of a project, for managers without records of their own. */
interface ProjectRecords {
  readonly store: RecordStore;
  readonly log: BindingLog;
}

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

/** The record store that keeps the bindings of a manager; `undefined` where they live in memory. */
export function recordsOf(manager: MemoizableIOManager): RecordStore | undefined {
  if (manager.records !== undefined) return manager.records;
  return manager.capabilities?.durable === true ? projectRecords().store : undefined;
}

function openLog(manager: MemoizableIOManager): BindingLog {
  if (manager.records !== undefined) return new BindingLog(manager.records);
  return manager.capabilities?.durable === true ? projectRecords().log : new BindingLog(undefined);
}

function projectRecords(): ProjectRecords {
  const directory = join(projectDirectory(), '.memo', 'records');
  const known = byDirectory.get(directory);
  if (known !== undefined) return known;
  const store = fileRecordStore(directory);
  const records = { store, log: new BindingLog(store) };
  byDirectory.set(directory, records);
  return records;
}
