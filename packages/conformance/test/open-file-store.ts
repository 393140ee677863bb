import { generateKeyPairSync } from 'node:crypto';
import { trust } from '@memo/core';
import { type FsIOManager, fs } from '@memo/io-fs';

/** Opens the store of a conformance case, here and in processes of their own. */
export function open(directory: string): FsIOManager {
  return fs(directory, { durability: 'none' });
}

/** Opens a store in which somebody who is not accepted has written records. */
export async function openTroubled(directory: string): Promise<FsIOManager> {
  const stranger = open(directory);
  await stranger.records.append('of-nobody', Buffer.from('not signed'), { flush: true });
  await stranger.dispose();
  return fs(directory, {
    durability: 'none',
    trust: trust({ accept: [], sign: generateKeyPairSync('ed25519').privateKey }),
  });
}
