import { generateKeyPairSync } from 'node:crypto';
import { mkdirSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { trust } from '@memo/core';
import { fs } from '@memo/io-fs';
import { SOURCE_NODE } from '../../../tools/source-node/source-node.mjs';
import { directoryHarness, type IOManagerHarness } from '../src/index.ts';
import { diskWithRoom } from './disk-with-room.ts';
import { open } from './open-file-store.ts';

export const harness: IOManagerHarness = directoryHarness({
  name: '@memo/io-fs',
  open,
  otherProcesses: {
    module: new URL('open-file-store.ts', import.meta.url).href,
    nodeOptions: SOURCE_NODE,
  },
  isObject: (path) => !path.startsWith('records'),
  openLimited: (directory, maxBytes) => fs(directory, { durability: 'none', maxBytes }),
  openFull: (directory, room) => fs(directory, { durability: 'none', fileSystem: diskWithRoom(room) }),
  openTroubled: async (directory) => {
    const stranger = open(directory);
    await stranger.records.append('of-nobody', Buffer.from('not signed'), { flush: true });
    await stranger.dispose();
    return fs(directory, {
      durability: 'none',
      trust: trust({ accept: [], sign: generateKeyPairSync('ed25519').privateKey }),
    });
  },
  openUnreachable: (directory) => {
    const circle = join(directory, 'circle');
    mkdirSync(dirname(circle), { recursive: true });
    symlinkSync(circle, circle);
    return fs(circle);
  },
});
