/** More than programs have files, so that few of them share a place. */
const PLACES = 1 << 16;

/**
 * Who looks at which file, for threads that share the work: each is to be looked at by one. It is only about work: two files may share a
 * place, and then nobody but the main thread looks at the second one.
 */
export class Claims {
  /** What threads hand on to each other. */
  readonly shared: SharedArrayBuffer;
  readonly #taken: Uint8Array;

  constructor(shared: SharedArrayBuffer = new SharedArrayBuffer(PLACES)) {
    this.shared = shared;
    this.#taken = new Uint8Array(shared);
  }

  /** True for the first that asks. */
  take(path: string): boolean {
    return Atomics.exchange(this.#taken, placeOf(path), 1) === 0;
  }
}

/** FNV-1a. */
function placeOf(path: string): number {
  let sum = 0x811c9dc5;
  for (let at = 0; at < path.length; at += 1) sum = Math.imul(sum ^ path.charCodeAt(at), 0x01000193);
  return (sum ^ (sum >>> 16)) & (PLACES - 1);
}
