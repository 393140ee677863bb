import type { RecordReading, RecordStore, SegmentInfo } from '../io/record-store.ts';
import { ENTRY_KIND, HEAD_BYTES, SEGMENT_MAGIC } from './segment-format.ts';
import { SegmentIndex } from './segment-index.ts';
import { SegmentReader } from './segment-reader.ts';

/** More ended segments than this are merged into one. */
export const MOST_SEGMENTS = 64;
/** A segment in more pieces than this is written anew as one, unless it is large: then its bytes take the time, and not its requests. */
export const MOST_PIECES = 4;
const LARGEST_REWRITTEN = 32 * 1024 * 1024;

/** What a writer knows that has just ended a segment. */
export interface JustEnded {
  /** Its name. */
  readonly ended: string;
  /** How far the writer has read each segment; what is merged from segments that it knows whole, it need not read again. */
  readonly read: Map<string, number>;
}

/**
 * Merges ended segments, when there are many, into a new one; where they are few, the one that was just ended is written anew if it is in many
 * pieces. Only segments whose writer has ended them take part, so no entry is lost; two compactions at once leave entries twice, which is
 * harmless. The new segment is durable before an old one goes.
 */
export async function compactSegments(
  store: RecordStore,
  newName: () => string,
  { ended, read }: JustEnded,
): Promise<void> {
  const all = await store.segments();
  const isCrowded = all.length > MOST_SEGMENTS;
  const segments = isCrowded ? all : all.filter((each) => each.name === ended && isScattered(each));
  const parts: Uint8Array[] = [];
  const merged: string[] = [];
  let allKnown = true;
  for (const { name, bytes } of segments) {
    const entries = await entriesOfEnded(store, name);
    if (entries === undefined) continue;
    parts.push(...entries);
    merged.push(name);
    allKnown &&= (read.get(name) ?? 0) >= bytes;
  }
  if (merged.length < (isCrowded ? 2 : 1)) return;
  const target = newName();
  await store.append(target, endedSegment(parts), { flush: true });
  if (allKnown) read.set(target, Number.MAX_SAFE_INTEGER);
  for (const name of merged) {
    await store.remove(name);
    read.delete(name);
  }
}

function isScattered({ pieces = 1, bytes }: SegmentInfo): boolean {
  return pieces > MOST_PIECES && bytes <= LARGEST_REWRITTEN;
}

/** What is kept when segments are written anew. The signal ends the reading; what is begun to be written is written. */
interface Rewriting extends RecordReading {
  readonly keeps: EntryTest;
}

/**
 * Writes ended segments anew with the entries that are kept; segments that keep all of theirs stay as they are.
 *
 * @throws the reason of an aborted signal, before anything is written
 */
export async function rewriteSegments(
  store: RecordStore,
  newName: () => string,
  { keeps, signal }: Rewriting,
): Promise<void> {
  const parts: Uint8Array[] = [];
  const replaced: string[] = [];
  for (const { name } of await store.segments({ signal })) {
    let dropped = false;
    const noted: EntryTest = (offset, reader) => {
      const keep = keeps(offset, reader);
      dropped ||= !keep;
      return keep;
    };
    const kept = await entriesOfEnded(store, name, { keeps: noted, signal });
    if (kept === undefined || !dropped) continue;
    parts.push(...kept);
    replaced.push(name);
  }
  if (replaced.length === 0) return;
  if (parts.length > 0) await store.append(newName(), endedSegment(parts), { flush: true });
  for (const name of replaced) await store.remove(name);
}

/** A whole segment of some entries. */
function endedSegment(entries: readonly Uint8Array[]): Uint8Array {
  const all = Buffer.concat(entries);
  const index = new SegmentIndex();
  index.add(all);
  return Buffer.concat([SEGMENT_MAGIC, all, ...index.ending()]);
}

/** Says which entries are kept. */
export type EntryTest = (offset: number, reader: SegmentReader) => boolean;

async function entriesOfEnded(
  store: RecordStore,
  name: string,
  { keeps, signal }: Rewriting = { keeps: () => true },
): Promise<readonly Uint8Array[] | undefined> {
  const entries: Uint8Array[] = [];
  let ended = false;
  signal?.throwIfAborted();
  new SegmentReader(await store.read(name, 0, { signal }), (offset, reader) => {
    const kind = reader.kind(offset);
    if (kind === ENTRY_KIND.end) ended = true;
    // The entries get other places.
    else if (kind !== ENTRY_KIND.index && keeps(offset, reader))
      entries.push(reader.bytes.subarray(offset, offset + HEAD_BYTES + reader.payloadLength(offset)));
  });
  return ended ? entries : undefined;
}
