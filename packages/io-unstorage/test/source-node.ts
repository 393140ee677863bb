import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

/** Options with which `node` runs the sources of this repository, from any directory. */
export const SOURCE_NODE: readonly string[] = [
  '--conditions=@memo/source',
  '--import',
  pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href,
];
