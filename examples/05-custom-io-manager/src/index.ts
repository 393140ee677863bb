import {
  type Codec,
  codecRegistry,
  DEFAULT_MAX_BYTES,
  decodeEnvelope,
  encodeEnvelope,
  MemoError,
  type MemoizableIOManager,
  type OpenedEnvelope,
  type OutputContext,
} from '@memo/core/plugin';
import { HttpBackend } from './http-backend.ts';

/** Options of {@link httpIOManager}. */
export interface HttpIOManagerOptions {
  /** Sent with every request, such as an `Authorization`. Default none. */
  readonly headers?: Readonly<Record<string, string>>;
  /** How long a request may take, milliseconds. Default 60,000. */
  readonly timeoutMs?: number;
  /** The largest value that is loaded, in bytes after decompression; larger ones count as damaged. Default 4 GB. */
  readonly maxBytes?: number;
  /** Codecs that are asked before the built-in ones. Default none. */
  readonly codecs?: readonly Codec[];
}

/**
 * Keeps the outputs of memo jobs on an HTTP server that knows `PUT` with `If-None-Match: *`, `GET`, `HEAD` and `DELETE`.
 *
 * @param url What all outputs lie below, for example `https://cache.example/team`. Throws a `TypeError` for anything else.
 */
export function httpIOManager(url: string, options: HttpIOManagerOptions = {}): MemoizableIOManager {
  const { headers = {}, timeoutMs = 60_000, maxBytes = DEFAULT_MAX_BYTES } = options;
  const codecs = codecRegistry(options.codecs);
  const backend = new HttpBackend(url, { headers, timeoutMs });

  const whole = (context: OutputContext, bytes: Uint8Array | undefined): OpenedEnvelope => {
    if (bytes === undefined) throw new MemoError('M5004', `${nameOf(context)} is not on the server`);
    const opened = decodeEnvelope(bytes, { label: nameOf(context), maxBytes });
    if (opened.metadata.address === keyOf(context)) return opened;
    throw new MemoError('M5003', `${nameOf(context)} is damaged`, { because: 'it is the value of another output' });
  };

  return {
    name: `http:${backend.name}`,
    capabilities: { durable: true, shared: true, atomicCreate: true },

    async handleOutput(context, value) {
      context.signal.throwIfAborted();
      const { codec, payload } = codecs.encodeValue(value, nameOf(context));
      const metadata = { address: keyOf(context) };
      const bytes = Buffer.concat(encodeEnvelope({ codec: codec.id, payload, metadata }));
      const created = await backend.create(keyOf(context), bytes, context.signal);
      // What is in the way must be whole: a damaged one is told, so that core deletes it and stores again.
      if (!created) whole(context, await backend.read(keyOf(context), context.signal));
      return { outcome: created ? 'created' : 'exists', bytes: bytes.length, codec: codec.id };
    },

    async loadInput(context) {
      context.signal.throwIfAborted();
      const { codec, payload } = whole(context, await backend.read(keyOf(context), context.signal));
      return codecs.decodeValue(codec, payload, nameOf(context));
    },

    hasOutput: (context) => backend.has(keyOf(context), context.signal),

    deleteOutput: (context) => backend.remove(keyOf(context), context.signal),
  };
}

/** Safe everywhere, and distinct for distinct outputs: used as it is. */
function keyOf(context: OutputContext): string {
  return context.getOutputIdentifier().join('/');
}

function nameOf({ step, output }: OutputContext): string {
  return `${step}.${output}`;
}
