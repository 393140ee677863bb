// A new user, from the tarballs, in an empty directory: `node tools/checks/new-user-check.mjs` (after a build). What works needs
// no network, and what cannot work says why. Only installing needs npm's registry, as for every user.
import { chmodSync, cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runProgram } from '../command.mjs';
import { installNodeVersions, nodeBinary, OLD_NODE } from '../node-versions.mjs';
import { isMain } from '../setup.mjs';
import { consumerEnvironment } from './install-check.mjs';
import { lacks, memo } from './new-user/memo-process.mjs';
import { startUpProblems } from './new-user/start-up.mjs';
import { printProblems } from './problems.mjs';
import { withTarballs } from './tarballs.mjs';

/** @typedef {import('./tarballs.mjs').PackedPackage} PackedPackage */

const PACKAGES = ['@memo/core', '@memo/cli', '@memo/io-fs', '@memo/strategy-source-hash'];

/**
 * @param {PackedPackage[]} packages
 * @param {string} folder
 */
async function newUserProblems(packages, folder) {
  const project = join(folder, 'sales');
  mkdirSync(project);
  const tarballs = packages.filter(({ manifest }) => PACKAGES.includes(manifest.name)).map(({ tarball }) => tarball);
  const install = ['install', '--prefer-offline', '--no-audit', '--no-fund', ...tarballs];
  const { ok, output } = await runProgram('npm', install, { cwd: project, env: consumerEnvironment() });
  if (!ok) return [`npm ${install.join(' ')} fails:\n${output}`];
  return [
    ...firstDayProblems(project),
    ...startUpProblems(project),
    ...OTHER_TEMPLATES.flatMap((template) => templateProblems(project, template)),
    ...brokenConfigProblems(project),
    ...permissionProblems(project, folder),
    ...(await oldNodeProblems(project)),
  ];
}

/**
 * init, run, run, edit, plan, why, run.
 *
 * @param {string} project
 */
function firstDayProblems(project) {
  const pipeline = join(project, 'src', 'pipeline.ts');
  const problems = [
    ...lacks(memo(project, 'init --yes'), { code: 0, out: ['+ memo.config.ts', '+ src/pipeline.ts', 'npx memo run'] }),
    ...lacks(memo(project, 'run'), { code: 0, out: ['3 ran · 0 reused', 'first run: nothing to reuse yet'] }),
    ...lacks(memo(project, 'run'), { code: 0, out: ['0 ran · 3 reused', 'FULL MEMO'] }),
    ...lacks(memo(project, 'get totals'), { code: 3, err: ['M7001'] }),
    ...lacks(memo(project, 'get summarize'), { code: 0, out: ['"Rome": 42'] }),
  ];
  const text = readFileSync(pipeline, 'utf8');
  writeFileSync(pipeline, text.replace('amount: Number(amount)', 'amount: 2 * Number(amount)'));
  return [
    ...problems,
    ...lacks(memo(project, 'plan --exit-code'), { code: 10, out: [/^clean +run +code changed/m, /^extract +reuse/m] }),
    ...lacks(memo(project, 'why summarize'), {
      code: 0,
      out: ['src/pipeline.ts#clean', /-.*amount: Number/, /\+.*amount: 2 \* Number/],
    }),
    ...lacks(memo(project, 'run'), { code: 0, out: ['2 ran · 1 reused'] }),
    ...lacks(memo(project, 'get summarize'), { code: 0, out: ['"Rome": 84', '"Oslo": 24'] }),
    ...lacks(memo(project, 'doctor'), { code: 0, out: ['✓ config', '✓ core', '✓ store'] }),
  ];
}

/** The templates of `memo init` beside its default, and how many steps they have. */
const OTHER_TEMPLATES = [
  { name: 'ml', steps: 4 },
  { name: 'llm', steps: 3 },
];

/**
 * @param {string} project
 * @param {{ name: string, steps: number }} template
 */
function templateProblems(project, { name, steps }) {
  const begun = join(project, name);
  return [
    ...lacks(memo(project, `init ${name} --template ${name} --yes`), { code: 0, out: ['src/pipeline.ts'] }),
    ...lacks(memo(begun, 'run', { project }), { code: 0, out: [`${steps} ran · 0 reused`] }),
    ...lacks(memo(begun, 'run', { project }), { code: 0, out: [`0 ran · ${steps} reused`, 'FULL MEMO'] }),
  ];
}

