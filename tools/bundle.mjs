// Writes the code of packages as few files: a process of `memo` spent more time on finding and reading files than on its work.
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { basename, isAbsolute, join } from 'node:path';

/**
 * Bundles every package of which the compiler writes declarations only: an entry for each of its exports, with what they share in
 * files of their own, so that nothing exists twice and what is imported late stays late.
 *
 * @param {Iterable<string>} folders
 * @param {{ into?: (folder: string) => string }} [options] `into`: where the code of a package goes
 */
export async function bundlePackages(folders, { into = (folder) => join(folder, 'dist') } = {}) {
  const { rolldown } = await import('rolldown');
  await Promise.all([...folders].map((folder) => bundlePackage(rolldown, folder, into(folder))));
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
 * @param {string} dist
 */
async function bundlePackage(rolldown, folder, dist) {
  const bundle = await rolldown({
    input: entriesOf(folder),
    // Dependencies, core before all, are those of whoever installs the package.
    external: (id) => !id.startsWith('.') && !isAbsolute(id),
    platform: 'node',
  });
  removeCode(dist);
  await bundle.write({
    dir: dist,
    format: 'es',
    sourcemap: true,
    // Sources and declarations have comments and layout: what is loaded is read whole at every start. Names stay, for stacks.
    comments: { jsdoc: false, legal: true, annotation: true },
    minify: { compress: false, mangle: false, codegen: { removeWhitespace: true } },
    chunkFileNames: '[name]-[hash].js',
    codeSplitting: { groups: groupsOf(folder) },
  });
  await bundle.close();
  await Promise.all(
    beginningsOf(folder).map((name) =>
      bundleBeginning(rolldown, join(folder, 'src', `${name}.ts`), join(dist, `${name}.cjs`)),
    ),
  );
}

/**
 * What is loaded together is one file: some sources with everything that they need and that no file before has. Without that, each
 * set of doors and commands that share something makes a file of its own, which all have to be found and read. A program is not
 * among them: what it waits for must not wait for it.
 *
 * @type {Record<string, string[][]>}
 */
const TOGETHER = {
  '@memo/core': [['text.ts'], ['index.ts', 'plugin.ts', 'inspect.ts']],
  '@memo/cli': [['index.ts'], ['commands/plan.ts'], ['commands/why.ts']],
};

/** @param {string} folder */
function groupsOf(folder) {
  const { name } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  return (TOGETHER[name] ?? []).map((sources, index, { length }) => ({
    name: basename(sources[0] ?? '', '.ts'),
    test: (/** @type {string} */ id) => sources.some((source) => id === join(folder, 'src', source)),
    priority: length - index,
  }));
}

/**
 * One CommonJS file with all that it needs, core included: Node reads it without starting its loader of modules.
 *
 * @param {typeof import('rolldown').rolldown} rolldown
 * @param {string} input
 * @param {string} file
 */
async function bundleBeginning(rolldown, input, file) {
  const bundle = await rolldown({
    input,
    external: (id) => id.startsWith('node:'),
    platform: 'node',
    resolve: { conditionNames: ['@memo/source', 'node', 'import'] },
  });
  await bundle.write({ file, format: 'cjs', sourcemap: true });
  await bundle.close();
}

/**
 * What a program asks before anything else of it is loaded, by name: `src/<name>.ts` becomes `dist/<name>.cjs`.
 *
 * @param {string} folder
 */
export function beginningsOf(folder) {
  const names = readdirSync(join(folder, 'src')).filter((name) => name.endsWith('-at-once.ts'));
  return names.map((name) => name.slice(0, -'.ts'.length));
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
    if (/\.c?js(?:\.map)?$/.test(path)) rmSync(join(directory, path));
}
