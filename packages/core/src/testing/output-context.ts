import type { Json } from '../definitions/version-strategy.ts';
import { sha256 } from '../hash/digest.ts';
import type { InputContext, Log } from '../io/io-contexts.ts';
import { type OutputIdentifier, runScopedIdentifier, versionedIdentifier } from '../io/output-identifier.ts';

/** What shall differ from an ordinary context. */
export interface OutputContextParts {
  readonly job?: string;
  /** Default: the op's name. */
  readonly step?: string;
  readonly namespace?: string;
  /** Name of the op. */
  readonly op?: string;
  /** Default: `result`. */
  readonly output?: string;
  /** 64 hexadecimal digits, as {@link versionOf} makes them. `undefined`: an output of one run. Default: some version. */
  readonly version?: string | undefined;
  readonly runId?: string;
  readonly log?: Log;
  readonly signal?: AbortSignal;
  readonly contentDigest?: string;
  /** Who reads. */
  readonly consumer?: { readonly step: string; readonly input: string };
  /** An address that core would never make, for testing what a store does about it. */
  readonly identifier?: OutputIdentifier;
}

/** A context for both directions, which keeps what the manager noted in it. */
export interface TestOutputContext extends InputContext {
  readonly annotations: Readonly<Record<string, Json>>;
}

/** A context as core makes it, for tests of IO managers: pass it to `handleOutput`, `loadInput` and `hasOutput`. */
export function outputContext(parts: OutputContextParts = {}): TestOutputContext {
  const { job = 'job', output = 'result', runId = 'run-1', log = SILENT } = parts;
  const op = { namespace: parts.namespace ?? 'tests', name: parts.op ?? 'clean' };
  const step = parts.step ?? op.name;
  const version = 'version' in parts ? parts.version : versionOf(1);
  const ordinary = (): OutputIdentifier =>
    version === undefined ? runScopedIdentifier(runId, step, output) : versionedIdentifier(op, output, version);
  const annotations: Record<string, Json> = {};
  return {
    job,
    step,
    op,
    output,
    version,
    runId,
    log,
    signal: parts.signal ?? new AbortController().signal,
    contentDigest: parts.contentDigest,
    consumer: parts.consumer,
    annotations,
    getOutputIdentifier: () => parts.identifier ?? ordinary(),
    annotate: (key, value) => {
      annotations[key] = value as Json;
    },
  };
}

/** A version for tests: the same for the same label, another for another. */
export function versionOf(label: string | number): string {
  return sha256(`version of ${typeof label} ${label}`);
}

const SILENT: Log = { debug() {}, info() {}, warn() {}, error() {} };
