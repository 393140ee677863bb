import { join } from 'node:path';
import { tiered } from '@memo/core';
import { fs } from '@memo/io-fs';
import { directoryHarness } from '../src/index.ts';
import { testIOManager } from '../src/vitest.ts';
import { diskWithRoom } from './disk-with-room.ts';
import { open, openTroubled } from './open-file-store.ts';

testIOManager(
  directoryHarness({
    name: 'tiered() over files',
    open: (directory) => tiered(open(join(directory, 'local')), open(join(directory, 'shared'))),
    openFull: (directory, room) =>
      tiered(
        fs(join(directory, 'local'), { durability: 'none', fileSystem: diskWithRoom(room) }),
        open(join(directory, 'shared')),
      ),
    openTroubled: async (directory) =>
      tiered(await openTroubled(join(directory, 'local')), open(join(directory, 'shared'))),
    isObject: (path) => /^local.(?:outputs|runs)/.test(path),
  }),
);
