import { mkdirSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fs } from '@memo/io-fs';
import { SOURCE_NODE } from '../../../tools/source-node/source-node.mjs';
import { directoryHarness, type IOManagerHarness } from '../src/index.ts';
import { diskWithRoom } from './disk-with-room.ts';
import { open, openTroubled } from './open-file-store.ts';

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
  openTroubled,
  openUnreachable: (directory) => {
    const circle = join(directory, 'circle');
    mkdirSync(dirname(circle), { recursive: true });
    symlinkSync(circle, circle);
    return fs(circle);
  },
});
