// What the documents show is true: their programs compile, those that are run print what is shown, and their links to
// files of the repository lead somewhere. `node tools/docs-test/docs-test.mjs [document…]`
import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { printProblems } from '../checks/problems.mjs';
import { inLanes } from '../ci/lanes.mjs';
import { installed, runNode } from '../command.mjs';
import { ROOT } from '../setup.mjs';
import { SOURCE_NODE } from '../source-node/source-node.mjs';
import { documentsOf } from './documents.mjs';
import { fencesOf, printsAsShown, programsOf } from './fences.mjs';
import { deadLinks } from './links.mjs';
import { withScratchProject } from './scratch-project.mjs';

// Bounds a program that hangs; none fails because the machine is slow.
const RUN_TIMEOUT_MS = 300_000;

/** @typedef {{ document: string, program: import('./fences.mjs').Program }} DocumentProgram */

const named = process.argv.slice(2);
const documents = named.length > 0 ? named : documentsOf();
printProblems([...documents.flatMap(linkProblems), ...(await programProblems(documents))]);

/** @param {string} document */
function linkProblems(document) {
  const path = join(ROOT, document);
  return deadLinks(path, readFileSync(path, 'utf8')).map(
    (target) => `${document}: the link to ${target} leads nowhere`,
  );
}

/** @param {string[]} documents */
async function programProblems(documents) {
  /** @type {DocumentProgram[]} */
  const programs = [];
  /** @type {string[]} */
  const problems = [];
  for (const document of documents) {
    try {
      const found = programsOf(fencesOf(readFileSync(join(ROOT, document), 'utf8')));
      programs.push(...found.map((program) => ({ document, program })));
    } catch (error) {
      problems.push(`${document}: ${error instanceof Error ? error.message : error}`);
    }
  }
  if (programs.length === 0) return problems;
  return withScratchProject(async (folder) => {
    for (const found of programs) write(folder, found);
    const wrong = await compileProblems(folder);
    return [...problems, ...wrong, ...(wrong.length === 0 ? await allRunProblems(folder, programs) : [])];
  });
}

/**
 * Documents know nothing of each other; the programs of one share a folder, and are run in their order.
 *
 * @param {string} folder
 * @param {DocumentProgram[]} programs
 */
async function allRunProblems(folder, programs) {
  const problems = await inLanes([...new Set(programs.map(({ document }) => document))], async (name) => {
    /** @type {string[]} */
    const found = [];
    for (const program of programs.filter(({ document }) => document === name))
      found.push(...(await runProblems(folder, program)));
    return found;
  });
  return problems.flat();
}

/**
 * @param {string} folder
 * @param {DocumentProgram} found
 */
function pathOf(folder, { document, program }) {
  return join(folder, 'documents', document, program.file);
}

/**
 * @param {string} folder
 * @param {DocumentProgram} found
 */
function write(folder, found) {
  const path = pathOf(folder, found);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `${found.program.text}\n`);
}

/** @param {string} folder */
async function compileProblems(folder) {
  const compiler = [installed('typescript/bin/tsc'), '-p', folder, '--pretty', 'false'];
  const { ok, output } = await runNode(compiler, { cwd: folder });
  if (ok) return [];
  // documents/docs/x.md/line-12.ts(14,3) → docs/x.md:14:3
  return [output.trim().replaceAll(/^documents\/(.+\.md)\/[^(\n]+\((\d+),(\d+)\)/gm, '$1:$2:$3')];
}

/**
 * @param {string} folder
 * @param {DocumentProgram} found
 */
async function runProblems(folder, found) {
  const place = `${found.document}:${found.program.line}`;
  /** @type {string[]} */
  const problems = [];
  for (const [i, shown] of found.program.outputs.entries()) {
    const { ok, printed } = await execute(folder, found);
    if (!ok) problems.push(`${place}: run ${i + 1} fails:\n${printed}`);
    else if (!printsAsShown(printed, shown))
      problems.push(`${place}: run ${i + 1} prints\n${printed}\nand not what is shown:\n${shown}`);
  }
  return problems;
}

/**
 * Both streams go to one file, so that what is compared is in the order in which a terminal would show it.
 *
 * @param {string} folder
 * @param {DocumentProgram} found
 */
async function execute(folder, found) {
  const program = pathOf(folder, found);
  const log = join(folder, `printed-${found.document.replaceAll('/', '-')}.txt`);
  const file = openSync(log, 'w');
  const loader = pathToFileURL(installed('tsx/dist/loader.mjs')).href;
  // Node 20 takes some 70 ms at every start to read the certificates, which no document needs.
  const { FORCE_COLOR: _, NODE_EXTRA_CA_CERTS: __, ...env } = process.env;
  const child = spawn(process.execPath, ['--import', loader, ...SOURCE_NODE, program], {
    cwd: dirname(program),
    env: { ...env, NO_COLOR: '1' },
    stdio: ['ignore', file, file],
    timeout: RUN_TIMEOUT_MS,
  });
  const ok = await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve(code === 0));
  });
  closeSync(file);
  return { ok, printed: readFileSync(log, 'utf8') };
}
