import type { IOManagerFeature, IOManagerHarness, IOManagerStorage } from './harness.ts';
import { OpenedManager, Operations } from './opened-manager.ts';

/** What one case works with: storage of its own, and managers over it. */
export interface IOManagerTrial {
  readonly storage: IOManagerStorage;
  readonly features: ReadonlySet<IOManagerFeature>;
  /** A new manager over the storage. */
  open(): Promise<OpenedManager>;
  /** So many managers that see the same values: managers of their own where values are durable, else one. */
  openSeveral(count: number): Promise<readonly OpenedManager[]>;
  /** A manager whose store cannot be reached. */
  openUnreachable(): Promise<OpenedManager>;
  /** A manager that loads values of at most so many bytes. */
  openLimited(maxBytes: number): Promise<OpenedManager>;
  /** A manager that has room for so many bytes more. */
  openFull(bytes: number): Promise<OpenedManager>;
  /** A manager that has something to warn about. */
  openTroubled(): Promise<OpenedManager>;
}

/** Runs a case on new storage, waits for whatever it left going on, disposes all managers and removes the storage. */
export async function inTrial(
  harness: IOManagerHarness,
  features: ReadonlySet<IOManagerFeature>,
  run: (trial: IOManagerTrial) => unknown,
): Promise<void> {
  const storage = await harness.setup();
  const operations = new Operations();
  const opened: OpenedManager[] = [];
  const keep = (manager: OpenedManager['manager']): OpenedManager => {
    const kept = new OpenedManager(manager, operations);
    opened.push(kept);
    return kept;
  };
  const open = async () => keep(await storage.open());
  try {
    await run({
      storage,
      features,
      open,
      openSeveral: async (count) => {
        const first = await open();
        if (!features.has('durable')) return Array.from({ length: count }, () => first);
        return [first, ...(await Promise.all(Array.from({ length: count - 1 }, open)))];
      },
      openUnreachable: async () => keep(await door(storage, 'openUnreachable')()),
      openLimited: async (maxBytes) => keep(await door(storage, 'openLimited')(maxBytes)),
      openFull: async (bytes) => keep(await door(storage, 'openFull')(bytes)),
      openTroubled: async () => keep(await door(storage, 'openTroubled')()),
    });
  } finally {
    await operations.settled();
    for (const manager of opened) await manager.dispose().catch(() => {});
    await storage.dispose?.();
  }
}

type Door = 'openUnreachable' | 'openLimited' | 'openFull' | 'openTroubled';

function door<Name extends Door>(storage: IOManagerStorage, name: Name): NonNullable<IOManagerStorage[Name]> {
  const open = storage[name];
  if (open === undefined) throw new TypeError(`The harness has no ${name}().`);
  return open;
}

/** Two managers that see the same values; one and the same where only one can. */
export async function pairOf(trial: IOManagerTrial): Promise<readonly [OpenedManager, OpenedManager]> {
  const [one, other] = await trial.openSeveral(2);
  if (one === undefined || other === undefined) throw new TypeError('openSeveral() gave too few managers.');
  return [one, other];
}
