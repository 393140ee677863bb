import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import {
  decodeEnvelope,
  type InputContext,
  type OutputContext,
  type OutputVersions,
  type RecordStore,
  type StoredOutput,
  type StoredOutputInfo,
} from '@memo/core/plugin';
import { CARELESS_STORES } from './careless-stores.ts';
import type { Defect } from './defect.ts';
import { hashOf, isStream, PlainFiles } from './plain-files.ts';

/** Gives new addresses by the context, where the right ones are those of the identifier. */
function addressed(segments: (context: OutputContext) => readonly string[]) {
  return class extends PlainFiles {
    protected override pathOf(context: OutputContext): string {
      return join(this.directory, 'outputs', ...segments(context));
    }
    protected override async decode(_: InputContext, bytes: Buffer): Promise<unknown> {
      const { codec, payload } = decodeEnvelope(bytes);
      return this.codecs.decodeValue(codec, payload);
    }
  };
}

class WritesInPlace extends PlainFiles {
  protected override async publish(path: string, bytes: Uint8Array, signal: AbortSignal): Promise<'created'> {
    await this.write(path, bytes, signal);
    return 'created';
  }
}

class LooksThenWrites extends PlainFiles {
  protected override async publish(path: string, bytes: Uint8Array): Promise<StoredOutput['outcome']> {
    if (await this.exists(path)) return 'exists';
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, bytes);
    return 'created';
  }
}

class Overwrites extends PlainFiles {
  protected override async publish(path: string, bytes: Uint8Array): Promise<'created'> {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, bytes);
    return 'created';
  }
}

class DeletesFirst extends PlainFiles {
  override async handleOutput(context: OutputContext, value: unknown): Promise<StoredOutput> {
    await this.deleteOutput(context);
    return super.handleOutput(context, value);
  }
}

class TouchesFirst extends PlainFiles {
  protected override async encode(context: OutputContext, value: unknown): Promise<Buffer> {
    await mkdir(dirname(this.pathOf(context)), { recursive: true });
    await writeFile(this.pathOf(context), '');
    const bytes = await super.encode(context, value);
    await rm(this.pathOf(context));
    return bytes;
  }
}

class LeavesTemporaries extends PlainFiles {
  protected override async encode(context: OutputContext, value: unknown): Promise<Buffer> {
    await mkdir(join(this.directory, 'tmp'), { recursive: true });
    await writeFile(join(this.directory, 'tmp', `${context.version}`), 'begun');
    const bytes = await super.encode(context, value);
    await rm(join(this.directory, 'tmp', `${context.version}`));
    return bytes;
  }
}

class SharesTemporary extends PlainFiles {
  protected override temporaryPath(): string {
    return join(this.directory, 'tmp', 'value');
  }
}

class StoresJson extends PlainFiles {
  protected override async encode(context: OutputContext, value: unknown): Promise<Buffer> {
    return super.encode(context, value === undefined ? null : JSON.parse(JSON.stringify(value) ?? 'null'));
  }
}

class FlattensClasses extends PlainFiles {
  protected override async encode(context: OutputContext, value: unknown): Promise<Buffer> {
    return super.encode(context, flattened(value));
  }
}

function flattened(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('at' in value)) return value;
  return { ...value, at: { ...(value.at as object) } };
}

class LosesFalsy extends PlainFiles {
  override async loadInput(context: InputContext): Promise<unknown> {
    return (await super.loadInput(context)) || undefined;
  }
}

class AlwaysThere extends PlainFiles {
  override async hasOutput(): Promise<boolean> {
    return true;
  }
}

class LoadsNothing extends PlainFiles {
  override async loadInput(context: InputContext): Promise<unknown> {
    return (await this.hasOutput(context)) ? super.loadInput(context) : undefined;
  }
}

class LooksByPrefix extends PlainFiles {
  protected override async exists(path: string): Promise<boolean> {
    const wanted = path.slice(this.directory.length + 1);
    return (await this.files()).some((file) => file.startsWith(wanted));
  }
}

class SwallowsErrors extends PlainFiles {
  protected override exists(path: string): Promise<boolean> {
    return super.exists(path).catch(() => false);
  }
}

class ThrowsRawErrors extends PlainFiles {
  override async loadInput(context: InputContext): Promise<unknown> {
    try {
      return await super.loadInput(context);
    } catch (error) {
      throw (error as Error).cause ?? error;
    }
  }
}

class SkipsDigests extends PlainFiles {
  protected override async decode(context: InputContext, bytes: Buffer): Promise<unknown> {
    const codecLength = bytes[7] ?? 0;
    const start = 20 + codecLength + bytes.readUInt32LE(8);
    const payload = bytes.subarray(start, bytes.length - 48);
    return this.codecs.decodeValue(bytes.toString('latin1', 20, 20 + codecLength), payload, context.step);
  }
}

