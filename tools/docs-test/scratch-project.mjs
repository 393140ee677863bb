import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { ROOT } from '../setup.mjs';
import { packagesIn } from '../workspace.mjs';

/** What programs of the documents may import, beside the packages of this repository. */
const LIBRARIES = {
  zod: 'packages/core',
  valibot: 'packages/core',
  'apache-arrow': 'packages/conformance',
  unstorage: 'packages/io-unstorage',
  vitest: '.',
  '@types/node': '.',
};

/**
 * Makes a project outside the repository in which the packages look installed, and removes it after `use`.
 *
 * @template T
 * @param {(folder: string) => Promise<T>} use
 * @returns {Promise<T>}
 */
export async function withScratchProject(use) {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'memo-docs-')));
  try {
    for (const { manifest, path } of [...packagesIn('packages'), ...packagesIn('examples')]) {
      link(path, folder, manifest.name);
    }
    for (const [name, owner] of Object.entries(LIBRARIES)) link(join(ROOT, owner, 'node_modules', name), folder, name);
    writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }\n');
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(compilerConfig()));
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * @param {string} target
 * @param {string} folder
 * @param {string} name
 */
function link(target, folder, name) {
  if (!existsSync(target)) throw new Error(`${target} is not installed`);
  const path = join(folder, 'node_modules', name);
  mkdirSync(dirname(path), { recursive: true });
  symlinkSync(target, path, 'junction');
}

function compilerConfig() {
  return {
    extends: join(ROOT, 'tsconfig.base.json'),
    compilerOptions: {
      composite: false,
      declaration: false,
      declarationMap: false,
      noEmit: true,
      noUnusedLocals: false,
      noUnusedParameters: false,
    },
    include: ['documents'],
  };
}
