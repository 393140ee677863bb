import type { IOManagers } from '../definitions/job-spec.ts';
import { MemoError } from '../errors/memo-error.ts';
import type { MemoizableIOManager, StoreWarning } from '../io/io-manager.ts';
import { DEFAULT_MANAGER, managersByKey } from '../plan/managers.ts';
import { isReadableRecord } from '../plan/record-shape.ts';
import type { Binding } from '../records/binding.ts';
import { readBindings } from '../records/read-bindings.ts';
import { verifyStore } from '../retention/verify-store.ts';
import type { Codec } from '../stored/codec.ts';
import { DEFAULT_MAX_BYTES } from '../stored/envelope.ts';
import { ObjectFormat } from '../stored/object-format.ts';
import { isWhole } from '../tiers/shared-bindings.ts';
import { TieredIOManager } from '../tiers/tiered-io-manager.ts';
import type { Trust } from '../trust/trust.ts';
import { versionOfRecord } from '../versions/record-key.ts';
import { noBundle } from './bundle-layout.ts';
import { BundleReader, BundleSource } from './bundle-reader.ts';
import { BundleTarget, BundleWriter } from './bundle-writer.ts';

/** Options of {@link exportBundle} and {@link importBundle}. */
export interface BundleOptions {
  /** Codecs of values beyond the built-in ones, as the stores have them. */
  readonly codecs?: readonly Codec[];
  /** Ends it, with the reason of the signal: an export leaves no file, an import the results that it has taken, each whole. Default: never. */
  readonly signal?: AbortSignal | undefined;
}

/** Options of {@link exportBundle}. */
export interface ExportOptions extends BundleOptions {
  /** Only these step versions, with everything that they were made from. Default: all that is recorded. */
  readonly only?: Iterable<string>;
}

/** What went into a bundle. */
export interface ExportedBundle {
  readonly results: number;
  readonly values: number;
  /** Size of the file. */
  readonly bytes: number;
  readonly warnings: readonly StoreWarning[];
}

/** What came out of a bundle. */
export interface ImportedBundle {
  /** Results that the stores have now as the bundle has them. */
  readonly results: number;
  /** Results of which the stores have another content, with all that was made from them: the stores keep theirs. */
  readonly kept: number;
  readonly values: number;
  readonly warnings: readonly StoreWarning[];
}

/**
 * Writes recorded results with their values and what they were made from into one file, to take along. The stores may be one manager, or several
 * by key. Where the store of `default` has `trust`, everything in the bundle is signed.
 *
 * @throws MemoError M5006 when the file cannot be written; M5002, M5009 when a store or its records cannot be read; the reason of an aborted signal,
 *   and there is no file then.
 */
export async function exportBundle(io: IOManagers, file: string, options: ExportOptions = {}): Promise<ExportedBundle> {
  const managers = memoizable(io);
  const trust = trustOf(managers);
  const format = formatOf(trust, options);
  const { only, signal } = options;
  signal?.throwIfAborted();
  const writer = await BundleWriter.create(file, { trust, signal });
  try {
    const copy = copier(managers, (key) => new BundleTarget(writer, key, format), 'to');
    const { published } = await copy.push({ ...(only === undefined ? {} : { only }), signal });
    const warnings = copy.takeWarnings();
    return { results: published, values: writer.values, bytes: await writer.finish(), warnings };
  } catch (error) {
    await writer.abandon();
    throw error;
  }
}

/**
 * Takes the results of a bundle into stores. Everything is checked before the first byte is written: that the file is whole, that each value is
 * what its record says, and that each record is of the version that it claims. Where the store of `default` has `trust`, only what somebody has
 * signed who is accepted counts. Without, a bundle is believed as a colleague is: who can write one can say what a step gave.
 *
 * @throws MemoError M5003 for a file that is no whole bundle, or holds something that is not what it claims; nothing was taken then.
 * @throws MemoError M5010 when a value belongs to a manager that is not there; M5002, M5009 when something cannot be read or written.
 * @throws the reason of an aborted signal. While the file is checked nothing was taken; after that, results that were taken stay, each whole.
 */
