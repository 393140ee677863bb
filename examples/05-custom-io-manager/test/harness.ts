import type { IOManagerHarness } from '@memo/conformance';
import { httpIOManager } from '../src/index.ts';
import { startObjectServer } from './object-server.ts';

/** A server of its own for each case. */
export const harness: IOManagerHarness = {
  name: 'memo-io-http',
  async setup() {
    const { url, objects, stop } = await startObjectServer();
    return {
      open: () => httpIOManager(url),
      openUnreachable: () => httpIOManager('http://127.0.0.1:1'),
      openLimited: (maxBytes) => httpIOManager(url, { maxBytes }),
      openFull: (bytes) => httpIOManager(url, { headers: { 'x-room': String(bytes) } }),
      raw: {
        list: () => [...objects.keys()],
        read: (name) => objects.get(name) ?? new Uint8Array(),
        write: (name, bytes) => {
          objects.set(name, bytes);
        },
      },
      escaped: () => [...objects.keys()].filter((key) => !/^\/team\/(?:outputs|runs)\/[^?#]+$/.test(key)),
      dispose: stop,
    };
  },
};
