import { MemoError, messageOf, type StoredOutputInfo } from '@memo/core/plugin';
import type { KeyValueStorage } from './key-value-storage.ts';
import { asPointer, newPointer, type Pointer } from './pointer.ts';

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
    this.#base = `${place.base}:`;
  }

  /** A copy of the bytes, because a driver may hand out what it holds; `undefined` where there is nothing. */
  async read(key: string): Promise<Buffer | undefined> {
    let seen: string | undefined;
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const pointer = await this.#pointer(key);
      if (pointer === undefined || pointer.value === seen) break;
      const raw = await this.#call('getItemRaw', valueKey(pointer));
      if (raw instanceof Uint8Array) return Buffer.from(raw);
      if (raw !== null && raw !== undefined)
        throw new MemoError('M5003', `${this.#name} gave something that is not bytes`);
      // Whoever wrote at the same time, and lost, took its value away: then there is a newer pointer.
      seen = pointer.value;
    }
    return undefined;
  }

  async has(key: string): Promise<boolean> {
    const pointer = await this.#pointer(key);
    return pointer !== undefined && (await this.#call('hasItem', valueKey(pointer))) === true;
  }

  /** Writes a value, and goes by whose pointer is there in the end. @throws MemoError M5006 when the driver keeps nothing. */
  async write(key: string, bytes: Uint8Array, signal: AbortSignal): Promise<'created' | 'exists'> {
    const pointer = newPointer(bytes.length);
    let isOurs = false;
    try {
      await this.#call('setItemRaw', valueKey(pointer), bytes);
      signal.throwIfAborted();
      await this.#call('setItem', key, pointer);
      isOurs = (await this.#keptPointer(key)).value === pointer.value;
    } finally {
      if (!isOurs) await this.#call('removeItem', valueKey(pointer)).catch(() => {});
    }
    return isOurs ? 'created' : 'exists';
  }

  async remove(key: string): Promise<boolean> {
    const pointer = await this.#pointer(key);
    const there = pointer !== undefined || (await this.#call('hasItem', key)) === true;
    await this.#call('removeItem', key);
    if (pointer !== undefined) await this.#call('removeItem', valueKey(pointer));
    return there;
  }

  /** What is there below a prefix; the parts of a key are those of the identifier. */
  async *list(prefix: string): AsyncGenerator<StoredOutputInfo> {
    const found = (await this.#call('getKeys', prefix)) as readonly string[];
    // Redis, for one, may name a key twice when its table of keys grows meanwhile.
    for (const key of new Set(found.map((full) => full.slice(this.#base.length)))) {
      const pointer = await this.#pointer(key);
      if (pointer === undefined) continue;
      yield { identifier: key.split(':'), bytes: Number(pointer.bytes), storedAt: Number(pointer.storedAt) };
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
    const because = 'the driver is read-only, or drops what it is given';
    throw new MemoError('M5006', `${this.#name} did not keep an output`, { because, details: { path: key } });
  }

  async #pointer(key: string): Promise<Pointer | undefined> {
    return asPointer(await this.#call('getItem', key));
  }

  /** @throws MemoError M5002 for whatever the driver throws. Credentials in URLs are left out. */
  async #call(method: keyof typeof DOING, key: string, value?: unknown): Promise<unknown> {
    try {
      const answer: unknown = await this.#storage[method](this.#base + key, value as never);
      // The drivers of files give errors of the file system as values.
      if (answer instanceof Error) throw answer;
      return answer;
    } catch (error) {
      const because = messageOf(error).replace(/\/\/[^/@\s]*@/g, '//***@');
      throw new MemoError('M5002', `${this.#name} could not ${DOING[method]} an output`, { because });
    }
  }
}

function valueKey({ value }: Pointer): string {
  return `values:${value}`;
}

const DOING = {
  hasItem: 'look for',
  getItem: 'read',
  getItemRaw: 'read',
  setItem: 'write',
  setItemRaw: 'write',
  removeItem: 'delete',
  getKeys: 'list',
} as const;
const ATTEMPTS = 100;
