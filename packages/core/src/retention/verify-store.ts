import type { IOManagers } from '../definitions/job-spec.ts';
import { MemoError, messageOf } from '../errors/memo-error.ts';
import type { MemoizableIOManager } from '../io/io-manager.ts';
import type { OutputIdentifier } from '../io/output-identifier.ts';
import { StoredOutputContext } from '../io/stored-output-context.ts';
import { hasDigest } from '../stored/value-check.ts';
import { type Inventory, type StoredObject, storeParts, takeInventory } from './inventory.ts';

/** Options of {@link verifyStore}. */
export interface VerifyOptions {
  readonly signal?: AbortSignal | undefined;
  /** Which objects are read. Default: all. */
  readonly pick?: (object: { readonly io: string; readonly identifier: OutputIdentifier }) => boolean;
  /** Deletes what is not what it should be, so that its step runs again. Default `false`. */
  readonly repair?: boolean;
  /** Is told after each object. */
  readonly onChecked?: (done: number, of: number) => void;
}

/** A stored object that is not what it should be. */
export interface StoreFinding {
  readonly io: string;
  readonly identifier: OutputIdentifier;
  /** `damaged`: its bytes cannot be read whole. `differs`: it is whole, and not the content that its binding names. */
  readonly problem: 'damaged' | 'differs';
  readonly step: string | undefined;
  readonly output: string | undefined;
  readonly message: string;
  /** True when it was deleted. */
  readonly repaired: boolean;
}

/** What a check of stores found. */
export interface VerifyReport {
  readonly checked: number;
  /** Objects that were whole, but of which no binding says what they should be. */
  readonly unbound: number;
  readonly findings: readonly StoreFinding[];
}

/**
 * Loads stored objects and compares their contents with what their bindings say. Changes nothing unless it is to `repair`; a run replaces
 * what is damaged when it meets it. Takes as long as reading everything; one value is in memory at a time.
 *
 * @throws TypeError for managers that cannot list what they hold.
 * @throws MemoError M5002, M5009 when a store or its records cannot be read; the reason of an aborted signal.
 */
export async function verifyStore(io: IOManagers, options: VerifyOptions = {}): Promise<VerifyReport> {
  const parts = storeParts(io);
  const inventory = await takeInventory(parts, { signal: options.signal });
  const picked = options.pick === undefined ? inventory.objects : inventory.objects.filter(options.pick);
  const findings: StoreFinding[] = [];
  let [checked, unbound] = [0, 0];
  for (const object of picked) {
    options.signal?.throwIfAborted();
    const manager = parts.managers.get(object.io) as MemoizableIOManager;
    const context = contextOf(inventory, object, options.signal);
    const found = await check(inventory, { object, context }, manager);
    if (found === 'unbound') unbound++;
    else if (typeof found === 'object') {
      const repaired = options.repair === true && (await manager.deleteOutput?.(context)) === true;
      findings.push({ ...found, repaired });
    }
    if (found !== 'gone') checked++;
    options.onChecked?.(checked, picked.length);
  }
  return { checked, unbound, findings };
}

function contextOf(
  { steps }: Inventory,
  { identifier }: StoredObject,
  signal: AbortSignal | undefined,
): StoredOutputContext {
  const bound = identifier[0] === 'outputs' ? steps.at(identifier[4] ?? '') : undefined;
  return new StoredOutputContext({
    identifier,
    job: bound?.contents.binding.job ?? 'verify',
    step: bound?.contents.binding.step ?? 'none',
    op: bound?.contents.binding.record.op ?? { namespace: 'none', name: 'none' },
    output: bound?.address.output ?? 'none',
    version: bound?.address.version,
    signal,
  });
}

/** An object, and the context in which it is read. */
interface Checked {
  readonly object: StoredObject;
  readonly context: StoredOutputContext;
}

async function check(
  { steps }: Inventory,
  { object: { io, identifier }, context }: Checked,
  manager: MemoizableIOManager,
): Promise<Omit<StoreFinding, 'repaired'> | 'unbound' | 'whole' | 'gone'> {
  const bound = identifier[0] === 'outputs' ? steps.at(identifier[4] ?? '') : undefined;
  const step = bound?.contents.binding.step;
  const output = bound?.address.output;
  const finding = (problem: StoreFinding['problem'], message: string): Omit<StoreFinding, 'repaired'> => ({
    io,
    identifier,
    problem,
    step,
    output,
    message,
  });
  let value: unknown;
  try {
    value = await manager.loadInput(context);
  } catch (error) {
    if (MemoError.is(error, 'M5004')) return 'gone';
    if (MemoError.is(error, 'M5003')) return finding('damaged', messageOf(error));
    throw error;
  }
  if (bound === undefined) return 'unbound';
  if (hasDigest(value, bound.address.digest, { context, managers: [manager] })) return 'whole';
  return finding('differs', `The content is not ${bound.address.digest}, which its binding names.`);
}