export async function importBundle(io: IOManagers, file: string, options: BundleOptions = {}): Promise<ImportedBundle> {
  const managers = memoizable(io);
  const trust = trustOf(managers);
  const format = formatOf(trust, options);
  const { signal } = options;
  signal?.throwIfAborted();
  const reader = await BundleReader.open(file, { trust, signal });
  try {
    const keys = new Set([DEFAULT_MANAGER, ...reader.index.values.map((value) => value.io)]);
    for (const key of keys) if (!managers.has(key)) throw unknownStore(key, file);
    const sources = new Map([...keys].map((key) => [key, new BundleSource(reader, key, format)]));
    await checkBundle(reader, Object.fromEntries(sources), signal);
    const source = (key: string): MemoizableIOManager | undefined => sources.get(key);
    const copy = copier(managers, source, 'from');
    const { published, kept } = await copy.push({ signal });
    const warnings = [...reader.warnings, ...copy.takeWarnings()];
    return { results: published, kept, values: reader.index.values.length, warnings };
  } finally {
    await reader.close();
  }
}

/** @throws MemoError M5003 for the first thing that is not what it claims to be. */
async function checkBundle(
  reader: BundleReader,
  sources: Readonly<Record<string, BundleSource>>,
  signal: AbortSignal | undefined,
): Promise<void> {
  for await (const binding of readBindings(reader.records)) {
    signal?.throwIfAborted();
    checkBinding(binding, reader.file);
  }
  const { findings } = await verifyStore(sources as IOManagers, { signal });
  const [first] = findings;
  if (first !== undefined) throw noBundle(reader.file, first.message);
}

function checkBinding(binding: Binding, file: string): void {
  const { record, stepVersion, when, duration, by, consumed, of } = binding;
  const isShaped =
    isReadableRecord(record) &&
    isWhole(binding) &&
    [when, duration].every((time) => Number.isFinite(time) && time >= 0) &&
    ['run', 'alias', 'bless'].includes(by) &&
    typeof consumed === 'object' &&
    consumed !== null &&
    (of === undefined || /^[0-9a-f]{64}$/.test(of));
  if (!isShaped) throw noBundle(file, 'a record in it is of no known shape');
  if (versionOfRecord(record) !== stepVersion)
    throw noBundle(file, 'a record in it is not of the version that it claims');
}

/** Copies between the stores and those of a bundle, all managers under the records of the default one. */
function copier(
  managers: ReadonlyMap<string, MemoizableIOManager>,
  bundled: (key: string) => MemoizableIOManager | undefined,
  way: 'to' | 'from',
): TieredIOManager {
  const pair = (key: string, manager: MemoizableIOManager): TieredIOManager | undefined => {
    const other = bundled(key);
    if (other === undefined) return undefined;
    const [from, to] = way === 'to' ? [manager, other] : [other, manager];
    return new TieredIOManager(from, to, first === undefined ? {} : { bindings: first });
  };
  let first: TieredIOManager | undefined;
  first = pair(DEFAULT_MANAGER, managers.get(DEFAULT_MANAGER) as MemoizableIOManager) as TieredIOManager;
  for (const [key, manager] of managers) if (key !== DEFAULT_MANAGER) pair(key, manager);
  return first;
}

function memoizable(io: IOManagers): ReadonlyMap<string, MemoizableIOManager> {
  const managers = managersByKey(io) as ReadonlyMap<string, MemoizableIOManager>;
  if (!managers.has(DEFAULT_MANAGER))
    throw new TypeError('The manager "default" is missing: its records say what the values are.');
  return managers;
}

function trustOf(managers: ReadonlyMap<string, MemoizableIOManager>): Trust | undefined {
  return managers.get(DEFAULT_MANAGER)?.trust;
}

function formatOf(trust: Trust | undefined, { codecs = [] }: BundleOptions): ObjectFormat {
  return new ObjectFormat({ codecs, compress: true, maxBytes: DEFAULT_MAX_BYTES, smallBytes: 2 ** 20, trust });
}

function unknownStore(key: string, file: string): MemoError {
  return new MemoError('M5010', `${file} has values of the store "${key}", which is not there.`, {
    fix: 'Import it where a job has a store of that key.',
    details: { manager: key },
  });
}
