import type { Awaitable } from './awaitable.ts';

/** How records are read. */
export interface RecordReading {
  /** Ends what was asked for at once, as far as the store can: what is read is not wanted any more. */
  readonly signal?: AbortSignal | undefined;
}

/** One append-only file of records. */
export interface SegmentInfo {
  /** `[a-z0-9-]{1,100}`; unique to its writer. */
  readonly name: string;
  readonly bytes: number;
  /**
   * How many requests it takes to read it, where each of its appends may be an object of its own. A segment of many that is ended is written anew as
   * one, and the old one removed. Default 1.
   */
  readonly pieces?: number;
}

/** A small mutable document with the tag that a conditional write must name. */
export interface RecordDocument {
  readonly bytes: Uint8Array;
  readonly tag: string;
}

/** A segment that can be read in parts, at once, for as long as anybody holds it. */
export interface OpenedSegment {
  /** Its length when it was opened. */
  readonly bytes: number;
  /**
   * Fills a buffer from a position on, as far as the segment goes; gives how many bytes that were. Nothing is left of a segment that was
   * removed, where the store cannot keep it.
   */
  read(into: Uint8Array, position: number): number;
}

/**
 * The small store beside the values, where core keeps bindings and pins. Segments are append-only and have one writer
 * each; documents are tiny and change by compare-and-swap. Core checks every byte that it reads: a store needs no checksums.
 *
 * What is read may be cancelled; a store rejects with the reason of the signal, or reads on. What is written is not: it says what was computed, and
 * a store ends it in its own time.
 */
export interface RecordStore {
  /**
   * Appends bytes to a segment, which is created by its first append. With `flush`, resolves only when these and all bytes before
   * survive a crash of the process (and of the machine, as far as the store promises durability), and others can read them; otherwise a
   * store may hold them back. No bytes at all may be given, to flush those before. The bytes are the caller's again when it has resolved, and
   * may change: a store that holds them back copies them.
   */
  append(segment: string, bytes: Uint8Array, options?: { readonly flush?: boolean }): Awaitable<void>;
  /** All segments, in any order. */
  segments(reading?: RecordReading): Awaitable<readonly SegmentInfo[]>;
  /** The bytes of a segment from an offset on; what was appended and flushed before the call is in it. */
  read(segment: string, offset: number, reading?: RecordReading): Awaitable<Uint8Array>;
  /**
   * Opens a segment, to read parts of it at once; `undefined` where there is none. Of what can be opened core keeps 200 bytes a step in
   * memory, of what cannot everything. Default: segments are read whole.
   */
  open?(segment: string, reading?: RecordReading): Awaitable<OpenedSegment | undefined>;
  /** Deletes a segment (after compaction). */
  remove(segment: string): Awaitable<void>;
  /** A document, or `undefined`. Keys are `[a-z0-9-]{1,100}`. */
  getDocument(key: string, reading?: RecordReading): Awaitable<RecordDocument | undefined>;
  /** Writes a document if its tag is still `expected` (`undefined`: if there is none). `false` when it is not. */
  putDocument(key: string, bytes: Uint8Array, expected: string | undefined): Awaitable<boolean>;
  /**
   * Removes a document if its tag is still `expected`; `false` when it is not. Used to prune commit marks and pins of steps that are
   * forgotten; without it they stay.
   */
  removeDocument?(key: string, expected: string): Awaitable<boolean>;
  /** Keys of all documents that begin with a prefix. */
  documents(prefix: string, reading?: RecordReading): Awaitable<readonly string[]>;
}
