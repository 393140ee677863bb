/** What is used of an `unstorage` storage, so that no version of it is needed here. `createStorage()` and `prefixStorage()` give one. */
export interface KeyValueStorage {
  hasItem(key: string): Promise<boolean>;
  getItem(key: string): Promise<unknown>;
  setItem(key: string, value: never): Promise<void>;
  getItemRaw(key: string): Promise<unknown>;
  setItemRaw(key: string, value: Uint8Array): Promise<void>;
  removeItem(key: string): Promise<void>;
  getKeys(base?: string): Promise<string[]>;
  /** The driver, which tells its name. */
  getMount?(key: string): { readonly driver: { readonly name?: string | undefined; readonly getKeys?: unknown } };
}
