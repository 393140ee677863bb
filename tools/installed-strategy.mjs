import { rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { installedMemo } from './installed-memo.mjs';

const INSTALLED = await installedMemo();

/**
 * The URL of a module, as the cases of version strategies take it: its strategy is made by a function of a package as it is
 * installed.
 *
 * @param {string} name of the package
 * @param {string} make the call: `sourceHash({ cache: false })`
 */
export function installedStrategy(name, make) {
  const url = pathToFileURL(join(INSTALLED, name, 'dist', 'index.js')).href;
  const text = `import { ${make.slice(0, make.indexOf('('))} } from '${url}';\nexport const strategy = () => ${make};`;
  return `data:text/javascript,${encodeURIComponent(text)}`;
}

/**
 * Has a project of the cases find core as it is installed. Sources would count as the project's own code.
 *
 * @param {string} directory
 */
export function useInstalledCore(directory) {
  const core = join(directory, 'node_modules', '@memo', 'core');
  rmSync(core);
  symlinkSync(join(INSTALLED, '@memo', 'core'), core, 'junction');
}
