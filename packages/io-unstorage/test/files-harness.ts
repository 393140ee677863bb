import { mkdirSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { directoryHarness, type IOManagerHarness } from '@memo/conformance';
import { SOURCE_NODE } from '../../../tools/source-node/source-node.mjs';
import { open, openFull } from './open-storage.ts';

const onFiles = directoryHarness({
  name: '@memo/io-unstorage on fs',
  open: (directory) => open({ directory }),
  openLimited: (directory, maxBytes) => open({ directory }, { maxBytes }),
  openFull: (directory, room) => openFull({ directory }, room),
  openUnreachable: (directory) => {
    const circle = join(directory, 'circle');
    mkdirSync(dirname(circle), { recursive: true });
    symlinkSync(circle, circle);
    return open({ directory: circle });
  },
  otherProcesses: { module: new URL('open-storage.ts', import.meta.url).href, nodeOptions: SOURCE_NODE },
});

/** The driver `fs`, over a directory of its own for each case. */
export const harness: IOManagerHarness = {
  ...onFiles,
  async setup() {
    const { otherProcesses, ...storage } = await onFiles.setup();
    if (otherProcesses === undefined) return storage;
    return { ...storage, otherProcesses: { ...otherProcesses, data: { directory: otherProcesses.data } } };
  },
};
