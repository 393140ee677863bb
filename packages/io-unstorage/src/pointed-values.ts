import { MemoError } from '@memo/core/plugin';
import type { KeyValueStorage } from './key-value-storage.ts';
import { asPointer, newPointer, type Pointer, storedPointer } from './pointer.ts';
import { keepsNothing, unavailable } from './storage-errors.ts';

/** A value that is there, without its bytes. */
export interface ListedValue {
  readonly key: string;
  readonly bytes: number;
  /** Milliseconds since the epoch. */
  readonly storedAt: number;
}

/**
 * Whole values under keys, over drivers that can neither create a key only if it is free nor be trusted not to write in place: each value
 * has a key of its own, written first, and what is at its address is a pointer, written last.
 */
export class PointedValues {
  readonly #storage: KeyValueStorage;
  readonly #name: string;
  readonly #base: string;

  /** @param place `name` of the storage in errors, and what all keys begin with */
  constructor(storage: KeyValueStorage, place: { readonly name: string; readonly base: string }) {
    this.#storage = storage;
    this.#name = place.name;
    this.#base = place.base;
  }

  /** A copy of the bytes, because a driver may hand out what it holds; `undefined` where there is nothing. */
  async read(key: string): Promise<Buffer | undefined> {
    const pointer = await this.#pointer(key);
    const bytes = pointer && (await this.#valueOf(pointer));
    if (pointer === undefined || bytes !== undefined) return bytes;
    // Whoever wrote at the same time, and lost, took its value away.
    const newer = await this.#pointer(key);
    return newer && newer.value !== pointer.value ? this.#valueOf(newer) : undefined;
  }

  async has(key: string): Promise<boolean> {
    const pointer = await this.#pointer(key);
    return (
      pointer !== undefined && (await this.#call('look for', () => this.#storage.hasItem(this.#valueKey(pointer))))
    );
  }

  /** Writes a value, and goes by whose pointer is there in the end. @throws MemoError M5006 when the driver keeps nothing. */
  async write(key: string, bytes: Uint8Array, signal: AbortSignal): Promise<'created' | 'exists'> {
    const pointer = newPointer(bytes.length);
    let kept: Pointer | undefined;
    try {
      await this.#call('write', () => this.#storage.setItemRaw(this.#valueKey(pointer), bytes));
      signal.throwIfAborted();
      await this.#call('write', () => this.#storage.setItem(this.#keyOf(key), storedPointer(pointer) as never));
      kept = await this.#keptPointer(key);
    } finally {
      if (kept?.value !== pointer.value) await this.#storage.removeItem(this.#valueKey(pointer)).catch(() => {});
    }
    return kept.value === pointer.value ? 'created' : 'exists';
  }

  async remove(key: string): Promise<boolean> {
    const pointer = await this.#pointer(key);
    const there =
      pointer !== undefined || (await this.#call('look for', () => this.#storage.hasItem(this.#keyOf(key))));
    await this.#call('delete', () => this.#storage.removeItem(this.#keyOf(key)));
    if (pointer !== undefined) await this.#call('delete', () => this.#storage.removeItem(this.#valueKey(pointer)));
    return there;
  }

  /** What is there below a prefix. */
  async *list(prefix: string): AsyncGenerator<ListedValue> {
    // Redis, for one, may name a key twice when its table of keys grows meanwhile.
    for (const found of new Set(await this.#call('list', () => this.#storage.getKeys(this.#keyOf(prefix))))) {
      const key = found.slice(this.#base.length + 1);
      const pointer = await this.#pointer(key);
      if (pointer !== undefined) yield { key, bytes: pointer.bytes, storedAt: pointer.storedAt };
    }
  }

  /** Whose pointer is at an address after one was written there. */
  async #keptPointer(key: string): Promise<Pointer> {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const kept = await this.#pointer(key);
      if (kept !== undefined) return kept;
      // Another writer may be in the middle of its own.
      await new Promise(setImmediate);
    }
    throw keepsNothing(this.#name, key);
  }

  async #pointer(key: string): Promise<Pointer | undefined> {
    return asPointer(await this.#call('read', () => this.#storage.getItem(this.#keyOf(key))));
  }

  async #valueOf(pointer: Pointer): Promise<Buffer | undefined> {
    const raw = await this.#call('read', () => this.#storage.getItemRaw(this.#valueKey(pointer)));
    if (raw === null || raw === undefined) return undefined;
    if (raw instanceof Uint8Array) return Buffer.from(raw);
    throw new MemoError('M5003', `${this.#name} gave something that is not bytes`);
  }

  #keyOf(key: string): string {
    return `${this.#base}:${key}`;
  }

  #valueKey({ value }: Pointer): string {
    return `${this.#base}:values:${value}`;
  }

  async #call<T>(doing: string, act: () => Promise<T>): Promise<T> {
    try {
      const answer = await act();
      // The drivers of files give errors of the file system as values.
      if (answer instanceof Error) throw answer;
      return answer;
    } catch (error) {
      throw unavailable(this.#name, doing, error);
    }
  }
}

const ATTEMPTS = 100;
