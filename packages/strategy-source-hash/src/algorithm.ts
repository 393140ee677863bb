/** Changes when the rules of hashing do: then no older version is equal to a new one. */
export const ALGORITHM = 'source-hash/3';
