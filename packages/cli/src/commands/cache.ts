import { usageError } from '../failures/usage-error.ts';
import { CACHE_ACTIONS } from '../forms/results.ts';
import { cacheList, cacheStat } from './cache-content.ts';
import { cachePrune } from './cache-prune.ts';
import { cacheExport, cacheImport, cachePull, cachePush } from './cache-transfer.ts';
import { cacheVerify } from './cache-verify.ts';
import type { Invocation } from './command.ts';

const ACTIONS: Readonly<Record<(typeof CACHE_ACTIONS)[number], (invocation: Invocation) => Promise<number>>> = {
  ls: cacheList,
  stat: cacheStat,
  verify: cacheVerify,
  prune: cachePrune,
  export: cacheExport,
  import: cacheImport,
  push: cachePush,
  pull: cachePull,
};

export async function answer(invocation: Invocation): Promise<number> {
  const [name = '', further] = invocation.names;
  const act = Object.hasOwn(ACTIONS, name) ? ACTIONS[name as keyof typeof ACTIONS] : undefined;
  if (act === undefined)
    throw usageError(`memo cache does not know ${JSON.stringify(name)}.`, `memo cache ${CACHE_ACTIONS.join('|')}`);
  if (further !== undefined && name !== 'import')
    throw usageError(`memo cache ${name} does not take ${JSON.stringify(further)}.`, 'memo cache --help');
  return act(invocation);
}