/** What a config can have wrong, with what memo says of it. Every one is refused with 2 before anything runs. */
const BROKEN_CONFIGS = [
  { text: 'export default {', says: ['M1005', 'memo.config.ts'] },
  { text: "throw new RangeError('not today');", says: ['M1005', 'not today', /memo\.config\.ts:1/] },
  { text: "import './nowhere.ts';", says: ['M1005', 'nowhere.ts'] },
  { text: "import 'left-out';", says: ['M1005', 'left-out'] },
  { text: 'export const jobs = [];', says: ['M1004', 'no default export', 'memo.config.ts'] },
  {
    text: "import { defineConfig } from '@memo/core';\nexport default defineConfig({ jobs: [{ name: 'odd' }] });",
    says: ['M1005', 'every one of `jobs` must be made by', /^memo\.config\.ts:2/m, /^fix {6}Make each job with job\(/m],
  },
];

/** @param {string} project */
function brokenConfigProblems(project) {
  const config = join(project, 'memo.config.ts');
  const whole = readFileSync(config, 'utf8');
  const problems = BROKEN_CONFIGS.flatMap(({ text, says }) => {
    writeFileSync(config, `${text}\n`);
    const facts = [/^error M\d{4} {2}/, /^fix {6}/m, /^docs {5}memo explain M\d{4}$/m];
    return lacks(memo(project, 'plan'), { code: 2, err: [...says, ...facts] });
  });
  writeFileSync(config, whole);
  const empty = join(project, '..', 'empty');
  mkdirSync(empty);
  return [
    ...problems,
    ...lacks(memo(empty, 'run', { project }), { code: 2, err: ['M1001', 'memo init'] }),
    ...lacks(memo(project, 'rnu'), { code: 2, err: ['M1002', 'Did you mean "run"?'] }),
  ];
}

/**
 * Where one may read and not write: asking works, as it writes nothing, and all else says which place refuses.
 *
 * @param {string} project
 * @param {string} folder
 */
function permissionProblems(project, folder) {
  const fresh = join(folder, 'fresh');
  mkdirSync(fresh, { mode: 0o555 });
  const unprivileged = { project, unprivileged: true };
  chmodSync(folder, 0o755);
  const stored = [
    ...lacks(memo(project, 'plan', unprivileged), { code: 0, out: ['3 reuse'] }),
    ...lacks(memo(project, 'why clean', unprivileged), { code: 0 }),
  ];
  const copy = join(folder, 'copy');
  cpSync(project, copy, {
    recursive: true,
    filter: (path) => !/\/\.(?:memo|cache)$/.test(path),
    verbatimSymlinks: true,
  });
  chmodSync(copy, 0o555);
  const facts = [
    'M5006 Cannot write extract.result',
    copy,
    / fix {6}give this process write access/,
    / memo explain M5006$/m,
  ];
  const problems = [
    ...stored,
    ...lacks(memo(copy, 'plan', { project: copy, unprivileged: true }), {
      code: 0,
      out: [/^extract +run +first run/m],
    }),
    ...lacks(memo(copy, 'run', { project: copy, unprivileged: true }), { code: 5, err: facts }),
    ...lacks(memo(copy, 'doctor', { project: copy, unprivileged: true }), {
      code: 2,
      out: [/✗ directory .*cannot be written/],
    }),
    ...lacks(memo(fresh, 'init --yes', unprivileged), { code: 2, err: ['M1002', 'Cannot write', fresh, /^fix {6}/m] }),
  ];
  for (const path of [copy, fresh]) chmodSync(path, 0o755);
  rmSync(copy, { recursive: true });
  return problems;
}

/** @param {string} project */
async function oldNodeProblems(project) {
  /** @type {string[]} */
  const said = [];
  if (!(await installNodeVersions((line) => said.push(line), [OLD_NODE]))) return said;
  const answer = memo(project, 'run', { node: nodeBinary(OLD_NODE) });
  return lacks(answer, { code: 2, err: ['error M9002', 'Node 20.19 or newer', OLD_NODE, /^because /m, /^fix {6}/m] });
}

if (isMain(import.meta.url)) printProblems(await withTarballs(newUserProblems));
