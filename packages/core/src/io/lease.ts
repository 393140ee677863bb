/** The right to compute something while others wait; it ends by itself when its holder does not renew it. */
export interface Lease {
  /** True when somebody else held it first: what was to be computed may be there by now. */
  readonly waited: boolean;
  /** Lets others go on. Safe to call twice. */
  release(): Promise<void>;
}

/**
 * Waits until nobody else holds a key (`[a-z0-9-]{1,90}`), and takes it. Advisory: it saves work, and nothing may rest on it.
 *
 * @throws the reason of the signal when that is aborted first, and what the store throws
 */
export type TakeLease = (key: string, options: LeaseOptions) => Promise<Lease>;

/** What taking a lease needs beside its key. */
export interface LeaseOptions {
  readonly signal: AbortSignal;
  /** Told once when somebody else holds it. */
  readonly onWait?: () => void;
}
