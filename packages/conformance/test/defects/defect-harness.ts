import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { SOURCE_NODE } from '../../../../tools/source-node/source-node.mjs';
import { directoryHarness, type IOManagerHarness } from '../../src/index.ts';
import { open } from './open-defect.ts';
import { FOREIGN_FILE, LEASE_MS } from './plain-files.ts';

/** The harness of a manager with a defect, or of the one without. */
export function defectHarness(defect?: string): IOManagerHarness {
  const harness = directoryHarness({
    name: defect ?? 'a manager without defects',
    open: (directory) => open({ directory, defect }),
    openUnreachable: (directory) => {
      const circle = join(directory, 'circle');
      mkdirSync(dirname(circle), { recursive: true });
      symlinkSync(circle, circle);
      return open({ directory: circle, defect });
    },
    openLimited: (directory, maxBytes) => open({ directory, defect, limits: { maxBytes } }),
    openFull: (directory, room) => open({ directory, defect, limits: { room } }),
    openTroubled: (directory) => {
      mkdirSync(directory, { recursive: true });
      writeFileSync(join(directory, FOREIGN_FILE), 'mine');
      return open({ directory, defect });
    },
    leaseMs: LEASE_MS,
    isObject: (path) => !path.startsWith('records') && path !== FOREIGN_FILE,
    otherProcesses: { module: new URL('open-defect.ts', import.meta.url).href, nodeOptions: SOURCE_NODE },
  });
  return {
    ...harness,
    async setup() {
      const { otherProcesses, ...storage } = await harness.setup();
      if (otherProcesses === undefined) return storage;
      return { ...storage, otherProcesses: { ...otherProcesses, data: { directory: otherProcesses.data, defect } } };
    },
  };
}
