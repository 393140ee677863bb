import type { IOManagers } from '../definitions/job-spec.ts';
import { MemoError, messageOf } from '../errors/memo-error.ts';
import type { MemoizableIOManager } from '../io/io-manager.ts';
import type { OutputIdentifier } from '../io/output-identifier.ts';
import { StoredOutputContext } from '../io/stored-output-context.ts';
import { hasDigest } from '../stored/value-check.ts';
import { type Inventory, type StoredObject, storeParts, takeInventory } from './inventory.ts';

/** Options of {@link verifyStore}. */
export interface VerifyOptions {
  readonly signal?: AbortSignal;
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
}

/** What a check of stores found. */
export interface VerifyReport {
  readonly checked: number;
  /** Objects that were whole, but of which no binding says what they should be. */
  readonly unbound: number;
  readonly findings: readonly StoreFinding[];
}

/**
 * Loads every stored object and compares its content with what its binding says. Changes nothing: delete what is damaged, or run the job
 * again, which does so when it meets it. Takes as long as reading everything; one value is in memory at a time.
 *
 * @throws TypeError for managers that cannot list what they hold.
 * @throws MemoError M5002, M5009 when a store or its records cannot be read; the reason of an aborted signal.
 */
export async function verifyStore(io: IOManagers, options: VerifyOptions = {}): Promise<VerifyReport> {
  const parts = storeParts(io);
  const inventory = await takeInventory(parts);
  const findings: StoreFinding[] = [];
  let [checked, unbound] = [0, 0];
  for (const object of inventory.objects) {
    options.signal?.throwIfAborted();
    const found = await check(inventory, object, parts.managers.get(object.io) as MemoizableIOManager);
    if (found === 'unbound') unbound++;
    else if (typeof found === 'object') findings.push(found);
    if (found !== 'gone') checked++;
    options.onChecked?.(checked, inventory.objects.length);
  }
  return { checked, unbound, findings };
}

async function check(
  { steps }: Inventory,
  { io, identifier }: StoredObject,
  manager: MemoizableIOManager,
): Promise<StoreFinding | 'unbound' | 'whole' | 'gone'> {
  const bound = identifier[0] === 'outputs' ? steps.at(identifier[4] ?? '') : undefined;
  const step = bound?.contents.binding.step;
  const output = bound?.address.output;
  const context = new StoredOutputContext({
    identifier,
    job: bound?.contents.binding.job ?? 'verify',
    step: step ?? 'none',
    op: bound?.contents.binding.record.op ?? { namespace: 'none', name: 'none' },
    output: output ?? 'none',
    version: bound?.address.version,
  });
  const finding = (problem: StoreFinding['problem'], message: string): StoreFinding => ({
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
