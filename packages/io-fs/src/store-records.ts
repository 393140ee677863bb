import type { FileRecordStore, OpenedSegment, RecordDocument, RecordStore, SegmentInfo } from '@memo/core/plugin';

/** What the records of a store need from it. */
export interface RecordsHost {
  /** Opens the records; called once, at the first use. */
  open(): FileRecordStore;
  /** Called before the first write. */
  prepare(): void;
  /** Resolves when the values stored so far are as durable as the store promises. */
  settleValues(): Promise<void>;
}

/** The records of a store, opened at the first use. A flush takes the values that were stored so far to the disk too. */
export class StoreRecords implements RecordStore {
  readonly #host: RecordsHost;
  #opened: FileRecordStore | undefined;
  #prepared = false;

  constructor(host: RecordsHost) {
    this.#host = host;
  }

  append(segment: string, bytes: Uint8Array, options: { readonly flush?: boolean } = {}): void | Promise<void> {
    const records = this.#prepareToWrite();
    // Appended before anything is waited for, so that the order in the segment is that of the calls.
    const appended = records.append(segment, bytes);
    return options.flush === true ? this.#flush(segment, appended) : appended;
  }

  segments(): readonly SegmentInfo[] | Promise<readonly SegmentInfo[]> {
    return this.#records().segments();
  }

  read(segment: string, offset: number): Uint8Array | Promise<Uint8Array> {
    return this.#records().read(segment, offset);
  }

  open(segment: string): OpenedSegment | undefined | Promise<OpenedSegment | undefined> {
    return this.#records().open(segment);
  }

  remove(segment: string): void | Promise<void> {
    return this.#records().remove(segment);
  }

  getDocument(key: string): RecordDocument | undefined | Promise<RecordDocument | undefined> {
    return this.#records().getDocument(key);
  }

  putDocument(key: string, bytes: Uint8Array, expected: string | undefined): boolean | Promise<boolean> {
    return this.#prepareToWrite().putDocument(key, bytes, expected);
  }

  removeDocument(key: string, expected: string): boolean | Promise<boolean> {
    return this.#prepareToWrite().removeDocument?.(key, expected) ?? false;
  }

  documents(prefix: string): readonly string[] | Promise<readonly string[]> {
    return this.#records().documents(prefix);
  }

  async dispose(): Promise<void> {
    await this.#opened?.dispose();
  }

  #records(): FileRecordStore {
    this.#opened ??= this.#host.open();
    return this.#opened;
  }

  #prepareToWrite(): FileRecordStore {
    if (!this.#prepared) this.#host.prepare();
    this.#prepared = true;
    return this.#records();
  }

  async #flush(segment: string, appended: void | Promise<void>): Promise<void> {
    await appended;
    await this.#host.settleValues();
    await this.#records().append(segment, new Uint8Array(), { flush: true });
  }
}
