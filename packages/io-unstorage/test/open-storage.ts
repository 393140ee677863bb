import { createStorage, type Driver } from 'unstorage';
import fsDriver from 'unstorage/drivers/fs';
import redisDriver from 'unstorage/drivers/redis';
import { type UnstorageIOManager, type UnstorageIOManagerOptions, unstorageIOManager } from '../src/index.ts';

/** Where a case stores: a directory, or the keys of a Redis server that begin with a prefix. */
export type Place = { readonly directory: string } | { readonly port: number; readonly prefix: string };

/** Opens a manager with a connection of its own, here and in processes of their own. */
export function open(
  place: Place,
  options: UnstorageIOManagerOptions = {},
): UnstorageIOManager & { dispose(): Promise<void> } {
  return withStorage(driverOf(place), options);
}

/** A manager whose driver takes so many bytes of values, and then fails as a full disk does. */
export function openFull(place: Place, room: number): UnstorageIOManager & { dispose(): Promise<void> } {
  const driver = driverOf(place);
  let left = room;
  return withStorage({
    ...driver,
    async setItemRaw(key: string, value: Uint8Array, options: object) {
      left -= value.byteLength;
      if (left < 0) throw Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' });
      await driver.setItemRaw?.(key, value, options);
    },
  });
}

function driverOf(place: Place): Driver {
  return 'directory' in place ? fsDriver({ base: place.directory }) : redis(place);
}

/** A manager that owns its storage. */
export function withStorage(
  driver?: Driver,
  options: UnstorageIOManagerOptions = {},
): UnstorageIOManager & { dispose(): Promise<void> } {
  const storage = createStorage(driver === undefined ? {} : { driver });
  let open = true;
  const dispose = async (): Promise<void> => {
    if (open) await storage.dispose();
    open = false;
  };
  return Object.assign(unstorageIOManager(storage, options), { dispose });
}

function redis({ port, prefix }: { readonly port: number; readonly prefix: string }): Driver {
  const driver = redisDriver({
    host: '127.0.0.1',
    port,
    base: prefix,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
  });
  // Every call says it, too.
  driver.getInstance?.().on('error', () => {});
  return driver;
}