class SkipsAddresses extends PlainFiles {
  protected override async decode(_: InputContext, bytes: Buffer): Promise<unknown> {
    const { codec, payload } = decodeEnvelope(bytes);
    return this.codecs.decodeValue(codec, payload);
  }
}

class KeepsReferences extends PlainFiles {
  readonly #seen = new Map<string, unknown>();
  override async handleOutput(context: OutputContext, value: unknown): Promise<StoredOutput> {
    const stored = await super.handleOutput(context, value);
    this.#seen.set(this.pathOf(context), value);
    return stored;
  }
  override async loadInput(context: InputContext): Promise<unknown> {
    const path = this.pathOf(context);
    return this.#seen.has(path) ? this.#seen.get(path) : super.loadInput(context);
  }
}

class HandsOutOneObject extends PlainFiles {
  readonly #loaded = new Map<string, unknown>();
  override async loadInput(context: InputContext): Promise<unknown> {
    const path = this.pathOf(context);
    if (!this.#loaded.has(path)) this.#loaded.set(path, await super.loadInput(context));
    return this.#loaded.get(path);
  }
}

class ChangesValues extends PlainFiles {
  protected override async encode(context: OutputContext, value: unknown): Promise<Buffer> {
    (value as { prices?: number[] } | null)?.prices?.reverse();
    return super.encode(context, value);
  }
}

class ChangesContexts extends PlainFiles {
  override async handleOutput(context: OutputContext, value: unknown): Promise<StoredOutput> {
    (context as { path?: string }).path = this.pathOf(context);
    return super.handleOutput(context, value);
  }
}

class IgnoresAborts extends PlainFiles {
  override handleOutput(context: OutputContext, value: unknown): Promise<StoredOutput> {
    return super.handleOutput({ ...context, signal: new AbortController().signal }, value);
  }
}

class LeavesHalfWhenAborted extends PlainFiles {
  protected override async publish(
    path: string,
    bytes: Uint8Array,
    signal: AbortSignal,
  ): Promise<StoredOutput['outcome']> {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, bytes.subarray(0, bytes.length / 2));
    signal.throwIfAborted();
    await rm(path);
    return super.publish(path, bytes, signal);
  }
}

class KeepsInMemory extends PlainFiles {
  readonly #values = new Map<string, Buffer>();
  protected override async publish(path: string, bytes: Buffer): Promise<StoredOutput['outcome']> {
    if (this.#values.has(path)) return 'exists';
    this.#values.set(path, bytes);
    return 'created';
  }
  protected override async exists(path: string): Promise<boolean> {
    return this.#values.has(path);
  }
  protected override async read(path: string): Promise<Buffer> {
    return this.#values.get(path) ?? super.read(path);
  }
}

class DeclaresTooLittle extends PlainFiles {
  override readonly capabilities = { atomicCreate: true, streams: true };
}

class DisposesOnce extends PlainFiles {
  #disposed = false;
  override async dispose(): Promise<void> {
    if (this.#disposed) throw new Error('disposed already');
    this.#disposed = true;
    await super.dispose();
  }
}

class AnswersInOrderOfStorage extends PlainFiles {
  override async hasOutputs(contexts: readonly OutputContext[]): Promise<readonly boolean[]> {
    const answers = await super.hasOutputs(contexts);
    return [...answers].sort((a, b) => Number(b) - Number(a));
  }
}

class AsksOnePage extends PlainFiles {
  override async hasOutputs(contexts: readonly OutputContext[]): Promise<readonly boolean[]> {
    const answers = await super.hasOutputs(contexts.slice(0, 1000));
    return contexts.map((_, index) => answers[index] ?? false);
  }
}

class AnswersVersionsByShard extends PlainFiles {
  override async hasVersions(outputs: OutputVersions): Promise<Uint8Array> {
    const answers = await super.hasVersions(outputs);
    const byShard = [...answers.keys()].sort((a, b) => (outputs.bytes[32 * a] ?? 0) - (outputs.bytes[32 * b] ?? 0));
    return Uint8Array.from(byShard, (at) => answers[at] ?? 0);
  }
}

class AnswersVersionsOfTheLastOutput extends PlainFiles {
  #asked: OutputVersions | undefined;

