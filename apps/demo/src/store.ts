import type { FsIOManager } from '@memo/io-fs';
import type { S3PickleIOManager } from '@memo/io-s3-pickle';
import type { StoreChoice } from './command-line.ts';

/** The store of a choice; `undefined` for what is kept in memory. Only what it needs is loaded. */
export async function openStore(
  choice: StoreChoice,
  directory: string,
): Promise<FsIOManager | S3PickleIOManager | undefined> {
  if (choice === 'memory') return undefined;
  if (choice === 'fs') return (await import('@memo/io-fs')).fs(directory);
  return (await import('@memo/io-s3-pickle')).s3Pickle(choice);
}
