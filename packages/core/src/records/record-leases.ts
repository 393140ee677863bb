import { randomBytes } from 'node:crypto';
import { type Clock, systemClock } from '../definitions/clock.ts';
import type { Lease, LeaseOptions, TakeLease } from '../io/lease.ts';
import type { RecordDocument, RecordReading, RecordStore } from '../io/record-store.ts';

/** How leases are kept. */
export interface RecordLeaseOptions {
  /** After how long without a sign of its holder a lease is taken from him, milliseconds. Default 60,000. */
  readonly holdMs?: number;
  /** Replaces time, for tests. */
  readonly clock?: Clock;
}

/**
 * Leases in the documents of a record store, changed by compare-and-swap. A holder changes his document again and again; who waits takes over
 * what did not change for `holdMs` by his own clock, which only has to go on: no two machines compare times.
 */
export function recordLeases(records: RecordStore, options: RecordLeaseOptions = {}): TakeLease {
  const { holdMs = 60_000, clock = systemClock } = options;
  if (!(holdMs >= 1)) throw new TypeError(`holdMs is at least 1, not ${String(holdMs)}`);
  return (key, asked) => take({ records, holdMs, clock, name: PREFIX + key }, asked);
}

/**
 * Removes the leases that nobody has renewed since a moment: those of holders that died, of steps that nobody asks for again. Who still needs
 * one that goes computes twice, at worst. Does nothing where documents cannot be removed.
 *
 * @param since milliseconds since the epoch
 */
export async function removeSilentLeases(
  records: RecordStore,
  since: number,
  reading: RecordReading = {},
): Promise<void> {
  if (records.removeDocument === undefined) return;
  for (const key of await records.documents(PREFIX, reading)) {
    reading.signal?.throwIfAborted();
    const document = await records.getDocument(key, reading);
    if (document === undefined || (readLease(document)?.signedAt ?? 0) >= since) continue;
    await records.removeDocument(key, document.tag);
  }
}

interface Place {
  readonly records: RecordStore;
  readonly holdMs: number;
  readonly clock: Clock;
  readonly name: string;
}

async function take(place: Place, { signal, onWait }: LeaseOptions): Promise<Lease> {
  const { records, holdMs, clock, name } = place;
  const holder = randomBytes(16).toString('hex');
  let seen: { readonly tag: string; readonly since: number } | undefined;
  for (let waited = false; ; ) {
    signal.throwIfAborted();
    const there = await records.getDocument(name, { signal });
    const isSilent = seen !== undefined && seen.tag === there?.tag && clock.elapsed() - seen.since >= holdMs;
    if (there === undefined || isFree(there) || isSilent) {
      if (await records.putDocument(name, sign(place, holder, 0), there?.tag)) return held(place, holder, waited);
    } else if (seen?.tag !== there.tag) seen = { tag: there.tag, since: clock.elapsed() };
    if (!waited) onWait?.();
    waited = true;
    await clock.sleep(holdMs / POLLS, signal);
  }
}

/** A lease that was taken, renewed until it is released. */
function held(place: Place, holder: string, waited: boolean): Lease {
  const ended = new AbortController();
  const renewing = renew(place, holder, ended.signal).catch(() => undefined);
  let released: Promise<void> | undefined;
  const release = async (): Promise<void> => {
    ended.abort();
    await renewing;
    await giveBack(place, holder);
  };
  return { waited, release: () => (released ??= release()) };
}

async function renew(place: Place, holder: string, signal: AbortSignal): Promise<void> {
  const { records, holdMs, clock, name } = place;
  for (let count = 1; ; count++) {
    await clock.sleep(holdMs / RENEWALS, signal);
    const there = await records.getDocument(name);
    // Taken over: whoever did computes the same, and one of both counts.
    if (there === undefined || holderOf(there) !== holder) return;
    await records.putDocument(name, sign(place, holder, count), there.tag);
  }
}

async function giveBack(place: Place, holder: string): Promise<void> {
  const { records, name } = place;
  const there = await records.getDocument(name);
  if (there === undefined || holderOf(there) !== holder) return;
  if (records.removeDocument === undefined) await records.putDocument(name, sign(place, '', 0), there.tag);
  else await records.removeDocument(name, there.tag);
}

/** No two are alike, so that the tag changes with each. The time is for who removes what nobody wanted any more. */
function sign({ clock }: Place, holder: string, count: number): Buffer {
  return Buffer.from(`memo.lease/1 ${holder} ${count} ${clock.now()}`, 'utf8');
}

function readLease({ bytes }: RecordDocument): { readonly holder: string; readonly signedAt: number } | undefined {
  const [, holder, signedAt] =
    /^memo\.lease\/1 ([0-9a-f]*) \d+ (\d+)$/.exec(Buffer.from(bytes).toString('latin1', 0, 128)) ?? [];
  return holder === undefined ? undefined : { holder, signedAt: Number(signedAt) };
}

function holderOf(document: RecordDocument): string | undefined {
  return readLease(document)?.holder;
}

function isFree(document: RecordDocument): boolean {
  return holderOf(document) === '';
}

const PREFIX = 'lease-';
const RENEWALS = 4;
const POLLS = 30;
