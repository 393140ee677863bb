/**
 * How values become bytes and come back. The `id` is written into every stored object, so it names the format for ever:
 * change what `encode` writes and you need a new id, unless `decode` reads both.
 *
 * The promise: for every value that `accepts`, `decode(encode(value))` is a value that no consumer can tell from it.
 *
 * ```ts
 * const arrow: Codec<Table> = {
 *   id: 'arrow-ipc/1',
 *   accepts: (value): value is Table => value instanceof Table,
 *   encode: (table) => tableToIPC(table),
 *   decode: (bytes) => tableFromIPC(bytes),
 * };
 * ```
 */
export interface Codec<T = unknown> {
  /** 1 to 64 characters: lower-case letters, digits, `.`, `-`, `/`; for example `'json'`, `'arrow-ipc/1'`. */
  readonly id: string;
  /**
   * True when equal values always give equal bytes, on every machine and in every later version. The bytes are then digested
   * in place of the value: cheaper, and possible for values that memo cannot look into. Default false.
   */
  readonly canonical?: boolean;
  /** Whether this codec takes a value whole; must not throw and must not change the value. */
  accepts(value: unknown): boolean;
  /**
   * The bytes, or pieces of them in order. Pieces may share memory with the value: they are written before anyone can
   * change it. `label` names the value in errors. What it throws becomes an `M5001`.
   */
  encode(value: T, label?: string): Uint8Array | readonly Uint8Array[];
  /** The value. Gets exactly the bytes of `encode`, checked; must not keep them if it could change them. What it throws becomes an `M5003`. */
  decode(bytes: Uint8Array): T;
}

/** True for a text that can be a codec's id. */
export function isCodecId(id: string): boolean {
  return /^[a-z0-9][a-z0-9./-]{0,63}$/.test(id);
}
