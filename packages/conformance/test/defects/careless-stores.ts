import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import {
  decodeEnvelope,
  type InputContext,
  MemoError,
  type OutputContext,
  type RecordStore,
  type SegmentInfo,
  type StoredOutput,
  type StoreWarning,
  type TakeLease,
} from '@memo/core/plugin';
import type { Defect } from './defect.ts';
import { PlainFiles } from './plain-files.ts';

class DigestsByChance extends PlainFiles {
  override digestOutput(): string {
    return `vf1:${randomUUID().replaceAll('-', '')}`;
  }
}

class DigestsByAddress extends PlainFiles {
  override digestOutput(context: OutputContext): string {
    return `vf1:${context.version}`;
  }
}

class DigestsBySize extends PlainFiles {
  override digestOutput(_: OutputContext, value: unknown): string {
    const { byteLength = 0 } = (value ?? {}) as { readonly byteLength?: number };
    return `vf1:${String(byteLength).padStart(64, '0')}`;
  }
}

class SortsWhatItDigests extends PlainFiles {
  override digestOutput(context: OutputContext, value: unknown): string | undefined {
    if (value instanceof Uint8Array) value[0] = 255;
    return super.digestOutput(context, value);
  }
}

class RepeatsWarnings extends PlainFiles {
  readonly #told: StoreWarning[] = [];
  override takeWarnings(): readonly StoreWarning[] {
    this.#told.push(...super.takeWarnings());
    return [...this.#told];
  }
}

class WarnsAlways extends PlainFiles {
  override takeWarnings(): readonly StoreWarning[] {
    return [{ code: 'still-there', message: 'The store is still there.' }];
  }
}

class WarnsByNumber extends PlainFiles {
  override takeWarnings(): readonly StoreWarning[] {
    return super.takeWarnings().map((_, code) => ({ code: `E_${code}`, message: 'trouble' }));
  }
}

class LoadsAnySize extends PlainFiles {
  protected override decode(context: InputContext, bytes: Buffer): Promise<unknown> {
    return decodedWithin(new PlainFiles(this.directory), context, bytes);
  }
}

/** As a manager without limits decodes. */
function decodedWithin(plain: PlainFiles, context: InputContext, bytes: Buffer): Promise<unknown> {
  return (plain as unknown as { decode(context: InputContext, bytes: Buffer): Promise<unknown> }).decode(
    context,
    bytes,
  );
}

class DecompressesFirst extends PlainFiles {
  protected override async decode(context: InputContext, bytes: Buffer): Promise<unknown> {
    const { payload } = decodeEnvelope(bytes);
    if (payload.byteLength > this.maxBytes) throw new MemoError('M5003', 'It is too large.');
    return super.decode(context, bytes);
  }
}

class SaysNothingWhenFull extends PlainFiles {
  protected override async publish(
    path: string,
    bytes: Uint8Array,
    signal: AbortSignal,
  ): Promise<StoredOutput['outcome']> {
    return super.publish(path, bytes, signal).catch(() => 'created' as const);
  }
}

class KeepsWhatFits extends PlainFiles {
  protected override async publish(path: string, bytes: Uint8Array, signal: AbortSignal): Promise<'created'> {
    await this.write(path, bytes, signal).catch((error: unknown) => {
      throw new MemoError('M5006', 'The disk is full.', { cause: error });
    });
    return 'created';
  }
}

class ReadsOnlyWithRoom extends PlainFiles {
  #isFull = false;
  protected override async write(path: string, bytes: Uint8Array, signal: AbortSignal): Promise<void> {
    await super.write(path, bytes, signal).catch((error: unknown) => {
      this.#isFull = true;
      throw error;
    });
  }
  protected override async read(path: string): Promise<Buffer> {
    if (this.#isFull) throw new MemoError('M5006', 'The disk is full.');
    return super.read(path);
  }
}

class RemembersWhatIsMissing extends PlainFiles {
  readonly #missing = new Set<string>();
  protected override async exists(path: string): Promise<boolean> {
    if (this.#missing.has(path)) return false;
    const there = await super.exists(path);
    if (!there) this.#missing.add(path);
    return there;
  }
}

class AsksOnceForMany extends PlainFiles {
  readonly #answers = new Map<string, boolean>();
  override async hasOutputs(contexts: readonly OutputContext[]): Promise<readonly boolean[]> {
    const answers = await super.hasOutputs(contexts);
    return contexts.map((context, index) => {
      const path = this.pathOf(context);
      const answer = this.#answers.get(path) ?? answers[index] ?? false;
      this.#answers.set(path, answer);
      return answer;
    });
  }
}

class RemembersWhatItRead extends PlainFiles {
  readonly #read = new Map<string, Buffer>();
  protected override async read(path: string): Promise<Buffer> {
    const known = this.#read.get(path);
    if (known !== undefined) return known;
    const bytes = await readFile(path).catch(() => super.read(path));
    this.#read.set(path, bytes);
    return bytes;
  }
}

class ListsSegmentsOnce extends PlainFiles {
  #segments: readonly SegmentInfo[] | undefined;
  override readonly records: RecordStore = this.#remembering(this.plainRecords);
  get plainRecords(): RecordStore {
    return Reflect.get(this, 'records') as RecordStore;
  }
  #remembering(records: RecordStore): RecordStore {
    return new Proxy(records, {
      get: (target, name) => {
        if (name === 'segments') return async () => (this.#segments ??= await target.segments());
        const value: unknown = Reflect.get(target, name);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
  }
}

class FlushesNothing extends PlainFiles {
  override readonly records: RecordStore = holdingBack(this.plainRecords);
  get plainRecords(): RecordStore {
    return Reflect.get(this, 'records') as RecordStore;
  }
}

/** Records that write what need not be flushed with the next bytes, and take no bytes for nothing to do. */
function holdingBack(records: RecordStore): RecordStore {
  const waiting: Uint8Array[] = [];
  const append: RecordStore['append'] = async (segment, bytes, options) => {
    if (bytes.byteLength === 0) return;
    waiting.push(Buffer.from(bytes));
    if (options?.flush === true) await records.append(segment, Buffer.concat(waiting.splice(0)), options);
  };
  return new Proxy(records, {
    get(target, name) {
      if (name === 'append') return append;
      const value: unknown = Reflect.get(target, name);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

const GIVEN = { waited: false, release: async () => {} };

class GivesLeasesToAll extends PlainFiles {
  protected override leases(): TakeLease {
    return async () => GIVEN;
  }
}

class HasOneLease extends PlainFiles {
  protected override leases(): TakeLease {
    const take = super.leases();
    return (_, options) => take('any', options);
  }
}

class WaitsForEver extends PlainFiles {
  protected override leases(): TakeLease {
    const take = super.leases();
    return (key, { onWait, signal }) =>
      take(key, { signal: new AbortController().signal, onWait: () => onWait?.() }).finally(() =>
        signal.throwIfAborted(),
      );
  }
}

class NeverSaysThatItWaited extends PlainFiles {
  protected override leases(): TakeLease {
    const take = super.leases();
    return async (key, options) => {
      const lease = await take(key, options);
      return { waited: false, release: () => lease.release() };
    };
  }
}

/** Ways to be careless about sizes, room, others who use the store, digests, warnings and leases. */
export const CARELESS_STORES: Readonly<Record<string, Defect>> = {
  'digests by chance': { Manager: DigestsByChance, caughtBy: 'digests/equal-values' },
  'has the address in digests': { Manager: DigestsByAddress, caughtBy: 'digests/equal-values' },
  'digests the size only': { Manager: DigestsBySize, caughtBy: 'digests/different-values' },
  'changes what it digests': { Manager: SortsWhatItDigests, caughtBy: 'digests/changes-nothing' },
  'warns again and again': { Manager: RepeatsWarnings, caughtBy: 'warnings/told-once' },
  'warns without a reason': { Manager: WarnsAlways, caughtBy: 'warnings/none-without-reason' },
  'warns in words that nobody understands': { Manager: WarnsByNumber, caughtBy: 'warnings/told-once' },
  'loads values of any size': { Manager: LoadsAnySize, caughtBy: 'size-limit/larger-values' },
  'decompresses before it looks at sizes': { Manager: DecompressesFirst, caughtBy: 'size-limit/bombs' },
  'says nothing when the disk is full': { Manager: SaysNothingWhenFull, caughtBy: 'full-store/refused' },
  'keeps what fits on a full disk': { Manager: KeepsWhatFits, caughtBy: 'full-store/refused' },
  'does not read from a full disk': { Manager: ReadsOnlyWithRoom, caughtBy: 'full-store/goes-on' },
  'remembers what is missing': { Manager: RemembersWhatIsMissing, caughtBy: 'sharing/new-outputs' },
  'remembers answers about many': { Manager: AsksOnceForMany, caughtBy: 'sharing/new-outputs-in-bulk' },
  'remembers what it read': { Manager: RemembersWhatItRead, caughtBy: 'sharing/deleted-outputs' },
  'lists segments once': { Manager: ListsSegmentsOnce, caughtBy: 'sharing/records' },
  'remembers what is missing, while processes write': {
    Manager: RemembersWhatIsMissing,
    caughtBy: 'sharing/processes',
  },
  'holds appends back when no bytes are flushed': { Manager: FlushesNothing, caughtBy: 'records/flush-of-nothing' },
  'gives a lease to everybody': { Manager: GivesLeasesToAll, caughtBy: 'leases/one-at-a-time' },
  'has one lease for all keys': { Manager: HasOneLease, caughtBy: 'leases/let-go' },
  'waits for a lease whatever the signal': { Manager: WaitsForEver, caughtBy: 'leases/aborted' },
  'does not say that it waited': { Manager: NeverSaysThatItWaited, caughtBy: 'leases/one-at-a-time' },
  'gives the leases of killed holders at once': { Manager: GivesLeasesToAll, caughtBy: 'leases/crash' },
};
