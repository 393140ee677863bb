/** A value, or a promise of one: stores that answer at once need not make promises. */
export type Awaitable<T> = T | Promise<T>;
