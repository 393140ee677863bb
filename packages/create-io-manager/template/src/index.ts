import {
  type Codec,
  codecRegistry,
  decodeEnvelope,
  encodeEnvelope,
  MemoError,
  type MemoizableIOManager,
  type OutputContext,
} from '@memo/core/plugin';

/** Options of {@link myBackendIOManager}. */
export interface MyBackendIOManagerOptions {
  /** Codecs that are asked before the built-in ones. Default none. */
  readonly codecs?: readonly Codec[];
}

/** Keeps the outputs of memo jobs in my-backend. */
export function myBackendIOManager(options: MyBackendIOManagerOptions = {}): MemoizableIOManager {
  const codecs = codecRegistry(options.codecs);
  const backend = openBackend();
  return {
    name: 'my-backend',
    // Declare what is true of your backend: the conformance suite tests what you declare, and what you do not.
    capabilities: { durable: false, shared: false, atomicCreate: true },

    async handleOutput(context, value) {
      context.signal.throwIfAborted();
      const { codec, payload } = codecs.encodeValue(value, nameOf(context));
      const metadata = { address: keyOf(context) };
      const bytes = Buffer.concat(encodeEnvelope({ codec: codec.id, payload, metadata }));
      const created = await backend.create(keyOf(context), bytes);
      return { outcome: created ? 'created' : 'exists', bytes: bytes.length, codec: codec.id };
    },

    async loadInput(context) {
      context.signal.throwIfAborted();
      const bytes = await backend.read(keyOf(context));
      if (bytes === undefined) throw new MemoError('M5004', `${nameOf(context)} is not in my-backend`);
      const { codec, payload, metadata } = decodeEnvelope(bytes, { label: nameOf(context) });
      if (metadata.address !== keyOf(context)) {
        throw new MemoError('M5003', `${nameOf(context)} is damaged`, { because: 'it is the value of another output' });
      }
      return codecs.decodeValue(codec, payload, nameOf(context));
    },

    hasOutput: (context) => backend.has(keyOf(context)),
  };
}

/** What is needed of a backend. Each throws for "cannot know": denied, timed out, not reachable. */
interface Backend {
  /** Stores bytes as a whole, only if the key is free. `false` when it was taken. */
  create(key: string, bytes: Uint8Array): Promise<boolean>;
  /** The bytes, or `undefined` when there are none. */
  read(key: string): Promise<Uint8Array | undefined>;
  has(key: string): Promise<boolean>;
}

function openBackend(): Backend {
  const objects = new Map<string, Uint8Array>();
  return {
    // replace me
    async create(key, bytes) {
      if (objects.has(key)) return false;
      objects.set(key, bytes);
      return true;
    },
    // replace me
    async read(key) {
      return objects.get(key);
    },
    // replace me
    async has(key) {
      return objects.has(key);
    },
  };
}

/** Safe everywhere, and distinct for distinct outputs: use it as it is. */
function keyOf(context: OutputContext): string {
  return context.getOutputIdentifier().join('/');
}

function nameOf({ step, output }: OutputContext): string {
  return `${step}.${output}`;
}
