import {
  type InputContext,
  type Log,
  type OutputContext,
  runScopedIdentifier,
  versionedIdentifier,
} from '@memo/core/plugin';

/** What a test wants to differ from the defaults. */
export interface OutputParts {
  readonly namespace?: string;
  readonly op?: string;
  readonly output?: string;
  /** Any text; it is hashed to 64 digits unless it has them. `undefined` gives an output of one run. */
  readonly version?: string | undefined;
  readonly runId?: string;
  readonly step?: string;
  readonly signal?: AbortSignal;
  readonly contentDigest?: string;
  readonly identifier?: readonly string[];
}

/** A context as core makes it, for an output and for who reads it. */
export function outputContext(parts: OutputParts = {}): OutputContext & InputContext {
  const op = { namespace: parts.namespace ?? 'tests', name: parts.op ?? 'clean' };
  const output = parts.output ?? 'result';
  const version = 'version' in parts ? parts.version : versionOf('1');
  const step = parts.step ?? op.name;
  const runId = parts.runId ?? 'run-1';
  const identifier =
    parts.identifier ??
    (version === undefined ? runScopedIdentifier(runId, step, output) : versionedIdentifier(op, output, version));
  return {
    job: 'job',
    step,
    op,
    output,
    version,
    runId,
    log: silent,
    signal: parts.signal ?? new AbortController().signal,
    contentDigest: parts.contentDigest,
    consumer: undefined,
    getOutputIdentifier: () => identifier,
    annotate() {},
  };
}

/** 64 digits that differ for different numbers or words, spread over the shards. */
export function versionOf(label: string | number): string {
  let state = 2166136261;
  for (const unit of String(label)) state = Math.imul(state ^ unit.charCodeAt(0), 16777619) >>> 0;
  const tail = Buffer.from(String(label)).toString('hex').slice(0, 56).padStart(56, '0');
  return state.toString(16).padStart(8, '0') + tail;
}

const silent: Log = { debug() {}, info() {}, warn() {}, error() {} };
