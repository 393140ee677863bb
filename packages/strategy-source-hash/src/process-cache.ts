import { join, resolve } from 'node:path';
import { projectDirectory } from '@memo/core/plugin';
import { ALGORITHM } from './algorithm.ts';
import { FactsCache } from './facts-cache.ts';

/** The caches of this process, by what the options and the working directory say. */
const caches = new Map<string, FactsCache>();

/** The cache that an option of the strategy means. */
export function factsCache(option: false | string | undefined): FactsCache | undefined {
  if (option === false) return undefined;
  const key = `${option ?? ''}\0${process.cwd()}`;
  const cache =
    caches.get(key) ??
    (option === undefined
      ? new FactsCache({
          directory: join(projectDirectory(), '.memo', 'cache', 'source-hash'),
          algorithm: ALGORITHM,
          makes: false,
        })
      : new FactsCache({ directory: resolve(option), algorithm: ALGORITHM, makes: true }));
  if (caches.size === 0) process.once('exit', flushAll);
  caches.set(key, cache);
  return cache;
}

/** A project without a `.memo` directory may have got one from the run that this process planned. */
function flushAll(): void {
  for (const cache of caches.values()) cache.flush();
}
