import { join } from 'node:path';
import { installedMemo } from '../../../../tools/installed-memo.mjs';
import type { TemporaryProject } from './project.ts';

const INSTALLED: string = await installedMemo();

/** The strategy as it is installed. */
export const STRATEGY: string = join(INSTALLED, '@memo', 'strategy-source-hash', 'dist', 'index.js');

/** Has a project find memo as it would be installed. */
export function linkMemo(project: TemporaryProject): void {
  for (const name of ['core', 'io-fs', 'strategy-source-hash'])
    project.link(join(INSTALLED, '@memo', name), `node_modules/@memo/${name}`);
}
