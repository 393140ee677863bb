import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../setup.mjs';

/**
 * The documents for readers, relative to the root: those at the top, the READMEs, and everything below docs/.
 *
 * @param {string} [root]
 * @returns {string[]}
 */
export function documentsOf(root = ROOT) {
  const top = readdirSync(root).filter((name) => name.endsWith('.md'));
  const groups = ['packages', 'apps', 'examples'].filter((group) => existsSync(join(root, group)));
  const readmes = groups.flatMap((group) => readdirSync(join(root, group)).map((name) => `${group}/${name}/README.md`));
  const readmesFound = [...readmes, 'bench/README.md'].filter((path) => existsSync(join(root, path)));
  const docs = existsSync(join(root, 'docs'))
    ? readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    : [];
  return [...top, ...readmesFound, ...docs.filter((path) => path.endsWith('.md')).map((path) => `docs/${path}`)].sort();
}
