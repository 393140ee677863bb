import type { Trust } from '../trust/trust.ts';
import type { Awaitable } from './awaitable.ts';
import type { InputContext, OutputContext } from './io-contexts.ts';
import type { TakeLease } from './lease.ts';
import type { OutputIdentifier } from './output-identifier.ts';
import type { OutputVersions } from './output-versions.ts';
import type { RecordStore } from './record-store.ts';

/** What happened to a value that was handed to {@link IOManager.handleOutput}. */
export interface StoredOutput {
  /**
   * `created`: this call published the value. `exists`: the address was taken by a whole value, ours was dropped, and
   * the stored one counts.
   */
  readonly outcome: 'created' | 'exists';
  /** Size of the stored object in bytes, where known. */
  readonly bytes?: number;
  /** Id of the codec that encoded the payload, where there is one. */
  readonly codec?: string;
  /** The content digest kept with the stored object; with `exists`, that of the stored value. */
  readonly contentDigest?: string;
}

/**
 * Stores and loads outputs. The three methods of {@link MemoizableIOManager} are all that memoization needs.
 * A new required method never happens; a new optional one is a minor release.
 */
export interface IOManager {
  /** A short name for people, for example `fs:.memo/store`. Never a secret. Default: `custom`. */
  readonly name?: string;
  readonly capabilities?: IOManagerCapabilities;
  /**
   * Stores the whole value under `context.getOutputIdentifier()`, or leaves no trace. Never keeps a reference to the
   * value. Publishing creates and never replaces: see {@link StoredOutput.outcome}.
   *
   * @throws MemoError M5001 when the value cannot be stored, naming the path of the offender.
   * @throws MemoError M5006 when the store is read-only, full, or its path cannot be used.
   * @throws MemoError M5002 when the store refuses or cannot be reached.
   */
  handleOutput(context: OutputContext, value: unknown): Awaitable<StoredOutput> | Awaitable<void>;
  /**
   * The whole value, a new copy for each call.
   *
   * @throws MemoError M5004 when it is not there.
   * @throws MemoError M5003 when its bytes are truncated, changed or foreign, or another content than `context.contentDigest`.
   * @throws MemoError M5002 when the store refuses or cannot be reached.
   */
  loadInput(context: InputContext): Awaitable<unknown>;
  /**
   * The content digest (`scheme:hex`) of a value that core cannot look into, such as a table of a third-party codec; `undefined` when
   * the manager cannot either. Equal values must give equal digests. Without it such values are refused (M5001).
   */
  digestOutput?(context: OutputContext, value: unknown): string | undefined;
  /** What did not work as it should since this was asked last, though nothing failed. Core shows it with the plan and at the end of a run. */
  takeWarnings?(): readonly StoreWarning[];
  /** Closes what the manager opened. Called by whoever made it; safe to call twice. */
  dispose?(): Awaitable<void>;
}

/** Something about a store that a person should know. */
export interface StoreWarning {
  /** Kebab-case, for example `shared-store-failed`. */
  readonly code: string;
  /** One sentence. Never a secret. */
  readonly message: string;
}

/** An IO manager that can say whether an output of a version exists, so that a planner can re-use it. */
export interface MemoizableIOManager extends IOManager {
  /**
   * `true`: `loadInput` would return the whole value. `false`: it is not there. A plain boolean is cheaper than a promise.
   *
   * @throws for "cannot know" (denied, timeout, throttled); core reports M5008 and never takes it for "missing".
   */
  hasOutput(context: OutputContext): Awaitable<boolean>;
  /** The same for many outputs at once; equal to the single calls, in the order of `contexts`. */
  hasOutputs?(contexts: readonly OutputContext[]): Awaitable<readonly boolean[]>;
  /**
   * The same for many versions of one output, without a context for each: 1 where {@link hasOutput} would say `true`, else 0. Where it is there,
   * planners of a thousand steps and more ask it in place of the others, about all outputs in one turn. Worth it for tens of thousands.
   */
  hasVersions?(outputs: OutputVersions): Awaitable<Uint8Array>;
  /** Deletes one stored output; `false` when it was not there. Used to restore damaged objects and to prune. */
  deleteOutput?(context: OutputContext): Awaitable<boolean>;
  /**
   * Streams what is stored. Order is unspecified; what is written or deleted meanwhile may or may not appear. Throws the reason of an aborted
   * signal at once, as far as the store can.
   */
  listOutputs?(options?: { readonly signal?: AbortSignal | undefined }): AsyncIterable<StoredOutputInfo>;
  /** A small store beside the values, for bindings and pins. Without it core keeps them in `.memo/records`. */
  readonly records?: RecordStore;
  /**
   * Leases that all who share the store see. Where there are some, a step whose version another machine computes at the moment is waited for
   * instead of computed twice. Costs some requests for each step that runs.
   */
  readonly lease?: TakeLease;
  /** Whose signatures count in this store, where it asks for any. What is brought here from elsewhere must have one of theirs. */
  readonly trust?: Trust;
}

/** One entry of {@link MemoizableIOManager.listOutputs}. */
export interface StoredOutputInfo {
  readonly identifier: OutputIdentifier;
  readonly bytes: number;
  /** Milliseconds since the epoch. */
  readonly storedAt: number;
}

/**
 * What a manager promises beyond the required methods. What is not declared counts as not promised; the conformance
 * kit tests both directions.
 */
export interface IOManagerCapabilities {
  /** Values outlive the process. Default `false`. */
  readonly durable?: boolean;
  /** Other machines can see the values. Default `false`. */
  readonly shared?: boolean;
  /**
   * Two writers of one address: exactly one wins, the other is told `exists`. Without it core looks before it writes and
   * reads back after. Default `false`.
   */
  readonly atomicCreate?: boolean;
  /** `handleOutput` takes a `ReadableStream` or async iterable of bytes as a value. Default `false`. */
  readonly streams?: boolean;
}

/** True when a manager has `hasOutput`, so that a memoized job can use it. */
export function isMemoizable(manager: IOManager): manager is MemoizableIOManager {
  return typeof (manager as Partial<MemoizableIOManager>).hasOutput === 'function';
}

/** The name of a manager for messages. */
export function managerName(manager: IOManager): string {
  return manager.name ?? 'custom';
}
