import type { InputContext, Log } from './io-contexts.ts';
import type { OutputIdentifier } from './output-identifier.ts';

/** What is known of a stored output outside of a plan or run. */
export interface StoredOutputPlace {
  readonly identifier: OutputIdentifier;
  readonly job: string;
  readonly step: string;
  readonly op: { readonly namespace: string; readonly name: string };
  readonly output: string;
  readonly version: string | undefined;
  readonly contentDigest?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly log?: Log | undefined;
}

/** The context of an output that is handled because it is stored, not because a step runs: copied, checked or deleted. */
export class StoredOutputContext implements InputContext {
  readonly job: string;
  readonly step: string;
  readonly op: { readonly namespace: string; readonly name: string };
  readonly output: string;
  readonly version: string | undefined;
  readonly runId: string = 'none';
  readonly log: Log;
  readonly signal: AbortSignal;
  readonly contentDigest: string | undefined;
  readonly consumer: undefined;
  readonly #identifier: OutputIdentifier;

  constructor(place: StoredOutputPlace) {
    this.job = place.job;
    this.step = place.step;
    this.op = place.op;
    this.output = place.output;
    this.version = place.version;
    this.log = place.log ?? SILENT;
    this.signal = place.signal ?? NEVER;
    this.contentDigest = place.contentDigest;
    this.consumer = undefined;
    this.#identifier = place.identifier;
  }

  getOutputIdentifier(): OutputIdentifier {
    return this.#identifier;
  }

  /** There is no event to which a fact could be added. */
  annotate(): void {}
}

const NEVER: AbortSignal = new AbortController().signal;
const SILENT: Log = { debug: nothing, info: nothing, warn: nothing, error: nothing };

function nothing(): void {}
