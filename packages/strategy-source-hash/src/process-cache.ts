import { join, resolve } from 'node:path';
import { projectDirectory } from '@memo/core/plugin';
import { ALGORITHM } from './algorithm.ts';
import { AnswerCache } from './answer-cache.ts';
import { FactsCache } from './facts-cache.ts';
import { UnitTexts } from './unit-texts.ts';

/** What lies in a cache directory. */
export interface SourceCache {
  readonly facts: FactsCache;
  readonly answers: AnswerCache;
  readonly texts: UnitTexts;
}

/** The caches of this process, by what the options and the working directory say. */
const caches = new Map<string, SourceCache>();

/** The cache that an option of the strategy means. */
export function sourceCache(option: false | string | undefined): SourceCache | undefined {
  if (option === false) return undefined;
  const key = `${option ?? ''}\0${process.cwd()}`;
  const cache = caches.get(key) ?? openCache(option);
  if (caches.size === 0) process.once('exit', flushAll);
  caches.set(key, cache);
  return cache;
}

function openCache(option: string | undefined): SourceCache {
  const makes = option !== undefined;
  const directory = makes ? resolve(option) : join(projectDirectory(), '.memo', 'cache', 'source-hash');
  return {
    facts: new FactsCache({ directory, algorithm: ALGORITHM, makes }),
    answers: new AnswerCache(directory, makes),
    texts: new UnitTexts(new FactsCache({ directory, name: 'texts', algorithm: ALGORITHM, makes })),
  };
}

/** A project without a `.memo` directory may have got one from the run that this process planned. */
function flushAll(): void {
  for (const { facts, texts } of caches.values()) {
    facts.flush();
    texts.flush();
  }
}
