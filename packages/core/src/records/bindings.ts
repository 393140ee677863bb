import type { Json } from '../definitions/version-strategy.ts';
import type { RecordReading } from '../io/record-store.ts';
import type { Binding, Commit, Pin } from './binding.ts';
import type { BindingDraft } from './binding-draft.ts';
import type { BindingPlace } from './binding-place.ts';
import type { BindingView } from './binding-table.ts';
import type { VersionSetUse } from './version-sets.ts';

/** What was read of bindings and manifests. */
export interface BindingTables {
  /** Everything that is known now; what is added later is not seen. */
  snapshot(): BindingView;
  /** Everything, as it grows. */
  live(): BindingView;
  /** The manifest that was stored under a key, if any. */
  manifest(key: string): Json | undefined;
}

/** The bindings, commit marks and pins of a job, wherever they are kept. */
export interface Bindings {
  readonly table: BindingTables;
  readonly pins: ReadonlyMap<string, Pin>;
  /** True where what other processes bind can be read. */
  readonly isShared: boolean;
  /**
   * Reads what other writers have added since the last call, and the pins.
   *
   * @throws MemoError M5009 when the records cannot be read; the reason of an aborted signal.
   */
  refresh(reading?: RecordReading): Promise<void>;
  /**
   * Adds a binding. With `flush`, resolves when it survives a crash; otherwise it is written within a second and by {@link close},
   * which also says when that failed. `undefined` where there is nothing to wait for.
   */
  append(binding: Binding | BindingDraft, place: BindingPlace, flush: boolean): Promise<void> | undefined;
  /** Keeps the manifest of a code version, once. */
  addManifest(key: string, manifest: Json): void;
  /** Notes which step versions a run used, at most once an hour for the same ones. */
  addUse(use: VersionSetUse): void;
  /** Creates the commit mark of a step version, or gives the one that is there already. The first wins, for ever. */
  commit(mine: Commit): Promise<Commit>;
  /**
   * Pins a step version to a generation, unless another writer was faster; gives the pin that counts.
   *
   * @param known the generation that was pinned when the computation began, if any.
   */
  pin(stepVersion: string, pub: string, known: string | undefined): Promise<Pin>;
  /** Resolves when others can read what was added so far, or it is known that they cannot. */
  flush(): Promise<void>;
  /**
   * Writes what is buffered.
   *
   * @throws MemoError M5009 when something of this run could not be written.
   */
  close(): Promise<void>;
}