  override async hasVersions(outputs: OutputVersions): Promise<Uint8Array> {
    this.#asked = outputs;
    await Promise.resolve();
    const { context } = this.#asked;
    return Promise.all(Array.from({ length: outputs.count }, (_, at) => this.hasOutput(context(at)))).then((answers) =>
      Uint8Array.from(answers, Number),
    );
  }
}

class ListsOnePage extends PlainFiles {
  protected override async files(): Promise<string[]> {
    return (await super.files()).slice(0, 1000);
  }
}

class ListsEverything extends PlainFiles {
  override async *listOutputs(): AsyncGenerator<StoredOutputInfo> {
    const names = await readdir(this.directory).catch(() => []);
    for (const name of names) if (name === 'records') yield { identifier: [name], bytes: 1, storedAt: 0 };
    yield* super.listOutputs();
  }
}

class DeletesNeighbours extends PlainFiles {
  override async deleteOutput(context: OutputContext): Promise<boolean> {
    const there = await super.deleteOutput(context);
    const wanted = this.pathOf(context).slice(this.directory.length + 1);
    for (const file of await this.files()) if (file.startsWith(wanted)) await rm(join(this.directory, file));
    return there;
  }
}

class DeletesAlways extends PlainFiles {
  override async deleteOutput(context: OutputContext): Promise<boolean> {
    await super.deleteOutput(context);
    return true;
  }
}

class KeepsBrokenStreams extends PlainFiles {
  protected override async collect(stream: AsyncIterable<unknown>): Promise<Uint8Array> {
    const pieces: Uint8Array[] = [];
    try {
      for await (const piece of stream) pieces.push(piece as Uint8Array);
    } catch {
      // What came until now is stored.
    }
    return new Uint8Array(Buffer.concat(pieces));
  }
}

class LeavesStreamsOpen extends PlainFiles {
  protected override async collect(stream: AsyncIterable<unknown>, signal: AbortSignal): Promise<Uint8Array> {
    const iterator = stream[Symbol.asyncIterator]();
    return super.collect({ [Symbol.asyncIterator]: () => ({ next: () => iterator.next() }) }, signal);
  }
}

class FlattensStreams extends PlainFiles {
  override readonly capabilities = { durable: true, atomicCreate: true };
  protected override async encode(context: OutputContext, value: unknown): Promise<Buffer> {
    return super.encode(context, isStream(value) ? {} : value);
  }
}

/** Records with one method replaced. */
function withRecords(change: (records: RecordStore) => Partial<RecordStore>) {
  return class extends PlainFiles {
    override readonly records: RecordStore = replaced(this.plainRecords, change);
    get plainRecords(): RecordStore {
      return Reflect.get(this, 'records') as RecordStore;
    }
  };
}

function replaced(records: RecordStore, change: (records: RecordStore) => Partial<RecordStore>): RecordStore {
  const changed = change(records);
  return new Proxy(records, {
    get(target, name) {
      const own: unknown = Reflect.get(changed, name);
      const value: unknown = own ?? Reflect.get(target, name);
      return typeof value === 'function' ? value.bind(own === undefined ? target : changed) : value;
    },
  });
}

/** Each of them passes a casual look. */
export const DEFECTS: Readonly<Record<string, Defect>> = {
  'writes in place': { Manager: WritesInPlace, caughtBy: 'publishing/never-half-there' },
  'writes in place, and is killed': { Manager: WritesInPlace, caughtBy: 'crash/killed-writers' },
  'looks, then writes, and declares atomicCreate': {
    Manager: LooksThenWrites,
    caughtBy: 'publishing/one-of-many-writers-wins',
  },
  'looks, then writes, in several processes': { Manager: LooksThenWrites, caughtBy: 'race/processes' },
  'overwrites, and declares atomicCreate': { Manager: Overwrites, caughtBy: 'publishing/never-replaces' },
  'deletes before it writes': { Manager: DeletesFirst, caughtBy: 'failed-write/keeps-what-is-there' },
  'touches the file before it encodes': { Manager: TouchesFirst, caughtBy: 'failed-write/leaves-no-trace' },
  'leaves temporary files of failed writes': { Manager: LeavesTemporaries, caughtBy: 'failed-write/leaves-no-objects' },
  'uses one temporary name for all writers': { Manager: SharesTemporary, caughtBy: 'publishing/many-at-once' },
  'joins raw names to a path': {
    Manager: addressed(({ op, output, version }) => [op.namespace, op.name, output, version ?? 'run']),
    caughtBy: 'isolation/hostile-names-stay-inside',
  },
  'ignores the version': {
    Manager: addressed(({ op, output }) => [op.namespace, op.name, output].map(encodeURIComponent)),
    caughtBy: 'isolation/version',
  },
  'joins names with an underscore': {
    Manager: addressed((context) => [context.getOutputIdentifier().join('_')]),
    caughtBy: 'isolation/joined-names',
  },
  'has the job in the address': {
    Manager: addressed((context) => [context.job, ...context.getOutputIdentifier()]),
    caughtBy: 'isolation/shared-by-version',
  },
  'takes outputs of all runs for one': {
    Manager: addressed((context) =>
      context.version === undefined ? [context.step, context.output] : context.getOutputIdentifier(),
    ),
    caughtBy: 'isolation/runs',
  },
  'looks by prefix': { Manager: LooksByPrefix, caughtBy: 'isolation/prefixes' },
  'stores JSON': { Manager: StoresJson, caughtBy: 'round-trip/rich' },
  'flattens instances of classes': { Manager: FlattensClasses, caughtBy: 'round-trip/refused' },
  'loses values that look empty': { Manager: LosesFalsy, caughtBy: 'round-trip/empty-looking' },
  'says that everything is there': { Manager: AlwaysThere, caughtBy: 'presence/absent-before-stored' },
  'loads undefined for what is not there': { Manager: LoadsNothing, caughtBy: 'presence/absent-before-stored' },
  'takes errors for "not there"': { Manager: SwallowsErrors, caughtBy: 'presence/cannot-know-is-an-error' },
  'throws errors without a code': { Manager: ThrowsRawErrors, caughtBy: 'presence/unreachable-is-told-by-code' },
  'does not check digests': { Manager: SkipsDigests, caughtBy: 'corruption/changed' },
  'does not check addresses': { Manager: SkipsAddresses, caughtBy: 'corruption/moved' },
  'keeps a reference to what it stored': { Manager: KeepsReferences, caughtBy: 'aliasing/after-storing' },
  'hands out one object to all': { Manager: HandsOutOneObject, caughtBy: 'aliasing/after-loading' },
  'changes the value': { Manager: ChangesValues, caughtBy: 'aliasing/does-not-change-the-value' },
  'changes the context': { Manager: ChangesContexts, caughtBy: 'aliasing/does-not-change-the-context' },
  'ignores abort signals': { Manager: IgnoresAborts, caughtBy: 'cancellation/before-storing' },
  'leaves half a value when aborted': { Manager: LeavesHalfWhenAborted, caughtBy: 'cancellation/while-storing' },
  'keeps values in memory and declares durability': {
    Manager: KeepsInMemory,
    caughtBy: 'durability/seen-by-another-manager',
  },
  'is durable and does not say so': { Manager: DeclaresTooLittle, caughtBy: 'durability/not-more-than-declared' },
  'fails when disposed twice': { Manager: DisposesOnce, caughtBy: 'durability/dispose' },
  'answers many in another order': { Manager: AnswersInOrderOfStorage, caughtBy: 'bulk/equal-to-single' },
  'answers versions of the output that was asked about last': {
    Manager: AnswersVersionsOfTheLastOutput,
    caughtBy: 'bulk/versions',
  },
  'answers versions in another order': { Manager: AnswersVersionsByShard, caughtBy: 'bulk/versions' },
  'asks for one page only': { Manager: AsksOnePage, caughtBy: 'bulk/many' },
  'lists one page only': { Manager: ListsOnePage, caughtBy: 'listing/many' },
  'lists what is no output': { Manager: ListsEverything, caughtBy: 'listing/records-are-no-outputs' },
  'deletes neighbours, too': { Manager: DeletesNeighbours, caughtBy: 'deletion/nothing-else' },
  'says that it deleted what was not there': { Manager: DeletesAlways, caughtBy: 'deletion/gone' },
  'stores the beginning of broken streams': { Manager: KeepsBrokenStreams, caughtBy: 'streams/fails-midway' },
  'leaves streams open': { Manager: LeavesStreamsOpen, caughtBy: 'streams/aborted' },
  'flattens streams': { Manager: FlattensStreams, caughtBy: 'streams/refused-where-not-promised' },
  'changes documents whatever the tag': {
    Manager: withRecords((records) => ({
      putDocument: async (key, bytes) => records.putDocument(key, bytes, (await records.getDocument(key))?.tag),
    })),
    caughtBy: 'records/compare-and-swap',
  },
  'removes documents whatever the tag': {
    Manager: withRecords((records) => ({
      removeDocument: async (key) => {
        const tag = (await records.getDocument(key))?.tag;
        return tag !== undefined && ((await records.removeDocument?.(key, tag)) ?? false);
      },
    })),
    caughtBy: 'records/remove-document',
  },
  'tags documents by their content only': {
    Manager: withRecords((records) => ({
      getDocument: async (key) => {
        const document = await records.getDocument(key);
        return document && { bytes: document.bytes, tag: hashOf(document.bytes) };
      },
      putDocument: async (key, bytes, expected) => {
        const now = await records.getDocument(key);
        if ((now && hashOf(now.bytes)) !== expected) return false;
        return records.putDocument(key, bytes, now?.tag);
      },
    })),
    caughtBy: 'records/compare-and-swap',
  },
  ...CARELESS_STORES,
};
