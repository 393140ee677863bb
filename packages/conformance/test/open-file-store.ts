import { type FsIOManager, fs } from '@memo/io-fs';

/** Opens the store of a conformance case, here and in processes of their own. */
export function open(directory: string): FsIOManager {
  return fs(directory, { durability: 'none' });
}
