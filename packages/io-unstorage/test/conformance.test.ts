import { mkdirSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { directoryHarness } from '@memo/conformance';
import { testIOManager } from '@memo/conformance/vitest';
import { open, withStorage } from './open-storage.ts';
import { SOURCE_NODE } from './source-node.ts';

testIOManager({ name: '@memo/io-unstorage on memory', setup: () => ({ open: () => withStorage() }) });

const onFiles = directoryHarness({
  name: '@memo/io-unstorage on fs',
  open: (directory) => open({ directory }),
  openUnreachable: (directory) => {
    const circle = join(directory, 'circle');
    mkdirSync(dirname(circle), { recursive: true });
    symlinkSync(circle, circle);
    return open({ directory: circle });
  },
  otherProcesses: { module: new URL('open-storage.ts', import.meta.url).href, nodeOptions: SOURCE_NODE },
});

testIOManager({
  ...onFiles,
  async setup() {
    const { otherProcesses, ...storage } = await onFiles.setup();
    if (otherProcesses === undefined) return storage;
    return { ...storage, otherProcesses: { ...otherProcesses, data: { directory: otherProcesses.data } } };
  },
});
