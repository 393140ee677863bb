import type { OutputIdentifier } from './output-identifier.ts';

/** Where an op, an IO manager or a resource writes lines for people. They become `step.log` events. */
export interface Log {
  debug(message: string, data?: object): void;
  info(message: string, data?: object): void;
  warn(message: string, data?: object): void;
  error(message: string, data?: object): void;
}

/**
 * What an IO manager gets to know about one output. Core has validated every field; the object is immutable and
 * self-contained, so a manager never needs the op or the job.
 */
export interface OutputContext {
  /** Name of the job that is planned or run. For messages; never part of an address. */
  readonly job: string;
  /** Id of the step, for example `clean` or `embed[doc-3]`. For messages; never part of a versioned address. */
  readonly step: string;
  /** The op whose output this is. */
  readonly op: { readonly namespace: string; readonly name: string };
  /** Name of the output; `result` where the op declares none. */
  readonly output: string;
  /**
   * The version under which the output is kept, 64 hexadecimal digits. It names exactly one content.
   * `undefined` for outputs that belong to one run only (unmemoized runs, volatile steps).
   */
  readonly version: string | undefined;
  /** Id of the run; of the plan, while planning. */
  readonly runId: string;
  readonly log: Log;
  /** Aborted when the run is cancelled or the step times out. */
  readonly signal: AbortSignal;
  /**
   * The content digest of the value (`scheme:hex`), when core knows it: for the manager's own metadata, and when a value is loaded, the one that
   * counts. A manager that keeps the digest with the value refuses another one (M5003).
   */
  readonly contentDigest: string | undefined;
  /**
   * The address: path segments that are safe on every file system and in object keys, injective, and distinct under
   * case-insensitive comparison. Two outputs share an address only if they are the same content by version.
   */
  getOutputIdentifier(): OutputIdentifier;
  /** Adds a fact (rows, bytes, a URL) to the event of this output. JSON values only. */
  annotate(key: string, value: unknown): void;
}

/** What an IO manager gets to know when a step reads an output. The address is that of the output. */
export interface InputContext extends OutputContext {
  /** Who reads. `undefined` when a person reads through `result.load`. */
  readonly consumer: { readonly step: string; readonly input: string } | undefined;
}
