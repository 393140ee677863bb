// Writes the code of packages as few files: a process of `memo` spent more time on finding and reading files than on its work.
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';

/**
 * Bundles every package of which the compiler writes declarations only: an entry for each of its exports, with what they share in
 * files of their own, so that nothing exists twice and what is imported late stays late.
 *
 * @param {string} root
 * @param {string[]} folders
 */
export async function bundlePackages(root, folders) {
  const { rolldown } = await import('rolldown');
  const bundled = folders.filter((folder) => isBundled(join(root, folder)));
  await Promise.all(bundled.map((folder) => bundlePackage(rolldown, join(root, folder))));
}

/**
 * True for a package whose code the compiler leaves to the bundler.
 *
 * @param {string} folder
 */
export function isBundled(folder) {
  const file = join(folder, 'tsconfig.json');
  if (!existsSync(file)) return false;
  return JSON.parse(readFileSync(file, 'utf8')).compilerOptions?.emitDeclarationOnly === true;
}

/**
 * @param {typeof import('rolldown').rolldown} rolldown
 * @param {string} folder
 */
async function bundlePackage(rolldown, folder) {
  const bundle = await rolldown({
    input: entriesOf(folder),
    // Dependencies, core before all, are those of whoever installs the package.
    external: (id) => !id.startsWith('.') && !isAbsolute(id),
    platform: 'node',
    // Sources are free of what nobody uses; a module is kept as it is written.
    treeshake: false,
  });
  removeCode(join(folder, 'dist'));
  await bundle.write({ dir: join(folder, 'dist'), format: 'es', sourcemap: true, chunkFileNames: '[name]-[hash].js' });
  await bundle.close();
}

/**
 * The sources behind the exports of a package, behind its program, and of what its threads run, by the file that each becomes.
 *
 * @param {string} folder
 * @returns {Record<string, string>}
 */
export function entriesOf(folder) {
  const { exports, bin } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  /** @type {Record<string, string>[]} */
  const doors = Object.values(exports).filter((door) => typeof door === 'object');
  const entries = doors.map(({ '@memo/source': source = '' }) => source);
  // Programs are started by a file that every Node can read, which imports src/<name>.ts as it was built.
  const programs = Object.keys(bin ?? {}).map((name) => `./src/${name}.ts`);
  const threads = readdirSync(join(folder, 'src')).filter((name) => name.endsWith('-thread.ts'));
  return Object.fromEntries(
    [...entries, ...programs, ...threads.map((name) => `./src/${name}`)].map((source) => [
      source.slice('./src/'.length, -'.ts'.length),
      join(folder, source),
    ]),
  );
}

/**
 * Removes code of an earlier build; declarations are the compiler's.
 *
 * @param {string} directory
 */
function removeCode(directory) {
  for (const path of readdirSync(directory, { recursive: true, encoding: 'utf8' }))
    if (/\.js(?:\.map)?$/.test(path)) rmSync(join(directory, path));
}
