// A project that was kept with its store, as it was when that was made, in a directory of its own. The READMEs beside the stores say how they came about.
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, realpathSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { installedMemo } from '../installed-memo.mjs';

const LOOK = fileURLToPath(new URL('fixtures/look.mjs', import.meta.url));
const AS_NODE_20 = new URL('as-node-20.mjs', import.meta.url).href;

/** Git without the settings of whoever calls it, and commits that have one id wherever and whenever they are made. */
const ISOLATED = {
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_AUTHOR_NAME: 'A',
  GIT_AUTHOR_EMAIL: 'a@example.org',
  GIT_AUTHOR_DATE: '2026-03-01T12:00:00Z',
  GIT_COMMITTER_NAME: 'C',
  GIT_COMMITTER_EMAIL: 'c@example.org',
  GIT_COMMITTER_DATE: '2026-03-05T12:00:00Z',
};

/** @typedef {{ id: string, action: string, reasons: readonly object[] }} LookedStep */

/**
 * What was found: the plan before and after the run with its explanations, what ran, and the values.
 *
 * @typedef {{
 *   before: readonly LookedStep[],
 *   after: readonly LookedStep[],
 *   text: readonly string[],
 *   executed: readonly string[],
 *   values: object,
 *   findings: readonly object[],
 * }} Looked
 */

/** A kept project, ready to be planned and run. Whoever opens it closes it. */
export class KeptProject {
  /** @type {string} */
  root;
  /** @type {string} */
  #strategy;

  /**
   * @param {string} root
   * @param {string} strategy the package that gives the versions
   */
  constructor(root, strategy) {
    this.root = root;
    this.#strategy = strategy;
  }

  /**
   * Copies a project, with its store where there is one, and links memo as it would be installed.
   *
   * @param {URL} fixture the directory that has `project`
   * @param {{ strategy: string, store?: string | undefined, isRepository?: boolean | undefined }} options
   */
  static async open(fixture, { strategy, store, isRepository = false }) {
    const root = realpathSync(mkdtempSync(join(tmpdir(), 'memo-kept-')));
    cpSync(fileURLToPath(new URL('project', fixture)), root, { recursive: true });
    const installed = await installedMemo();
    for (const name of new Set(['@memo/core', '@memo/io-fs', strategy])) {
      mkdirSync(dirname(join(root, 'node_modules', name)), { recursive: true });
      symlinkSync(join(installed, name), join(root, 'node_modules', name), 'junction');
    }
    if (store !== undefined)
      cpSync(fileURLToPath(new URL(store, fixture)), join(root, '.memo', 'store'), { recursive: true });
    const project = new KeptProject(root, strategy);
    if (isRepository) project.#commit();
    return project;
  }

  /** Commits what the project is made of, so that the commit has the same id whenever it is made. */
  #commit() {
    this.#git(['init', '-q', '-b', 'main']);
    this.#git(['add', 'package.json', 'src']);
    this.#git(['commit', '-qm', 'What is kept']);
  }

  /** @param {readonly string[]} args */
  #git(args) {
    execFileSync('git', args, { cwd: this.root, env: { PATH: process.env.PATH ?? '', HOME: this.root, ...ISOLATED } });
  }

  /**
   * Plans the job of the project and runs it, in a process of its own; see look.mjs for what comes back.
   *
   * @param {'now' | 'raised' | 'raised-without-previous'} algorithm that of the strategy as it is, or a later one
   * @returns {Looked}
   */
  look(algorithm = 'now') {
    const args = ['--import', AS_NODE_20, join(this.root, 'look.mjs'), this.#strategy, algorithm];
    // Beside the project, so that it finds what is installed there.
    cpSync(LOOK, join(this.root, 'look.mjs'));
    const env = { ...process.env, ...ISOLATED, NODE_OPTIONS: '' };
    return JSON.parse(execFileSync(process.execPath, args, { cwd: this.root, encoding: 'utf8', env }));
  }

  close() {
    rmSync(this.root, { recursive: true, force: true });
  }
}

/**
 * Makes the store of a project for the tests of all later releases. What is there already is never made anew.
 *
 * @param {URL} fixture
 * @param {{ strategy: string, store: string, isRepository?: boolean }} options
 */
async function make(fixture, { strategy, store, isRepository }) {
  const target = fileURLToPath(new URL(store, fixture));
  if (existsSync(target)) throw new Error(`${target} is there. What is kept is never made anew.`);
  const project = await KeptProject.open(fixture, { strategy, isRepository });
  try {
    project.look();
    cpSync(join(project.root, '.memo', 'store'), `${target}.new`, { recursive: true });
    renameSync(`${target}.new`, target);
  } finally {
    project.close();
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [fixture = '', strategy = '', store = '', repository] = process.argv.slice(2);
  const directory = pathToFileURL(`${fixture}/`);
  await make(directory, { strategy, store, isRepository: repository === 'repository' });
}
