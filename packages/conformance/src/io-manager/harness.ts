import type { Awaitable, MemoizableIOManager } from '@memo/core/plugin';

/** Tells the suite how to make storage for an IO manager. */
export interface IOManagerHarness {
  /** Name of the tested package or manager, for example `memo-io-tape`. */
  readonly name: string;
  /** Makes new, empty storage that nothing else uses. Called once a case. */
  setup(): Awaitable<IOManagerStorage>;
}

/** Storage that one case uses. Only `open` is needed; each of the others turns on more cases. */
export interface IOManagerStorage {
  /**
   * A new manager over this storage, as a new process would open it: what is kept in the memory of another manager is not there.
   * The suite disposes it.
   */
  open(): Awaitable<MemoizableIOManager>;
  /** Looks below the manager: turns on the cases about damaged bytes and left-over objects. */
  readonly raw?: RawStorage;
  /** Lets other processes open the same storage: turns on the cases about kills and races of processes. */
  readonly otherProcesses?: ProcessDoor;
  /** Names what was written where it must not be: turns on the check that hostile names never escape. */
  readonly escaped?: () => Awaitable<readonly string[]>;
  /**
   * A manager whose store cannot be reached or refuses everything: a closed port, a directory without permission. Turns on the cases
   * about "cannot know". The suite disposes it.
   */
  readonly openUnreachable?: () => Awaitable<MemoizableIOManager>;
  /** A manager over this storage that loads values of at most so many bytes, decompressed: turns on the cases about sizes. */
  readonly openLimited?: (maxBytes: number) => Awaitable<MemoizableIOManager>;
  /**
   * A manager over this storage that has room for so many bytes more of stored objects, and then is full: the write stops there, as on a full
   * disk. Turns on the cases about full stores.
   */
  readonly openFull?: (bytes: number) => Awaitable<MemoizableIOManager>;
  /** A manager that works and has something to warn about once it is used: turns on the case about what warnings say. */
  readonly openTroubled?: () => Awaitable<MemoizableIOManager>;
  /** After how many milliseconds of silence leases of this storage are taken over. Turns on the case about killed holders. */
  readonly leaseMs?: number;
  /** Removes the storage. Called after every manager was disposed and every operation has ended. */
  dispose?(): Awaitable<void>;
}

/** The stored objects as bytes, under the manager. Names are whatever the storage calls them. */
export interface RawStorage {
  list(): Awaitable<readonly string[]>;
  read(name: string): Awaitable<Uint8Array>;
  /** Replaces the bytes of an object. */
  write(name: string, bytes: Uint8Array): Awaitable<void>;
}

/** How a process of its own opens the storage. */
export interface ProcessDoor {
  /** Absolute URL or path of a module that exports `open(data)`, which gives a manager as {@link IOManagerStorage.open} does. */
  readonly module: string;
  /** Passed to `open`; JSON. */
  readonly data: unknown;
  /** Options for `node`, for example `['--import', 'tsx']` where the module is TypeScript. Default: none. */
  readonly nodeOptions?: readonly string[];
}

/** What decides which cases apply. The first four are declared capabilities, then what a manager has, then what its harness has. */
export type IOManagerFeature =
  | 'durable'
  | 'shared'
  | 'atomicCreate'
  | 'streams'
  | 'bulk'
  | 'bulk versions'
  | 'listing'
  | 'deletion'
  | 'records'
  | 'record removal'
  | 'leases'
  | 'digests'
  | 'warnings'
  | 'raw access'
  | 'other processes'
  | 'escape check'
  | 'unreachable store'
  | 'size limit'
  | 'full store'
  | 'troubled store'
  | 'lease expiry';

/** All features, in the order in which reports name them. */
export const IO_MANAGER_FEATURES: readonly IOManagerFeature[] = [
  'durable',
  'shared',
  'atomicCreate',
  'streams',
  'bulk',
  'bulk versions',
  'listing',
  'deletion',
  'records',
  'record removal',
  'leases',
  'digests',
  'warnings',
  'raw access',
  'other processes',
  'escape check',
  'unreachable store',
  'size limit',
  'full store',
  'troubled store',
  'lease expiry',
];

/** The features of a manager and the harness that made it. */
export function featuresOf(manager: MemoizableIOManager, storage: IOManagerStorage): ReadonlySet<IOManagerFeature> {
  const has: Readonly<Record<IOManagerFeature, boolean>> = {
    durable: manager.capabilities?.durable === true,
    shared: manager.capabilities?.shared === true,
    atomicCreate: manager.capabilities?.atomicCreate === true,
    streams: manager.capabilities?.streams === true,
    bulk: manager.hasOutputs !== undefined,
    'bulk versions': manager.hasVersions !== undefined,
    listing: manager.listOutputs !== undefined,
    deletion: manager.deleteOutput !== undefined,
    records: manager.records !== undefined,
    'record removal': manager.records?.removeDocument !== undefined,
    leases: manager.lease !== undefined,
    digests: manager.digestOutput !== undefined,
    warnings: manager.takeWarnings !== undefined,
    'raw access': storage.raw !== undefined,
    'other processes': storage.otherProcesses !== undefined,
    'escape check': storage.escaped !== undefined,
    'unreachable store': storage.openUnreachable !== undefined,
    'size limit': storage.openLimited !== undefined,
    'full store': storage.openFull !== undefined,
    'troubled store': storage.openTroubled !== undefined,
    'lease expiry': storage.leaseMs !== undefined,
  };
  return new Set(IO_MANAGER_FEATURES.filter((feature) => has[feature]));
}
